"""What the server sees in a record at once: look-alikes, odd clocks, what no form asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from surveys.forms.answers import Answers
from surveys.forms.document import SILENT, FormDocument
from surveys.submissions import pace, rules
from surveys.submissions.records import Record
from surveys.submissions.rules import Place, Times


@dataclass(frozen=True, slots=True)
class Examined:
    """The digest of the answers, and flags as short codes."""

    digest: str = ""
    flags: tuple[str, ...] = ()


def examine(
    document: FormDocument,
    record: Record,
    found: Answers,
    place: Place,
    times: Times,
    now: datetime,
) -> Examined:
    """Look at a record; nothing that is found refuses it."""
    flags = rules.time_flags(place, now, times)
    if record.ledger_sha256 is None:
        flags.append("no-ledger")
    if record.ledger.broken:
        flags.append("bad-ledger")
    if pace.too_fast(_seconds(times), _answered(found), pace.script_minutes(document.kit)):
        flags.append("too-fast")
    if found.unknown:
        flags.append("unknown-elements")
    if found.repeated:
        flags.append("repeated")
    return Examined(found.digest(), tuple(flags))


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
