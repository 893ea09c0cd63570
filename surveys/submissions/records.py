"""A record as it was sent: who it says it is, its ledger, its own clock. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from surveys.forms import answers
from surveys.forms.answers import Answers, Header
from surveys.submissions import ledger as ledgers
from surveys.submissions.ledger import Ledger
from surveys.submissions.parcel import (
    LONGEST_NAME,
    MAX_LEDGER_BYTES,
    Parcel,
    ParcelTooLarge,
    bare_name,
    typed_code,
)
from surveys.submissions.rules import Times

NO_LEDGER = Ledger()


@dataclass(frozen=True, slots=True)
class Record:
    """What a parcel says. ``number`` is the version of the form, None for what is no number."""

    header: Header
    number: int | None
    visit: str
    xml_sha256: str
    ledger: Ledger
    ledger_sha256: str | None
    root: etree._Element = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that a record names, with what its ledger noted of it."""

    name: str
    question: str
    captured: ledgers.Captured


def read(parcel: Parcel) -> Record:
    """Read the header and the ledger. Raises `BadXml` and `ParcelTooLarge`."""
    root = answers.parsed(parcel.xml)
    header = answers.header_of(root)
    if parcel.ledger is not None and len(parcel.ledger) > MAX_LEDGER_BYTES:
        raise ParcelTooLarge(what="ledger", limit=f"{MAX_LEDGER_BYTES // 2**20} MB")
    number = header.version if header.version.isascii() and header.version.isdigit() else ""
    return Record(
        header=header,
        number=int(number) if 0 < len(number) < 10 else None,
        visit=typed_code(header.visit),
        xml_sha256=hashlib.sha256(parcel.xml).hexdigest(),
        ledger=ledgers.read(parcel.ledger) if parcel.ledger is not None else NO_LEDGER,
        ledger_sha256=(
            hashlib.sha256(parcel.ledger).hexdigest() if parcel.ledger is not None else None
        ),
        root=root,
    )


def times(record: Record, found: Answers | None, now: datetime) -> Times:
    """The record's own clock: the ledger's, else its ``start`` and ``end`` questions."""
    held = record.ledger
    return Times(
        started_at=held.started_at or _preloaded(found, "start"),
        ended_at=held.ended_at or _preloaded(found, "end"),
        skew=held.sent_at - now if held.sent_at is not None else None,
    )


def named_files(record: Record, found: Answers) -> list[NamedFile]:
    """Every file that the record names, once, by the last component of its name."""
    held: dict[str, NamedFile] = {}
    for question, said in found.files():
        name = bare_name(said)
        if name not in held:
            captured = record.ledger.files.get(name, ledgers.Captured())
            held[name] = NamedFile(name, question.name[:LONGEST_NAME], captured)
    return list(held.values())


def _preloaded(found: Answers | None, kind: str) -> datetime | None:
    for entry in found.entries if found is not None else ():
        if entry.question.kind == kind and entry.value:
            return ledgers.moment(entry.value)
    return None
