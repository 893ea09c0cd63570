"""What the server itself says of a record: the form's own logic, look-alikes, odd clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from evaluation.platform.evidence import EvidenceStore
from surveys.forms import documents, logic
from surveys.forms.answers import Answers
from surveys.forms.document import SILENT, FormDocument
from surveys.forms.logic import LogicFinding
from surveys.forms.models import FormVersion
from surveys.submissions import records, rules
from surveys.submissions.records import Record
from surveys.submissions.rules import Place, Times


@dataclass(frozen=True, slots=True)
class Examined:
    """The digest of the answers, what the form's logic finds, and flags as short codes."""

    digest: str
    findings: list[dict[str, Any]]
    flags: list[str]


def examine(
    store: EvidenceStore,
    version: FormVersion,
    record: Record,
    found: Answers,
    xml: bytes,
    place: Place,
    times: Times,
    now: datetime,
) -> Examined:
    """Look at a record. What cannot be evaluated is a finding of its own, never a refusal."""
    document = documents.document(store, version)
    flags = rules.time_flags(place, now, times)
    if record.ledger_sha256 is None:
        flags.append("no-ledger")
    if record.ledger.broken:
        flags.append("bad-ledger")
    if rules.too_fast(_seconds(times), _answered(found), records.script_minutes(document)):
        flags.append("too-fast")
    if found.unknown:
        flags.append("unknown-elements")
    if found.repeated:
        flags.append("repeated")
    return Examined(found.digest(), _findings(store, version, document, xml, now), flags)


def _findings(
    store: EvidenceStore,
    version: FormVersion,
    document: FormDocument,
    xml: bytes,
    now: datetime,
) -> list[dict[str, Any]]:
    text = xml.decode().lstrip("\ufeff \t\r\n")
    try:
        told = logic.check(documents.xform(store, version), document, text, at=now)
    except Exception as error:
        structlog.get_logger().warning("not evaluated", error=type(error).__name__)
        return [LogicFinding("not-evaluated", "").stored()]
    return [each.stored() for each in told]


def _seconds(times: Times) -> float | None:
    if times.started_at is None or times.ended_at is None:
        return None
    return (times.ended_at - times.started_at).total_seconds()


def _answered(found: Answers) -> int:
    return sum(
        1
        for entry in found.entries
        if entry.value and entry.question.kind not in SILENT and entry.question.name != "visit"
    )
