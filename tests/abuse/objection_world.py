"""An objection of each of two cities, in every round whose scores were fed back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import store as rounds
from scoring.objections import rules, service, store
from scoring.objections.attaching import Upload
from scoring.objections.service import Asked
from tests.scoring.runs.results import principal

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def build(
    session: Session, files: EvidenceStore, code: str, cities: Sequence[str], name: str = "台账"
) -> dict[str, int]:
    """File objections to I2; gives the number of the first file of each city."""
    found, numbers = rounds.by_code(session, code), {}
    for at, city in enumerate(cities):
        who = principal(f"approver-{city}", "approver", cities=frozenset({city}))
        uploads = [
            Upload(rules.EVIDENCE, f"{name}.pdf", PDF + city.encode()),
            Upload(rules.SIGNATURE, f"{name}-签字.pdf", PDF + bytes([at])),
        ]
        held, _faults = service.prepare(
            session, files, who, found, city, "I2", Asked(f"{name}漏计", 55.5), uploads
        )
        service.file(session, who, found, city, "I2", read=held.revision)
        numbers[city] = store.files_of(session, [held.id])[0].id
    return numbers
