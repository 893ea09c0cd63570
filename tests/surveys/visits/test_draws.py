"""Plans, draws and their proof, on both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from evaluation.accounts.models import User
from evaluation.platform import audit
from evaluation.platform.audit import AuditEntry
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds.models import Round
from surveys.forms import store as forms
from surveys.visits import (
    conflicts,
    draws,
    masking,
    plans,
    plans_store,
    rules,
    store,
    verifying,
)
from surveys.visits.drawing.record import Seed, dump, load, record
from surveys.visits.errors import (
    AnotherPerson,
    NamesPerson,
    ReasonWanted,
)
from surveys.visits.models import Site, Visit
from surveys.visits.plan_rules import PlanEntry
from tests.factories.field import a_plan, a_visit
from tests.surveys.visits.desk import (
    EVALUATORS,
    QUOTAS,
    SECRET,
    Field,
    draw,
    issue,
    make_plan,
    set_up,
)


@pytest.fixture
def made(database: Database, evidence_store: EvidenceStore, person: Callable[..., Any]) -> Field:
    """A province in the field, with a plan that is not drawn."""
    found = set_up(database, evidence_store, person)
    with database.writing() as session:
        make_plan(found, session)
    return found


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
    with pytest.raises(NamesPerson):
        draw(made, reason="V.ONE 要求重抽")
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
