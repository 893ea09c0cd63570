"""One sending, read and looked up before anything is locked: what it says, and what is known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from evaluation.platform import clock
from surveys.forms import answers, documents
from surveys.submissions import arrivals, examining, reasons, records, rules, store
from surveys.submissions.arrivals import Arrival
from surveys.submissions.examining import Examined
from surveys.submissions.intake import Intake
from surveys.submissions.parcel import MAX_FILES, NoRecord, Parcel, is_instance, storable
from surveys.submissions.records import NamedFile, Record
from surveys.submissions.rules import Place, Times

NOTHING_DECIDED = Examined("", [], [])


@dataclass(frozen=True, slots=True)
class Sending:
    """One sending, read and looked up: what it says, its files, what the server knows of it.

    ``instance`` and ``follows`` are the record's own, unless somebody lets it in elsewhere.
    """

    parcel: Parcel
    record: Record
    instance: str
    follows: str
    files: tuple[Arrival, ...]
    place: Place
    now: datetime
    times: Times
    version_id: int | None = None
    named: tuple[NamedFile, ...] = ()
    examined: Examined = NOTHING_DECIDED
    flags: tuple[str, ...] = ()
    objection: str | None = None


def read(at: Intake, parcel: Parcel, *, visit: str = "") -> tuple[Sending, store.Row | None]:
    """Read a sending; gives it with the edition of its id, where that is here already.

    *visit* stands instead of the visit that the record names. Raises `BadXml`, `NoRecord` and
    `ParcelTooLarge` for what cannot be read.
    """
    if not parcel.xml:
        raise NoRecord
    now, record = clock.now(), records.read(parcel)
    if visit:
        record = replace(record, visit=visit)
    instance, follows = record.header.instance, record.header.previous
    files = tuple(arrivals.unpack(parcel.files, at.inspect))
    username = at.device.username
    with at.database.engine.connect() as asked:
        held = store.edition(asked, instance)
        place, version = store.place(
            asked,
            form=record.header.form,
            number=record.number,
            visit=record.visit,
            username=username,
        )
    if version is None:
        times = records.times(record, None, now)
        objection = rules.objection(place, username, now, times)
        sent = Sending(parcel, record, instance, follows, files, place, now, times)
        return replace(sent, objection=objection), held
    found = answers.read(documents.document(at.store, version), parcel.xml)
    times = records.times(record, found, now)
    named = tuple(records.named_files(record, found))
    objection = _unusable(record, named) or rules.objection(place, username, now, times)
    examined = NOTHING_DECIDED
    if held is None:
        examined = examining.examine(
            at.store, version, record, found, parcel.xml, place, times, now
        )
    sent = Sending(parcel, record, instance, follows, files, place, now, times)
    return replace(
        sent, version_id=version.id, named=named, examined=examined, objection=objection
    ), held


def _unusable(record: Record, named: tuple[NamedFile, ...]) -> str | None:
    if not is_instance(record.header.instance):
        return reasons.INSTANCE
    if len(named) > MAX_FILES:
        return reasons.TOO_MANY_FILES
    if not all(storable(each.name) for each in named):
        return reasons.BAD_NAME
    return None
