"""A value found on review: adopted in place of every other, which stay beside it."""

from __future__ import annotations

import pytest

from evaluation.platform import audit
from evaluation.platform.database import Database
from evaluation.platform.errors import Faulty, NotFound
from evaluation.rounds import rules as rounds
from evaluation.rounds import service as round_service
from evaluation.rounds.models import Round
from surveys.observations import rules, store
from surveys.observations.correcting import correct
from surveys.observations.rules import Given
from tests.scoring.runs.results import OFFICE, observed_round

ALLOWED = {rounds.VERIFYING}


def given(value: float | None = 50.0, **more: object) -> Given:
    said: dict[str, object] = {"city": "C1", "indicator": "I2", "method": "", "value": value}
    return Given(**(said | {"reason": "台账属实"} | more))  # type: ignore[arg-type]


def test_the_review_is_adopted_and_the_rest_stays(database: Database) -> None:
    with database.writing() as session:
        found = observed_round(session)
        revision = found.revision
        held = correct(session, OFFICE, found, given(), authority="objection:X", states=ALLOWED)
        assert (held.method, held.adopted, held.unit, held.revision) == ("review", True, "%", 1)
        cell = store.of_cell(session, found.id, "C1", "I2")
        assert [(each.method, each.adopted) for each in cell] == [
            ("full_filing", False),
            ("review", True),
        ]
        assert found.revision == revision + 1, "what is kept of results is known by it"
        again = correct(
            session, OFFICE, found, given(60.0), authority="reopening:R1/1", states=ALLOWED
        )
        assert (again.id, again.revision, again.value) == (held.id, 2, 60.0)
        rows = [r for r in audit.entries(session) if r["action"] == "observation.corrected"]
        assert '"adopted":["full_filing",99.0]' in rows[0]["before"]
        assert '"adopted":["review",50.0]' in rows[1]["before"]
        assert "objection:X" in rows[0]["after"]
        assert audit.verify(session) is None


def test_it_may_be_where_nothing_was_or_does_not_apply(database: Database) -> None:
    with database.writing() as session:
        found = observed_round(session)
        new = given(70.0, city="C4", indicator="I3")
        correct(session, OFFICE, found, new, authority="x", states=ALLOWED)
        gone = given(None, indicator="I4", not_applicable=True)
        assert correct(session, OFFICE, found, gone, authority="x", states=ALLOWED).not_applicable
        adopted = {(e.city, e.indicator): e for e in store.adopted(session, found.id)}
        assert adopted["C4", "I3"].method == adopted["C1", "I4"].method == "review"


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (given(reason=" "), rules.ChoiceNeedsReason),
        (given(101.0), Faulty),
        (given(float("inf")), Faulty),
        (given(None), Faulty),
        (given(None, not_applicable=True), Faulty),
        (given(city="C9"), NotFound),
        (given(indicator="D1"), NotFound),
    ],
)
def test_what_is_refused_leaves_nothing_behind(
    database: Database, wrong: Given, error: type[Exception]
) -> None:
    with database.writing() as session:
        found = observed_round(session)
        before = [(e.id, e.adopted) for e in store.adopted(session, found.id)]
        with pytest.raises(error):
            correct(session, OFFICE, found, wrong, authority="x", states=ALLOWED)
        assert [(e.id, e.adopted) for e in store.adopted(session, found.id)] == before


def test_only_in_the_states_named(database: Database) -> None:
    with database.writing() as session:
        found: Round = observed_round(session)
        with pytest.raises(rounds.RoundClosed):
            correct(session, OFFICE, found, given(), authority="x", states={rounds.OBJECTION})
        found = round_service.advance(session, OFFICE, found, rounds.SCORED)
        with pytest.raises(rounds.RoundClosed):
            correct(session, OFFICE, found, given(), authority="x", states=ALLOWED)
