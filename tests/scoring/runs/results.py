"""Rounds with observations, runs and publications, made by the real services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from evaluation.accounts.principal import Principal
from evaluation.framework.tree import Framework
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import rules
from evaluation.rounds import service as rounds
from evaluation.rounds.models import Round
from scoring.runs import service
from scoring.runs.models import Run
from scoring.sealing import reopening
from scoring.sealing.sealer import Sealer
from surveys.observations.service import Given, record_many
from tests.factories.province import a_round, small_framework

Values = Mapping[tuple[str, str], float | Literal["NA"] | None]

#: C2 and C3 end with the same score; C4 is not ranked; one value is missing, two do not apply.
SMALL: Values = {
    ("C1", "I1"): 2.0, ("C1", "I2"): 99.0, ("C1", "I3"): 90.0, ("C1", "I4"): 5.0,
    ("C1", "I5"): 1000.0,
    ("C2", "I1"): 10.0, ("C2", "I2"): 70.0, ("C2", "I3"): 80.0, ("C2", "I4"): 12.0,
    ("C2", "I5"): 2000.0,
    ("C3", "I1"): 10.0, ("C3", "I2"): 70.0, ("C3", "I3"): 80.0, ("C3", "I4"): 12.0,
    ("C3", "I5"): 2000.0,
    ("C4", "I1"): 4.0, ("C4", "I2"): 95.0, ("C4", "I3"): None, ("C4", "I4"): "NA",
    ("C4", "I5"): "NA",
}  # fmt: skip

COMPLETE: Values = {**SMALL, ("C4", "I3"): 70.0}


#: A key of the tests: nothing is made or read for it.
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)


def sealer(files: EvidenceStore) -> Sealer:
    """Seals with the key of the tests."""
    return Sealer(files, lambda: KEY)


def principal(username: str, role: str = "office", **scope: frozenset[str]) -> Principal:
    """Somebody who acts in a test of services."""
    none: frozenset[str] = frozenset()
    return Principal(
        id=1,
        sign_in_id=1,
        username=username,
        display_name=username,
        role=role,
        cities=scope.get("cities", none),
        rounds=scope.get("rounds", none),
        department="",
        must_change_password=False,
    )


OFFICE = principal("office-one")
OTHER = principal("office-two")


def observe(
    session: Session,
    found: Round,
    framework: Framework,
    values: Values = SMALL,
    *,
    source: str = "示例台账",
    evidence: tuple[str, ...] = (),
    method: str = "",
) -> None:
    """Record *values* by *method* where the indicator allows it, else by the first it allows."""
    rows = []
    for (city, indicator), value in values.items():
        if value is None:
            continue
        node = framework.by_code[indicator]
        gone = value == "NA"
        rows.append(
            Given(
                city,
                indicator,
                method if method in node.methods else (*node.methods, "full_filing")[0],
                None if value == "NA" else float(value),
                not_applicable=gone,
                source=source,
                evidence=evidence,
            )
        )
    record_many(session, OFFICE, found, rows)


def observed_round(
    session: Session,
    *,
    code: str = "R1",
    framework: Framework | None = None,
    values: Values = SMALL,
    source: str = "示例台账",
    evidence: tuple[str, ...] = (),
    method: str = "",
    **changes: Any,
) -> Round:
    """A round that is being verified, with its values recorded."""
    framework = framework or small_framework()
    found = a_round(session, code=code, framework=framework, state=rules.VERIFYING, **changes)
    observe(session, found, framework, values, source=source, evidence=evidence, method=method)
    return found


def scored_round(
    session: Session, files: EvidenceStore, *, state: str = rules.OBJECTION, **said: Any
) -> tuple[Round, Run]:
    """An observed round with a run, walked on to *state*."""
    found = observed_round(session, **said)
    run = service.score_round(session, files, OFFICE, found).run
    for target in (rules.SCORED, rules.OBJECTION):
        if rules.ORDER.index(target) <= rules.ORDER.index(state):
            found = rounds.advance(session, OFFICE, found, target)
    return found, run


def published_round(session: Session, files: EvidenceStore, **said: Any) -> tuple[Round, Run]:
    """A round whose result one person approved and another published."""
    found, run = scored_round(session, files, **said)
    service.approve(session, OFFICE, found, run)
    service.publish(session, sealer(files), OTHER, found)
    return found, run


def reopened(session: Session, found: Round, reason: str = "一项数据有误") -> None:
    """A published round that one person asked to reopen, and another agreed to."""
    reopening.ask(session, OFFICE, found, reason=reason)
    reopening.agree(session, OTHER, found)


def corrected(
    session: Session, files: EvidenceStore, found: Round, given: Given, *, note: str = "误"
) -> Run:
    """A reopened round with one value corrected, scored, approved and published again."""
    reopening.correct(session, OFFICE, found, given)
    run = service.score_round(session, files, OFFICE, found).run
    service.approve(session, OFFICE, found, run, note=note)
    service.publish(session, sealer(files), OTHER, found)
    return run
