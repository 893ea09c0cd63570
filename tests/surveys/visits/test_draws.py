"""Plans, draws and their proof, on both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.accounts.models import User
from evaluation.platform import audit
from evaluation.platform.audit import AuditEntry
from evaluation.platform.database import Database
from evaluation.platform.errors import Faulty
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import rules as round_rules
from evaluation.rounds.models import Round
from surveys.forms import store as forms
from surveys.submissions import rules as record_rules
from surveys.submissions.models import Submission
from surveys.visits import (
    conflicts,
    draws,
    masking,
    plans,
    plans_store,
    progress_store,
    rules,
    store,
    verifying,
)
from surveys.visits.drawing.record import Seed, dump, load, record
from surveys.visits.errors import AnotherPerson, Moved, PlanNotYours, ReasonWanted, WrongState
from surveys.visits.models import Site, Visit
from surveys.visits.plan_rules import PlanEntry
from tests.factories.field import a_conflict, a_plan, a_visit
from tests.surveys.visits.desk import EVALUATORS, QUOTAS, SECRET, Field, make_plan, set_up


@pytest.fixture
def made(database: Database, evidence_store: EvidenceStore, person: Callable[..., Any]) -> Field:
    """A province in the field, with a plan that is not drawn."""
    found = set_up(database, evidence_store, person)
    with database.writing() as session:
        make_plan(found, session)
    return found


def draw(made: Field, who: str = "planner", **changes: Any) -> None:
    """Draw the plan as it stands."""
    with made.database.writing() as session:
        plan = made.plan(session)
        draws.draw(session, made.office(session, who), plan, read=plan.revision, **changes)


def issue(made: Field, who: str = "second") -> None:
    """Issue the plan as it stands."""
    with made.database.writing() as session:
        plan = made.plan(session)
        draws.issue(session, made.office(session, who), plan, read=plan.revision)


def told(made: Field, action: str) -> list[AuditEntry]:
    """Audit rows of one action."""
    with made.database.reading() as session:
        query = sa.select(AuditEntry).where(AuditEntry.action == action)
        return list(session.scalars(query.order_by(AuditEntry.number)))


def test_a_draw_fills_the_quotas_and_waits_for_another_person(made: Field) -> None:
    """Drafts do not reach phones; issued by somebody else, they do."""
    draw(made)
    with made.database.reading() as session:
        plan = made.plan(session)
        visits = plans_store.visits(session, plan.id)
        assert plan.state == rules.DRAWN
        assert {visit.state for visit in visits} == {rules.DRAFT}
        firsts = Counter((v.city, v.form.code) for v in visits if v.second_of is None)
        assert firsts == QUOTAS
        assert sum(visit.second_of is not None for visit in visits) == 1
        assert all(plan.opens_at <= v.opens_at < v.closes_at <= plan.closes_at for v in visits)
        assert not any(store.assigned(session, name, plan.opens_at) for name in EVALUATORS)
    with pytest.raises(AnotherPerson):
        issue(made, "planner")
    issue(made, "second")
    with made.database.reading() as session:
        plan = made.plan(session)
        listed = [store.assigned(session, name, plan.opens_at) for name in EVALUATORS]
        assert sum(map(len, listed)) == 7
        assert max(map(len, listed)) - min(map(len, listed)) <= 1


def test_the_record_proves_the_draw(made: Field) -> None:
    """From the stored record the very same bytes come again; log, plan and seed agree."""
    draw(made, public="08 12 19", source="示例：某日彩票")
    with made.database.reading() as session:
        plan = made.plan(session)
        seen = verifying.verify(session, made.office(session), plan)
        assert seen is not None
        assert seen.holds
        assert (seen.changed, seen.draws) == (0, 1)
        assert seen.record.seed.public == "08 12 19"


@pytest.mark.parametrize("spoilt", ["visit", "record", "seed"])
def test_tampering_is_found(made: Field, spoilt: str) -> None:
    """A visit moved in the table; a record touched; an honest record, but of another seed."""
    draw(made)
    with made.database.writing() as session:
        plan = made.plan(session)
        content = made.store.get(plan.draw or "")
        if spoilt == "visit":
            visit = plans_store.visits(session, plan.id)[0]
            visit.evaluator = next(name for name in EVALUATORS if name != visit.evaluator)
        elif spoilt == "record":
            plan.draw = made.store.put(content.replace(b'"owner"', b'"agent"', 1))
        else:
            plan.draw = made.store.put(dump(record(load(content).inputs, Seed("another"))))
    with made.database.reading() as session:
        seen = verifying.verify(session, made.office(session), made.plan(session))
        assert seen is not None
        assert seen.holds == (spoilt == "visit")
        assert seen.logged == (spoilt == "visit")
        assert seen.same == (spoilt != "record")
        assert seen.seed == (spoilt != "seed")
        assert seen.changed > 0 or spoilt == "record"


def test_neither_log_nor_record_names_a_visitor(made: Field) -> None:
    """Audit rows of planning, drawing and issuing hold no username of an evaluator."""
    draw(made)
    issue(made)
    with made.database.reading() as session:
        content = made.store.get(made.plan(session).draw or "").decode()
        rows = session.scalars(sa.select(AuditEntry).where(AuditEntry.action.like("visits.%")))
        said = content + "".join(f"{e.subject}{e.before}{e.after}" for e in rows)
        assert audit.verify(session) is None
    assert not any(name in said for name in EVALUATORS)
    assert masking.alias(SECRET, EVALUATORS[0]) in content


def test_drawing_again_needs_a_reason_and_gives_the_same(made: Field) -> None:
    """The seed was fixed with the plan: nobody draws until the result pleases."""
    draw(made)
    with made.database.reading() as session:
        first = verifying.verify(session, made.office(session), made.plan(session))
    with pytest.raises(ReasonWanted):
        draw(made)
    draw(made, reason="核对后重抽")
    with made.database.reading() as session:
        again = verifying.verify(session, made.office(session), made.plan(session))
    assert first is not None
    assert again is not None
    assert again.draws == 2
    assert again.holds

    def said(seen: verifying.Verification) -> list[tuple[str, str, int]]:
        return [(each.site, each.alias, each.first) for each in seen.record.draw.visits]

    assert said(first) == said(again)
    assert [row.before is None for row in told(made, "visits.drawn")] == [True, False]


def test_what_cannot_be_drawn_is_explained_and_nothing_is_drawn(made: Field) -> None:
    """Eight hall visits at six sites: told with the numbers, in the current language."""
    with made.database.writing() as session:
        plan = made.plan(session)
        counts: dict[tuple[str, str], int | None] = {("C1", "hall"): 8}
        plans.set_quotas(session, made.office(session), plan, counts, read=plan.revision)
    with pytest.raises(draws.DrawRefused) as refused:
        draw(made)
    (fault,) = refused.value.faults
    assert fault.explain() == "甲市 × 示例表单 hall：要 8 次，6 个可用场所只够 6 次。"
    assert "共 6 个" in fault.remedy()
    with made.database.reading() as session:
        plan = made.plan(session)
        assert (plan.state, plan.draw) == (rules.DRAFT, None)
        assert plans_store.visits(session, plan.id) == []
    assert told(made, "visits.drawn") == []


def test_conflicts_and_the_left_out_are_not_drawn(made: Field) -> None:
    """Declared, left out or at work elsewhere: none of them is sent."""
    with made.database.writing() as session:
        office, plan = made.office(session), made.plan(session)
        units = {"C1", "C2"}
        conflicts.declare(
            session,
            made.people["v.one"].principal,
            SECRET,
            username="v.one",
            city="C1",
            reason="示例",
            cities=units,
        )
        entry = plans.entry_of(plan)
        entry = PlanEntry(**{**entry.__dict__, "left_out": ("v.two",), "second_percent": 100})
        plans.change(session, office, plan, entry, read=plan.revision)
        session.execute(sa.update(User).where(User.username == "v.three").values(cities=["C2"]))
        session.execute(sa.update(User).where(User.username == "v.four").values(rounds=["R1"]))
    with pytest.raises(draws.DrawRefused) as refused:
        draw(made)  # one person only may go to C1, so nobody looks again there
    assert refused.value.faults[0].code == "draw-seconds"
    with made.database.writing() as session:
        plan = made.plan(session)
        entry = PlanEntry(**{**plans.entry_of(plan).__dict__, "second_percent": 0})
        plans.change(session, made.office(session), plan, entry, read=plan.revision)
    draw(made)
    with made.database.reading() as session:
        visits = plans_store.visits(session, made.plan(session).id)
        assert {v.evaluator for v in visits if v.city == "C1"} == {"v.four"}
        assert {v.evaluator for v in visits if v.city == "C2"} <= {"v.one", "v.three", "v.four"}


def test_sites_of_another_plan_rest(made: Field) -> None:
    """A site that another plan visits is left out; a cancelled visit does not count."""
    with made.database.writing() as session:
        hall = forms.newest_published(session, "hall")
        assert hall is not None
        sites = {site.code: site for site in session.scalars(sa.select(Site))}
        found, plan = session.query(Round).one(), made.plan(session)
        other = a_plan(session, found)
        ends = plan.opens_at + timedelta(days=10)
        for code in ("C1-0", "C1-1"):
            a_visit(session, found, hall, "v.one", "C1", sites[code], plan=other, closes_at=ends)
        gone = session.query(Visit).filter_by(site_id=sites["C1-1"].id).one()
        gone.state = rules.CANCELLED
    with made.database.writing() as session:
        plan = made.plan(session)
        counts: dict[tuple[str, str], int | None] = {("C1", "hall"): 4}
        plans.set_quotas(session, made.office(session), plan, counts, read=plan.revision)
    draw(made)
    with made.database.reading() as session:
        visits = plans_store.visits(session, made.plan(session).id, ["C1"])
        assert {v.site.code for v in visits} == {"C1-1", "C1-2", "C1-3", "C1-4", "C1-5"}


def test_an_issue_is_refused_once_something_changed(made: Field) -> None:
    """A conflict declared, an account switched off, a site closed: told with their numbers."""
    draw(made)
    with made.database.writing() as session:
        plan = made.plan(session)
        visits = plans_store.visits(session, plan.id)
        someone = next(v.evaluator for v in visits if v.city == "C1")
        theirs = sum(v.evaluator == someone and v.city == "C1" for v in visits)
        a_conflict(session, someone, "C1")
        seen = draws.troubled(session, made.office(session), visits)
        assert list(seen.values()) == [draws.CONFLICT] * theirs
    with pytest.raises(draws.NotReady) as refused:
        issue(made)
    assert refused.value.faults[0].facts["count"] == theirs
    with made.database.writing() as session:
        other = next(v.evaluator for v in visits if v.evaluator != someone)
        session.execute(sa.update(User).where(User.username == other).values(active=False))
        session.execute(sa.update(Site).values(active=False))
    with pytest.raises(draws.NotReady) as refused:
        issue(made)
    assert len(refused.value.faults) == 3  # conflict, no longer here, site closed
    with made.database.reading() as session:
        assert made.plan(session).state == rules.DRAWN


def test_a_supervisor_of_some_cities_leaves_other_plans_alone(
    made: Field, person: Callable[..., Any]
) -> None:
    """Quotas elsewhere can be neither set nor drawn."""
    made.people["local"] = person("supervisor", cities=["C1"], name="local")
    with made.database.writing() as session:
        plan = made.plan(session)
        counts: dict[tuple[str, str], int | None] = {("C2", "hall"): 1}
        with pytest.raises(Faulty):
            plans.set_quotas(session, made.office(session, "local"), plan, counts, read=2)
    with pytest.raises(PlanNotYours):
        draw(made, "local")


def test_a_plan_moves_on_only_from_where_it_was_read(made: Field) -> None:
    """Two people at one plan: the second is told."""
    draw(made)
    with made.database.writing() as session, pytest.raises(Moved):
        draws.issue(session, made.office(session, "second"), made.plan(session), read=1)
    issue(made)
    with pytest.raises(WrongState):
        draw(made, reason="再抽一次")


def test_nothing_is_planned_outside_of_collecting(made: Field) -> None:
    """A scored round is closed to plans."""
    with made.database.writing() as session:
        session.execute(sa.update(Round).values(state=round_rules.SCORED))
    with pytest.raises(round_rules.RoundClosed):
        draw(made)


def test_a_public_number_says_where_it_comes_from(made: Field) -> None:
    """One without the other is refused."""
    with pytest.raises(Faulty) as refused:
        draw(made, public="123456")
    assert refused.value.faults[0].column == "source"


def test_a_drawn_plan_stays_on_record(made: Field) -> None:
    """Never drawn, it can be deleted; afterwards it can only be closed, for a reason."""
    draw(made)
    with made.database.writing() as session:
        office, plan = made.office(session), made.plan(session)
        plans.take_back(session, plan)
        with pytest.raises(WrongState):
            plans.discard(session, office, plan, read=plan.revision)
        with pytest.raises(ReasonWanted):
            plans.close(session, office, plan, " ", read=plan.revision)
        plans.close(session, office, plan, "改为下月进行", read=plan.revision)
    with made.database.reading() as session:
        plan = made.plan(session)
        assert plan.state == rules.CLOSED
        assert progress_store.coverage(session, plan.round_id, ["C1", "C2"]) == []


def test_coverage_counts_what_came(made: Field) -> None:
    """Wanted, issued, with a record, accepted; withdrawn records and second looks aside."""
    draw(made)
    issue(made)
    states = [record_rules.ACCEPTED, record_rules.RETURNED, record_rules.WITHDRAWN]
    with made.database.writing() as session:
        plan = made.plan(session)
        firsts = [
            visit
            for visit in plans_store.visits(session, plan.id, ["C1"])
            if visit.form.code == "hall" and visit.second_of is None
        ]
        for visit, state in zip(firsts, states, strict=True):
            a_submission(session, visit, state)
    with made.database.reading() as session:
        plan = made.plan(session)
        covered = progress_store.coverage(session, plan.round_id, ["C1"])
        assert covered == [
            progress_store.Covered("C1", "hall", 3, 3, 2, 1),
            progress_store.Covered("C1", "open", 1, 1, 0, 0),
        ]
        assert progress_store.unaccepted(session, plan.round_id) == 6


def test_states_are_spelt_as_submissions_spell_them() -> None:
    """They are read by name, since submissions come later in the story."""
    assert progress_store.RETURNED == record_rules.RETURNED
    assert progress_store.ACCEPTED == record_rules.ACCEPTED
    assert progress_store.WITHDRAWN == record_rules.WITHDRAWN


def a_submission(session: Session, visit: Visit, state: str) -> None:
    """A record of a visit."""
    session.add(
        Submission(
            code=visit.code,
            root=f"uuid:{visit.code}",
            visit_id=visit.id,
            round_id=visit.round_id,
            form_id=visit.form_id,
            city=visit.city,
            evaluator=visit.evaluator,
            state=state,
            received_at=visit.opens_at,
        )
    )
    session.flush()
