"""What results add to the round's story: the step in the side bar, tasks of readers, a panel."""

from __future__ import annotations

from markupsafe import Markup
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.principal import Principal
from evaluation.platform import pages
from evaluation.platform.i18n import _, named
from evaluation.platform.pages import AnyRequest
from evaluation.rounds import rules
from evaluation.rounds.models import Round
from evaluation.rounds.story import NavStep, Task
from scoring.runs import store

READERS = (roles.LEADER, roles.DEPARTMENT, *sorted(roles.OF_A_CITY))


def steps(who: Principal, found: Round) -> list[NavStep]:
    """排名: open to everybody once published, earlier to those who may see it."""
    public = rules.is_public(found.state)
    scored = rules.ORDER.index(found.state) >= rules.ORDER.index(rules.SCORED)
    if public:
        return [NavStep("ranking", _("排名"), f"/rounds/{found.code}/ranking", "done")]
    href = f"/rounds/{found.code}/ranking" if who.sees_unpublished and scored else ""
    return [NavStep("ranking", _("排名"), href, "active" if href else "waiting")]


def tasks(session: Session, who: Principal, found: Round) -> list[Task]:
    """A published result waits to be read by leaders, departments and cities."""
    if who.role not in READERS or found.state != rules.PUBLISHED:
        return []
    name = named(found.name, found.name_en)
    return [
        Task(
            _("“{name}”的排名已发布", name=name),
            f"/rounds/{found.code}/ranking",
            _("谁领先、谁退步、哪里最弱，一页看完。"),
        )
    ]


def panel(request: AnyRequest, session: Session, found: Round) -> Markup | None:
    """The way to the result on the round's page, for those who may see it."""
    result = store.published_run(session, found)
    if result is None or result.publication is None:
        return None
    template = pages.environment().get_template("result_panel.html")
    return Markup(  # noqa: S704
        template.render(
            shown=found,
            publication=result.publication,
            timezone=request.app.state.settings.timezone,
        )
    )
