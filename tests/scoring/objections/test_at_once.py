"""Two people decide at the same moment: one decision stands, the other is told of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from evaluation.platform.database import Database
from evaluation.platform.errors import DomainError
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import store as round_store
from scoring.objections import deciding, rules, store
from scoring.objections.deciding import Verdict
from scoring.runs import store as run_store
from tests.scoring.objections.desk import answered
from tests.scoring.runs.results import principal, scored_round


def test_one_of_two_decisions_stands(database: Database, evidence_store: EvidenceStore) -> None:
    with database.writing() as session:
        found, _run = scored_round(session, evidence_store)
        read = answered(session, evidence_store, found).revision
    together = Barrier(2)

    def decide(name: str) -> str:
        who = principal(name)
        together.wait(10)
        try:
            with database.writing() as session:
                found = round_store.by_code(session, "R1")
                verdict = Verdict(True, "属实", 60.0)
                deciding.decide(session, evidence_store, who, found, "C1", "I2", verdict, read=read)
        except DomainError as error:
            return type(error).__name__
        return "decided"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(decide, ("office-x", "office-y")))
    assert outcomes == [rules.Overtaken.__name__, "decided"]
    with database.reading() as session:
        found = round_store.by_code(session, "R1")
        (held,) = store.listed(session, found)
        assert held.state == rules.ACCEPTED
        assert [run.number for run in run_store.runs(session, found)] == [2, 1]
