"""Whatever anybody does in whatever order: the rules of an objection hold."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from evaluation.platform import audit
from evaluation.platform.database import Database
from evaluation.platform.errors import DomainError
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import store as round_store
from scoring.objections import deciding, rules, service, store
from scoring.objections.deciding import Verdict
from scoring.objections.models import Objection
from scoring.objections.service import Asked
from scoring.runs import store as run_store
from tests.scoring.objections.desk import PROOF, SIGNED
from tests.scoring.runs.results import principal, scored_round

PEOPLE = {
    "approver": principal("p1", "approver", cities=frozenset({"C1"})),
    "scorer": principal("office-one"),
    "office2": principal("p2"),
    "office3": principal("p3"),
    "supervisor": principal("p4", "supervisor"),
    # was the city's approver once, and has moved to the office since
    "turncoat": principal("p1"),
}
STEPS = ("prepare", "file", "withdraw", "answer", "accept", "reject", "consent")
CELLS = st.sampled_from([("C1", "I2"), ("C1", "I3")])
MOVES = st.lists(
    st.tuples(st.sampled_from(STEPS), st.sampled_from(sorted(PEOPLE)), CELLS, st.booleans()),
    min_size=4,
    max_size=14,
)


@pytest.fixture(scope="module")
def beginning(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A database with scores just fed back, to copy from."""
    folder = tmp_path_factory.mktemp("machine")
    shutil.copy(sqlite_template, folder / "start.db")
    database = Database(f"sqlite:///{folder / 'start.db'}")
    with database.writing() as session:
        scored_round(session, EvidenceStore(folder / "evidence"))
    database.dispose()
    return folder / "start.db", folder / "evidence"


@settings(max_examples=25, deadline=None)
@given(MOVES)
def test_any_order_of_anything(
    beginning: tuple[Path, Path], moves: list[tuple[str, str, tuple[str, str], bool]]
) -> None:
    with TemporaryDirectory() as folder:
        shutil.copy(beginning[0], f"{folder}/try.db")
        database, files = Database(f"sqlite:///{folder}/try.db"), EvidenceStore(beginning[1])
        settled: dict[str, tuple[object, ...]] = {}
        try:
            for step, name, cell, stale in moves:
                try:
                    with database.writing() as session:
                        take(session, files, step, name, cell, stale=stale)
                except DomainError:
                    pass
                with database.reading() as session:
                    settled |= hold(session, settled)
            with database.reading() as session:
                assert audit.verify(session) is None
        finally:
            database.dispose()


def take(
    session: Session,
    files: EvidenceStore,
    step: str,
    name: str,
    cell: tuple[str, str],
    *,
    stale: bool,
) -> None:
    """One step by one person, who may have looked at the page a while ago."""
    who, found = PEOPLE[name], round_store.by_code(session, "R1")
    held = store.live(session, found, *cell)
    read = max(0, (held.revision if held else 0) - stale)
    steps: dict[str, Callable[[], object]] = {
        "prepare": lambda: service.prepare(
            session, files, who, found, *cell, Asked("漏计", 60.0), [PROOF, SIGNED], read=read
        ),
        "file": lambda: service.file(session, who, found, *cell, read=read),
        "withdraw": lambda: service.withdraw(session, who, found, *cell, read=read),
        "answer": lambda: deciding.answer(session, files, who, found, *cell, "看过"),
        "accept": lambda: deciding.decide(
            session, files, who, found, *cell, Verdict(True, "属实", 61.0), read=read
        ),
        "reject": lambda: deciding.decide(
            session, files, who, found, *cell, Verdict(False, "不符"), read=read
        ),
        "consent": lambda: service.consent(session, who, found, cell[0]),
    }
    steps[step]()


def hold(session: Session, settled: dict[str, tuple[object, ...]]) -> dict[str, tuple[object, ...]]:
    """What must be true at any time; gives the decisions that stand."""
    found = round_store.by_code(session, "R1")
    every = store.listed(session, found)
    alive = [(e.city, e.indicator) for e in every if e.state != rules.WITHDRAWN]
    assert len(alive) == len(set(alive))
    for each in every:
        answers = store.answers_of(session, [each.id])
        assert len({a.side for a in answers}) == len(answers)
        if each.state == rules.WITHDRAWN:
            assert answers == []
        if each.state in rules.DECIDED:
            assert each.decided_by not in {a.by for a in answers} | {each.filed_by}
            assert each.decided_by != store.run(session, each.run_id).scored_by
            assert len(answers) == 2
            assert said(each) == settled.get(each.code, said(each)), "a decision stands"
        else:
            assert (each.decided_by, each.new_run_id) == (None, None)
    accepted = sum(each.state == rules.ACCEPTED for each in every)
    assert len(run_store.runs(session, found)) == 1 + accepted
    return {each.code: said(each) for each in every if each.state in rules.DECIDED}


def said(each: Objection) -> tuple[object, ...]:
    return each.state, each.decided_by, each.decided_at, each.decided_value, each.new_run_id
