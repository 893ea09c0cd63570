"""Changes by hand keep every rule of the draw, need a reason, and leave a trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from evaluation.platform.audit import AuditEntry
from evaluation.platform.database import Database
from evaluation.platform.errors import Faulty
from evaluation.platform.evidence import EvidenceStore
from surveys.submissions import rules as record_rules
from surveys.visits import draws, hand, plans_store, rules, store, verifying
from surveys.visits.errors import (
    AnotherPerson,
    Moved,
    NamesPerson,
    ReasonWanted,
    VisitBegun,
    WrongState,
)
from surveys.visits.models import Visit
from tests.factories.field import a_conflict
from tests.surveys.visits.desk import (
    EVALUATORS,
    Field,
    a_submission,
    draw,
    issue,
    make_plan,
    set_up,
)

WHY = "临时请假，更换人员"


@pytest.fixture
def made(database: Database, evidence_store: EvidenceStore, person: Callable[..., Any]) -> Field:
    """A drawn plan."""
    found = set_up(database, evidence_store, person)
    with database.writing() as session:
        make_plan(found, session)
    draw(found)
    return found


def lone(made: Field, session: Any, form: str = "hall") -> Visit:
    """A visit without a second look."""
    plan = made.plan(session)
    return next(
        visit
        for visit in plans_store.visits(session, plan.id)
        if visit.form.code == form and plans_store.partner(session, visit) is None
    )


def change(made: Field, who: str = "planner", why: str = WHY, **changes: Any) -> str:
    """Change a lone visit; gives the code under which it is then known."""
    with made.database.writing() as session:
        office, plan, visit = made.office(session, who), made.plan(session), lone(made, session)
        new = replace(hand.assignment_of(office, plan, visit), **changes)
        return hand.change(session, office, plan, visit, new, why, read=visit.revision).code


def other_than(made: Field) -> str:
    """An evaluator who does not make the lone visit."""
    with made.database.reading() as session:
        visit = lone(made, session)
        return next(name for name in EVALUATORS if name != visit.evaluator)


def refused(made: Field, **changes: Any) -> list[str]:
    """Codes of what is wrong with a change of the lone visit."""
    with pytest.raises(Faulty) as found:
        change(made, **changes)
    return [fault.code for fault in found.value.faults]


def test_a_draft_is_changed_in_place_and_told(made: Field) -> None:
    """Another evaluator, with a reason; whoever did it does not issue the plan."""
    new = other_than(made)
    code = change(made, "second", evaluator=new)
    with made.database.reading() as session:
        visit = store.by_code(session, code)
        assert visit is not None
        assert (visit.evaluator, visit.reason, visit.state) == (new, WHY, rules.DRAFT)
        seen = verifying.verify(session, made.office(session), made.plan(session))
        assert seen is not None
        assert (seen.holds, seen.changed) == (True, 1)
        row = session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "visits.changed_by_hand")
        ).one()
        assert new not in f"{row.after}{row.subject}"
        assert WHY in (row.after or "")
    for name in ("planner", "second"):
        with pytest.raises(AnotherPerson):
            issue(made, name)
    issue(made, "boss")


def test_a_change_needs_a_reason_that_names_nobody(made: Field) -> None:
    """Reasons are read by auditors, who do not know who goes where."""
    new = other_than(made)
    with pytest.raises(ReasonWanted):
        change(made, evaluator=new, why="  ")
    with pytest.raises(NamesPerson):
        change(made, evaluator=new, why="改派 V.Two 去")


def test_hard_rules_hold_by_hand_too(made: Field) -> None:
    """Conflict, another city's site, another kind, an odd story, a day outside."""
    new = other_than(made)
    with made.database.writing() as session:
        a_conflict(session, new, lone(made, session).city)
        city = lone(made, session).city
    elsewhere = "C2-0" if city == "C1" else "C1-0"
    assert refused(made, evaluator=new) == ["hand-evaluator"]
    assert refused(made, site=elsewhere) == ["hand-site"]
    assert refused(made, story="spy") == ["hand-story"]
    assert refused(made, first=26) == ["hand-day"]
    assert refused(made, first=-1, story="") == ["hand-story", "hand-day"]


def test_a_site_at_rest_stays_at_rest(made: Field) -> None:
    """The site of another visit of the plan is too soon, whatever the day."""
    with made.database.reading() as session:
        visit = lone(made, session)
        taken = next(
            other.site.code
            for other in plans_store.visits(session, visit.plan_id, [visit.city])
            if other.site.code != visit.site.code
        )
    assert "hand-rest" in refused(made, site=taken)


def test_a_visit_with_a_second_look_keeps_its_site_and_its_other_visitor(made: Field) -> None:
    """Both looks are at one place, by two people."""
    with made.database.writing() as session:
        office, plan = made.office(session), made.plan(session)
        again = next(v for v in plans_store.visits(session, plan.id) if v.second_of is not None)
        first = plans_store.partner(session, again)
        assert first is not None
        held = hand.assignment_of(office, plan, again)
        sites = hand.choices(session, office, plan, again).sites
        other = next(site.code for site in sites if site.id != again.site_id)
        for new, code in (
            (replace(held, evaluator=first.evaluator), "hand-evaluator"),
            (replace(held, site=other), "hand-pair"),
        ):
            with pytest.raises(Faulty) as found:
                hand.change(session, office, plan, again, new, WHY, read=again.revision)
            assert code in [fault.code for fault in found.value.faults]


def test_an_issued_visit_is_made_anew_under_another_code(made: Field) -> None:
    """The old code is cancelled: what still comes under it is refused and kept."""
    issue(made)
    new = other_than(made)
    with made.database.reading() as session:
        old = lone(made, session).code
    code = change(made, evaluator=new)
    assert code != old
    with made.database.reading() as session:
        before, after = store.by_code(session, old), store.by_code(session, code)
        assert before is not None
        assert after is not None
        assert (before.state, after.state) == (rules.CANCELLED, rules.ISSUED)
        assert (after.site_id, after.story, after.opens_at) == (
            before.site_id,
            before.story,
            before.opens_at,
        )
        assert code in {v.code for v in store.assigned(session, new, after.opens_at)}


@pytest.mark.parametrize("step", ["change", "cancel"])
def test_a_pair_survives_its_first(made: Field, step: str) -> None:
    """Reassigned, the second look follows the new visit; cancelled, it counts by itself."""
    issue(made)
    with made.database.writing() as session:
        office, plan = made.office(session), made.plan(session)
        again = next(v for v in plans_store.visits(session, plan.id) if v.second_of is not None)
        first = plans_store.partner(session, again)
        assert first is not None
        if step == "cancel":
            hand.cancel(session, office, plan, first, "场所临时关闭", read=first.revision)
        else:
            held = hand.assignment_of(office, plan, first)
            free = next(n for n in EVALUATORS if n not in (first.evaluator, again.evaluator))
            new = replace(held, evaluator=free)
            made_anew = hand.change(session, office, plan, first, new, WHY, read=first.revision)
        code = again.code
    with made.database.reading() as session:
        second = store.by_code(session, code)
        assert second is not None
        assert second.state == rules.ISSUED
        assert second.second_of == (None if step == "cancel" else made_anew.id)


def test_a_visit_whose_record_came_is_left_to_the_review(made: Field) -> None:
    """Neither cancelled nor given to somebody else; a withdrawn record does not count."""
    issue(made)
    with made.database.writing() as session:
        a_submission(session, lone(made, session), record_rules.RECEIVED)
    with pytest.raises(VisitBegun):
        change(made, evaluator=other_than(made))
    with made.database.writing() as session:
        plan, visit = made.plan(session), lone(made, session)
        with pytest.raises(VisitBegun):
            hand.cancel(session, made.office(session), plan, visit, WHY, read=visit.revision)


def test_two_people_do_not_change_one_visit_at_once(made: Field) -> None:
    """The second reads what the first did, and a cancelled visit stays so."""
    issue(made)
    with made.database.writing() as session:
        office, plan, visit = made.office(session), made.plan(session), lone(made, session)
        with pytest.raises(Moved):
            hand.cancel(session, office, plan, visit, WHY, read=visit.revision - 1)
        hand.cancel(session, office, plan, visit, WHY, read=visit.revision)
        with pytest.raises(WrongState):
            hand.cancel(session, office, plan, visit, WHY, read=visit.revision)


def test_a_change_to_the_same_is_none(made: Field) -> None:
    """Nothing is written, and nobody is kept from issuing by it."""
    change(made, "second")
    issue(made, "second")
    with made.database.reading() as session:
        assert not list(
            session.scalars(
                sa.select(AuditEntry).where(AuditEntry.action == "visits.changed_by_hand")
            )
        )


def test_a_flagged_visit_can_be_given_to_somebody_else(made: Field) -> None:
    """After a conflict was declared, a change by hand makes the plan ready again."""
    with made.database.writing() as session:
        visit = lone(made, session)
        a_conflict(session, visit.evaluator, visit.city)
        mine = [
            each.code
            for each in plans_store.visits(session, visit.plan_id)
            if (each.evaluator, each.city) == (visit.evaluator, visit.city)
        ]
        seen = draws.troubled(
            session, made.office(session), plans_store.visits(session, visit.plan_id)
        )
        assert sorted(seen) == sorted(mine)
