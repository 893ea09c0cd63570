"""What review adds to the pages of a round: tasks, blockers, a panel, a step."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from markupsafe import Markup
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.principal import Principal
from evaluation.platform import pages
from evaluation.platform.i18n import _, named
from evaluation.platform.pages import AnyRequest
from evaluation.rounds import rules as round_rules
from evaluation.rounds.models import Round
from evaluation.rounds.story import Blocker, NavStep, Task
from surveys.observations.rules import is_open
from surveys.review import own_store, rules, story_store
from surveys.submissions.rules import RECEIVED, STATES


def tasks(session: Session, who: Principal, found: Round) -> list[Task]:
    """What waits for an evaluator, a supervisor or the office."""
    if not is_open(found.state):
        return []
    if who.role == roles.EVALUATOR:
        return list(_evaluator(session, who, found))
    return list(_reviewer(session, who, found)) if who.role in rules.REVIEWERS else []


def blockers(session: Session, found: Round, target: str) -> list[Blocker]:
    """Scoring waits until every record is accepted or set aside: none falls out unseen."""
    if (found.state, target) != (round_rules.VERIFYING, round_rules.SCORED):
        return []
    counts = story_store.by_state(session, found.id, None)
    waiting = sum(counts.get(state, 0) for state in rules.LIVE)
    if not waiting:
        return []
    said = _("还有 {count} 份现场记录没有审结：采信、不予采信或撤销", count=waiting)
    return [Blocker(said, _home(found))]


def panel(request: AnyRequest, session: Session, found: Round) -> Markup | None:
    """How many records are in which state, for those who may open them."""
    who: Principal = request.user
    if who.role not in rules.READERS:
        return None
    counts = story_store.by_state(session, found.id, _cities(who))
    if not counts:
        return None
    template = pages.environment().get_template("review_panel.html")
    return Markup(  # noqa: S704 - an autoescaped template of ours
        template.render(shown=found, counts=counts, states=STATES, rules=rules)
    )


def steps(who: Principal, found: Round) -> Sequence[NavStep]:
    """审核, for those who may open records."""
    if who.role not in rules.READERS:
        return []
    order = round_rules.ORDER
    at = order.index(found.state)
    if at < order.index(round_rules.COLLECTING):
        state = "waiting"
    else:
        state = "active" if is_open(found.state) else "done"
    return [NavStep("submissions", _("审核"), _home(found), state)]


def _evaluator(session: Session, who: Principal, found: Round) -> Iterator[Task]:
    count = own_store.returned(session, who.username, found.id)
    if count:
        yield Task(
            _("补正退回的 {count} 份现场记录", count=count),
            "/my-submissions",
            named(found.name, found.name_en),
        )


def _reviewer(session: Session, who: Principal, found: Round) -> Iterator[Task]:
    cities, title, home = _cities(who), named(found.name, found.name_en), _home(found)
    if who.role == roles.SUPERVISOR:
        count = story_store.by_state(session, found.id, cities).get(RECEIVED, 0)
        if count:
            yield Task(_("审核 {count} 份现场记录", count=count), f"{home}?state=received", title)
    count = story_store.to_accept(session, found.id, who.username, cities)
    if count:
        yield Task(_("复核采信 {count} 份现场记录", count=count), f"{home}?state=approved", title)
    asked = story_store.asked(session, found.id, who.username, cities)
    if asked:
        yield Task(
            _("{count} 份已采信的记录有人申请重新审核，等您确认", count=len(asked)),
            f"{home}/{asked[0]}?state=accepted",
            title,
        )


def _cities(who: Principal) -> Collection[str] | None:
    """The cities that bound what this person sees; None for all."""
    return who.cities or None if who.role == roles.SUPERVISOR else None


def _home(found: Round) -> str:
    return f"/rounds/{found.code}/submissions"
