"""What observations add to the round's page and to the steps of the story."""

from __future__ import annotations

from markupsafe import Markup
from sqlalchemy.orm import Session

from evaluation.accounts.principal import Principal
from evaluation.framework.methods import method_name
from evaluation.platform import pages
from evaluation.platform.i18n import _
from evaluation.platform.pages import AnyRequest
from evaluation.rounds import rules as rounds_rules
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from evaluation.rounds.story import NavStep
from surveys.observations import table
from surveys.observations.web import READERS

LISTED = 20


def nav_steps(who: Principal, present: Round) -> list[NavStep]:
    """核验, for those who may open observations."""
    if who.role not in READERS:
        return []
    now = rounds_rules.ORDER.index(present.state)
    verifying = rounds_rules.ORDER.index(rounds_rules.VERIFYING)
    state = "waiting" if now < verifying else "active" if now == verifying else "done"
    return [NavStep("observations", _("核验"), f"/rounds/{present.code}/observations", state)]


def panel(request: AnyRequest, session: Session, found: Round) -> Markup | None:
    """How far the round is covered, by city and by method, for those who may open it."""
    who: Principal = request.user
    if who.role not in READERS:
        return None
    framework = rounds.framework(found)
    units = table.units_seen(framework, who)
    if not units:
        return None
    veiled = table.is_veiled(who, found)
    covered = table.coverage(session, found, framework, units, veiled=veiled)
    least = sorted(covered.by_unit, key=lambda pair: pair[1])
    template = pages.environment().get_template("observation_panel.html")
    return Markup(  # noqa: S704 - the template environment escapes everything
        template.render(
            shown_round=found,
            coverage=covered,
            veiled=veiled,
            listed=covered.by_unit if len(units) <= LISTED else least[:LISTED],
            all_listed=len(units) <= LISTED,
            method_name=method_name,
            verifying=found.state == rounds_rules.VERIFYING,
        )
    )
