"""Changes by hand: another evaluator, site, story or day, by the same rules as the draw.

Before issuing a visit is changed in place. Afterwards, and before its record came, it is
cancelled and made anew under another code. Both need a reason and are told by the verification.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from evaluation.accounts.models import User
from evaluation.platform import audit, clock
from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import N_
from surveys.visits import (
    gathering,
    plans,
    plans_store,
    progress_store,
    reasons,
    rules,
    sites_store,
)
from surveys.visits.codes import random_code
from surveys.visits.drawing import days
from surveys.visits.errors import Moved, VisitBegun, WrongState
from surveys.visits.models import Site, Visit, VisitPlan
from surveys.visits.plans import Office


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who goes where, as whom, from which day of the plan on; ``site`` by its code."""

    evaluator: str
    site: str
    story: str
    first: int


@dataclass(frozen=True)
class Choices:
    """What may be chosen for a visit by hand; whether it fits is checked when it is."""

    people: list[User]
    loads: dict[str, int]
    sites: list[Site]
    stories: tuple[str, ...]
    first_days: range
    span: int


def assignment_of(office: Office, plan: VisitPlan, visit: Visit) -> Assignment:
    """What stands in the table."""
    first = gathering.day_of(plan, office.timezone, visit.opens_at)
    return Assignment(visit.evaluator, visit.site.code, visit.story, first)


def choices(session: Session, office: Office, plan: VisitPlan, visit: Visit) -> Choices:
    """Evaluators without a conflict, sites of the right kind, the form's stories, the days."""
    away = plans_store.standing_conflicts(session)
    partner = plans_store.partner(session, visit)
    people = [
        user
        for user in plans_store.pool(session, office.round)
        if user.username not in plan.left_out
        and (not user.cities or visit.city in user.cities)
        and visit.city not in away.get(user.username, ())
        and (partner is None or user.username != partner.evaluator)
    ]
    kinds = plan.kinds.get(visit.form.code, [])
    whole = gathering.length(plan, office.timezone)
    span = days.span_of(whole)
    return Choices(
        people,
        plans_store.loads(session, office.round.id),
        [
            site
            for site in sites_store.listed(session, [visit.city])
            if site.active and (not kinds or site.kind in kinds)
        ],
        _stories(session, office, plan, visit),
        range(whole - span + 1),
        span,
    )


def change(
    session: Session,
    office: Office,
    plan: VisitPlan,
    visit: Visit,
    new: Assignment,
    reason: str,
    *,
    read: int,
) -> Visit:
    """Change a visit; gives it, or the one that takes its place if it was issued.

    Raises `Faulty`, `ReasonWanted`, `NamesPerson`, `WrongState`, `VisitBegun`, `Moved`,
    `RoundClosed`.
    """
    plans.require_open(session, office)
    plan = plans.hold(session, plan, rules.DRAWN, rules.ISSUED)
    _hold(session, plan, visit, read)
    reason = reasons.require(session, reason)
    found = _faults(session, office, plan, visit, new)
    if found:
        raise Faulty(found)
    old = assignment_of(office, plan, visit)
    what = [name for name in new.__slots__ if getattr(new, name) != getattr(old, name)]
    if not what:
        return visit
    told = {"visit": visit.code, "what": what, "reason": reason}
    if visit.state == rules.DRAFT:
        _put(session, office, plan, visit, new)
        visit.reason = reason
        visit.revision += 1
        action = "visits.changed_by_hand"
    else:
        visit = _replace(session, office, plan, visit, new, reason)
        told["replaced_by"] = visit.code
        action = "visits.reassigned"
    plan.revision += 1
    session.flush()
    audit.record(session, office.who, action, plans.subject(plan), after=told)
    return visit


def cancel(
    session: Session, office: Office, plan: VisitPlan, visit: Visit, reason: str, *, read: int
) -> None:
    """Cancel an issued visit of which no record came; its second look then counts by itself.

    Raises `ReasonWanted`, `NamesPerson`, `WrongState`, `VisitBegun`, `Moved`.
    """
    plan = plans.hold(session, plan, rules.ISSUED)
    _hold(session, plan, visit, read)
    reason = reasons.require(session, reason)
    again = None if visit.second_of else plans_store.partner(session, visit)
    if again is not None:
        again.second_of = None
    visit.state, visit.reason = rules.CANCELLED, reason
    visit.revision += 1
    plan.revision += 1
    session.flush()
    told = {"visit": visit.code, "reason": reason}
    audit.record(session, office.who, "visits.cancelled", plans.subject(plan), after=told)


def _hold(session: Session, plan: VisitPlan, visit: Visit, read: int) -> None:
    plans_store.hold_visit(session, visit)
    expected = rules.DRAFT if plan.state == rules.DRAWN else rules.ISSUED
    if visit.state != expected:
        raise WrongState(state=rules.VISIT_STATES[visit.state])
    if visit.revision != read:
        raise Moved
    if progress_store.records(session, [visit.id]):
        raise VisitBegun


def _stories(session: Session, office: Office, plan: VisitPlan, visit: Visit) -> tuple[str, ...]:
    version = gathering.versions(session, plan).get(visit.form.code)
    return gathering.stories(office.store, version) if version else ()


def _faults(
    session: Session, office: Office, plan: VisitPlan, visit: Visit, new: Assignment
) -> list[Fault]:
    may = choices(session, office, plan, visit)
    found = []
    if new.evaluator not in {user.username for user in may.people}:
        found.append(
            Fault(
                "hand-evaluator",
                N_(
                    "不能派这位评价员：有利益冲突、不负责该市州、已停用，或承担同一场所的另一次访查。"
                ),
                column="evaluator",
            )
        )
    site = next((each for each in may.sites if each.code == new.site), None)
    partner = plans_store.partner(session, visit)
    if site is None:
        found.append(Fault("hand-site", N_("没有这个可用的场所。"), column="site"))
    elif partner is not None and site.id != visit.site_id:
        found.append(
            Fault(
                "hand-pair",
                N_("这次访查另有复访，两次必须在同一场所。"),
                N_("请只更换评价员或日期，或重新抽取。"),
                column="site",
            )
        )
    if new.story not in (may.stories or ("",)):
        found.append(Fault("hand-story", N_("请选择情景身份。"), column="story"))
    closes = gathering.moment_of(plan, office.timezone, new.first + may.span - 1, end=True)
    if new.first not in may.first_days:
        found.append(Fault("hand-day", N_("请选择访查期内的日期。"), column="first"))
    elif closes <= clock.now():
        found.append(Fault("hand-past", N_("这个日期已经过去。"), column="first"))
    if not found and site is not None:
        found += _rests(session, office, plan, visit, new, site, may.span)
    return found


def _rests(
    session: Session,
    office: Office,
    plan: VisitPlan,
    visit: Visit,
    new: Assignment,
    site: Site,
    span: int,
) -> list[Fault]:
    """Whether site and story rested, against every other visit to the site."""
    partner = plans_store.partner(session, visit)
    last = new.first + span - 1
    found: dict[str, Fault] = {}
    for other in plans_store.at_site(session, site.id, [visit.id]):
        begins = gathering.day_of(plan, office.timezone, other.opens_at)
        ends = gathering.day_of(plan, office.timezone, other.closes_at)
        apart = max(new.first - ends, begins - last)
        rest = 1 if partner is not None and other.id == partner.id else max(1, plan.site_days)
        if apart < rest:
            found["first"] = Fault(
                "hand-rest",
                N_("这个场所在间隔期内：与另一次访查只隔 {apart} 天，至少要 {rest} 天。"),
                N_("请选择另一天或另一个场所。"),
                {"apart": max(0, apart), "rest": rest},
                column="first",
            )
        same = other.form_id == visit.form_id and new.story and other.story == new.story
        if same and apart < plan.story_days:
            found["story"] = Fault(
                "hand-story-rest",
                N_("这个情景身份 {days} 天内在该场所用过。"),
                N_("请换一个情景身份。"),
                {"days": plan.story_days},
                column="story",
            )
    return list(found.values())


def _put(session: Session, office: Office, plan: VisitPlan, visit: Visit, new: Assignment) -> None:
    site = sites_store.site(session, new.site)
    assert site is not None
    last = new.first + days.span_of(gathering.length(plan, office.timezone)) - 1
    visit.evaluator, visit.story, visit.site = new.evaluator, new.story, site
    visit.opens_at = gathering.moment_of(plan, office.timezone, new.first)
    visit.closes_at = gathering.moment_of(plan, office.timezone, last, end=True)


def _replace(
    session: Session, office: Office, plan: VisitPlan, visit: Visit, new: Assignment, reason: str
) -> Visit:
    again = None if visit.second_of else plans_store.partner(session, visit)
    made = Visit(
        code=random_code(),
        plan_id=plan.id,
        round_id=plan.round_id,
        city=visit.city,
        form_id=visit.form_id,
        second_of=visit.second_of,
        state=rules.ISSUED,
        reason=reason,
    )
    _put(session, office, plan, made, new)
    session.add(made)
    session.flush()
    if again is not None:
        again.second_of = made.id
    visit.state, visit.reason = rules.CANCELLED, reason
    visit.revision += 1
    return made
