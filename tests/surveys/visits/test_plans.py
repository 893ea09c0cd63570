"""Plans: who issues them, when, what is refused, how far they are; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from evaluation.accounts.models import User
from evaluation.platform.database import Database
from evaluation.platform.errors import Faulty
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import rules as round_rules
from evaluation.rounds.models import Round
from surveys.submissions import rules as record_rules
from surveys.visits import (
    draws,
    plans,
    plans_store,
    progress_store,
    rules,
)
from surveys.visits.errors import (
    Moved,
    PlanNotYours,
    ReasonWanted,
    WrongState,
)
from surveys.visits.models import Site
from tests.factories.field import a_conflict
from tests.surveys.visits.desk import (
    Field,
    a_submission,
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
