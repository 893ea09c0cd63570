"""One sending, read and looked up before anything is locked: what it says, and what is known."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime

from evaluation.platform import clock
from surveys.forms import answers, documents
from surveys.submissions import arrivals, examining, places_store, reasons, records, rules, store
from surveys.submissions.arrivals import Arrival
from surveys.submissions.examining import Examined
from surveys.submissions.intake import Intake
from surveys.submissions.parcel import MAX_FILES, NoRecord, Parcel, is_instance, storable
from surveys.submissions.records import NamedFile, Record
from surveys.submissions.rules import Place, Times

NOTHING_DECIDED = Examined()


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
    storing: tuple[Future[str], ...] = ()


def read(
    at: Intake, parcel: Parcel, *, visit: str = "", keep: bool = False
) -> tuple[Sending, store.Row | None]:
    """Read a sending and look up what it names; gives it with the edition of its id, where that
    is here already. *visit* stands instead of the visit that its record names. With *keep* a record
    that is new is put on the disk meanwhile, which ``storing`` waits for.

    Raises `BadXml`, `NoRecord` and `ParcelTooLarge` for what cannot be read.
    """
    if not parcel.xml:
        raise NoRecord
    now, record = clock.now(), records.read(parcel)
    if visit:
        record = replace(record, visit=visit)
    instance, follows = record.header.instance, record.header.previous
    username = at.device.username
    storing: tuple[Future[str], ...] = ()
    with at.database.engine.connect() as asked:
        held = store.edition(asked, instance)
        if keep and held is None:
            storing = tuple(at.store.begin(_contents(parcel)))
        place, version = places_store.place(
            asked,
            form=record.header.form,
            number=record.number,
            visit=record.visit,
            username=username,
        )
    files = tuple(arrivals.unpack(parcel.files, at.inspect))
    document = documents.document(at.store, version) if version is not None else None
    found = answers.read_root(document, record.root) if document is not None else None
    times = records.times(record, found, now)
    sent = Sending(parcel, record, instance, follows, files, place, now, times, storing=storing)
    objection = rules.objection(place, username, now, times)
    if version is None or document is None or found is None:
        return replace(sent, objection=objection), held
    named = tuple(records.named_files(record, found))
    examined = NOTHING_DECIDED
    if held is None:
        examined = examining.examine(document, record, found, place, times, now)
    objection = _unusable(record, named) or objection
    return replace(
        sent, version_id=version.id, named=named, examined=examined, objection=objection
    ), held


def _contents(parcel: Parcel) -> list[bytes]:
    ledger = [] if parcel.ledger is None else [parcel.ledger]
    return [*(each.content for each in parcel.files), parcel.xml, *ledger]


def _unusable(record: Record, named: tuple[NamedFile, ...]) -> str | None:
    if not is_instance(record.header.instance):
        return reasons.INSTANCE
    if len(named) > MAX_FILES:
        return reasons.TOO_MANY_FILES
    if not all(storable(each.name) for each in named):
        return reasons.BAD_NAME
    return None
