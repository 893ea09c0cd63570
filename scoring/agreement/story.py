"""What agreement adds to a round: why it cannot be scored yet, and where to look."""

from __future__ import annotations

from markupsafe import Markup
from sqlalchemy.orm import Session

from evaluation.accounts.principal import Principal
from evaluation.platform import pages
from evaluation.platform.i18n import _
from evaluation.platform.pages import AnyRequest
from evaluation.rounds import rules as round_rules
from evaluation.rounds.models import Round
from evaluation.rounds.story import Blocker
from scoring.agreement import looks, service, words
from scoring.agreement.requirement import held
from surveys.review.rules import READERS


def blockers(session: Session, found: Round, target: str) -> list[Blocker]:
    """What keeps a round that asks for agreement from being scored."""
    if (found.state, target) != (round_rules.VERIFYING, round_rules.SCORED):
        return []
    asked = held(found.agreement)
    if asked is None:
        return []
    href = f"/rounds/{found.code}/raters"
    if not service.current(found, looks.records(session, found.id, None)):
        return [Blocker(_("本轮有一致性要求，还没有按现在的记录核对。"), f"{href}#requirement")]
    if "waived" in found.agreement:
        return []
    short = found.agreement["found"]["short"]
    return [Blocker(words.short(asked, each), f"{href}#requirement") for each in short]


def panel(request: AnyRequest, session: Session, found: Round) -> Markup | None:
    """What is asked, and how it stands, for those who may open records."""
    who: Principal = request.user
    if who.role not in READERS:
        return None
    asked = held(found.agreement)
    template = pages.environment().get_template("raters_panel.html")
    return Markup(  # noqa: S704 - an autoescaped template of ours
        template.render(
            shown=found,
            asks=None if asked is None else words.asks(asked),
            checked=found.agreement.get("found"),
            waived=found.agreement.get("waived"),
        )
    )
