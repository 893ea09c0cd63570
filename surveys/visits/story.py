"""What visits add to home, to the round's page and to the side bar.

Nothing here is shown to a role of a city, to leaders or departments: not even that visits are
planned.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.principal import Principal
from evaluation.platform import clock, pages
from evaluation.platform.i18n import _, named
from evaluation.platform.pages import AnyRequest
from evaluation.rounds import rules as round_rules
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from evaluation.rounds.story import Blocker, NavStep, Task
from surveys.visits import coverage, plans, plans_store, progress_store, rules
from surveys.visits.cities import PLANNERS, WATCHERS
from surveys.visits.models import Conflict, Visit, VisitPlan

#: From when on a visit's end is near.
NEAR = timedelta(days=2)


def tasks(session: Session, who: Principal, found: Round) -> list[Task]:
    """An evaluator's visits to make; plans to issue, visits to give to somebody else."""
    if found.state not in plans.OPEN:
        return []
    if who.role == roles.EVALUATOR:
        return _evaluator(session, who, found)
    return _planner(session, who, found) if who.role in PLANNERS else []


def blockers(session: Session, found: Round, target: str) -> list[Blocker]:
    """Scoring waits for the records of all visits that were issued, or for their plan's end."""
    if (found.state, target) != (round_rules.VERIFYING, round_rules.SCORED):
        return []
    count = progress_store.unaccepted(session, found.id)
    if not count:
        return []
    text = _("{count} 次已下发的访查还没有采信的记录；不再等的，请结束其计划。", count=count)
    return [Blocker(text, f"/rounds/{found.code}/visits")]


def panel(request: AnyRequest, session: Session, found: Round) -> Markup | None:
    """How far visits are, for those who plan and audit them."""
    who: Principal = request.user
    if who.role not in WATCHERS or found.state == round_rules.PLANNED:
        return None
    units = rounds.framework(found).unit_by_code
    mine = {code: unit for code, unit in units.items() if who.sees_filing(code)}
    text = (
        pages.environment()
        .get_template("visit_panel.html")
        .render(shown=found, covered=coverage.of_round(session, found, mine))
    )
    return Markup(text)  # noqa: S704 - an autoescaped template of ours


def steps(who: Principal, found: Round) -> Sequence[NavStep]:
    """访查 for those who plan; an evaluator's own visits."""
    order = round_rules.ORDER
    at, mine = order.index(found.state), order.index(round_rules.COLLECTING)
    state = "active" if found.state in plans.OPEN else ("done" if at > mine else "waiting")
    if who.role in WATCHERS:
        return [NavStep("visits", _("访查计划"), f"/rounds/{found.code}/visits", state)]
    if who.role == roles.EVALUATOR:
        return [NavStep("my-visits", _("我的访查"), "/my-visits", state)]
    return []


def _evaluator(session: Session, who: Principal, found: Round) -> list[Task]:
    now = clock.now()
    visits = session.scalars(
        sa.select(Visit).where(
            Visit.evaluator == who.username,
            Visit.round_id == found.id,
            Visit.state == rules.ISSUED,
        )
    ).all()
    records = progress_store.records(session, (visit.id for visit in visits))
    waiting = [each for each in visits if each.id not in records and each.closes_at >= now]
    if not waiting:
        return []
    due = min(visit.closes_at for visit in waiting)
    light = "yellow" if due - now <= NEAR else "green"
    title = _("完成 {count} 次访查", count=len(waiting))
    return [Task(title, "/my-visits", named(found.name, found.name_en), due, light)]


def _planner(session: Session, who: Principal, found: Round) -> list[Task]:
    home = f"/rounds/{found.code}/visits"
    made = []
    for plan in plans_store.plans(session, found.id):
        if plan.state != rules.DRAWN or not _whole(session, who, plan):
            continue
        if plans.may_issue(session, who, plan):
            title = _("核对并下发访查计划“{title}”", title=plan.title)
            made.append(Task(title, f"{home}/{plan.code}", "", plan.opens_at, "yellow"))
    clashes = _clashes(session, who, found)
    if clashes:
        title = _("{count} 次访查与利益冲突相抵触，需要改派", count=clashes)
        made.append(Task(title, home, named(found.name, found.name_en), None, "red"))
    return made


def _whole(session: Session, who: Principal, plan: VisitPlan) -> bool:
    return all(who.sees_filing(city) for city, _form in plans_store.quotas(session, plan.id))


def _clashes(session: Session, who: Principal, found: Round) -> int:
    """Visits of plans under way that meet a standing conflict, and of which no record came."""
    query = (
        sa.select(Visit.id, Visit.city)
        .join(VisitPlan, VisitPlan.id == Visit.plan_id)
        .join(
            Conflict,
            sa.and_(
                Conflict.username == Visit.evaluator,
                Conflict.city == Visit.city,
                Conflict.withdrawn_at.is_(None),
            ),
        )
        .where(
            Visit.round_id == found.id,
            Visit.state != rules.CANCELLED,
            VisitPlan.state.in_((rules.DRAWN, rules.ISSUED)),
        )
    )
    mine = [visit for visit, city in session.execute(query) if who.sees_filing(city)]
    return len(set(mine) - progress_store.records(session, mine).keys())
