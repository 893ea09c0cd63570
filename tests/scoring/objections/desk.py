"""People and papers of objections in tests of services."""

from __future__ import annotations

from sqlalchemy.orm import Session

from evaluation.accounts.principal import Principal
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds.models import Round
from scoring.objections import deciding, rules, service
from scoring.objections.attaching import Upload
from scoring.objections.deciding import Verdict
from scoring.objections.models import Objection
from scoring.objections.service import Asked
from tests.scoring.runs.results import principal

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PROOF = Upload(rules.EVIDENCE, "台账.pdf", PDF + b"proof")
SIGNED = Upload(rules.SIGNATURE, "签字页.pdf", PDF + b"signed")
CLERK = principal("clerk-one", "clerk", cities=frozenset({"C1"}))
APPROVER = principal("approver-one", "approver", cities=frozenset({"C1"}))
SUPERVISOR = principal("supervisor-one", "supervisor")
#: Made the run of `scored_round`; it answers for the office, and somebody else decides.
SCORER = principal("office-one")
JUDGE = principal("office-two")


def filed(
    session: Session,
    files: EvidenceStore,
    found: Round,
    indicator: str = "I2",
    *,
    city: str = "C1",
    asked: float | None = 80.0,
    who: Principal = APPROVER,
) -> Objection:
    """An objection with all that it needs, filed."""
    held, faults = service.prepare(
        session,
        files,
        who,
        found,
        city,
        indicator,
        Asked("登记册漏计了两个月", asked),
        [PROOF, SIGNED],
    )
    assert faults == []
    return service.file(session, who, found, city, indicator, read=held.revision)


def answered(
    session: Session, files: EvidenceStore, found: Round, indicator: str = "I2", city: str = "C1"
) -> Objection:
    """The same with both answers."""
    held = filed(session, files, found, indicator, city=city)
    for who in (SCORER, SUPERVISOR):
        deciding.answer(session, files, who, found, city, indicator, f"{who.role}已核对")
    return held


def decided(
    session: Session,
    files: EvidenceStore,
    found: Round,
    verdict: Verdict,
    indicator: str = "I2",
    city: str = "C1",
) -> Objection:
    """The same, decided."""
    held = answered(session, files, found, indicator, city)
    return deciding.decide(
        session, files, JUDGE, found, city, indicator, verdict, read=held.revision
    )
