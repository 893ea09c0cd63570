"""Files of a record: which of those sent it names, which are what they were at capture."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from surveys.submissions import reasons, store
from surveys.submissions.parcel import Inspect, Inspected, SentFile, bare_name


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file as it came, known by its content."""

    name: str
    content: bytes
    sha256: str
    kind: Inspected

    def values(self, now: datetime) -> dict[str, Any]:
        """What its row says from now on."""
        return {
            "sha256": self.sha256,
            "size": len(self.content),
            "media_type": self.kind.media_type,
            "problem": self.kind.problem,
            "received_at": now,
        }


@dataclass(frozen=True, slots=True)
class Awaited:
    """What is known of a named file: its hash at capture, and what is here of it."""

    expected: str | None
    sha256: str | None = None


@dataclass(slots=True)
class Matched:
    """Files sent, sorted: those that fill a gap, by name; those kept aside, with the reason."""

    taken: dict[str, Arrival] = field(default_factory=dict)
    aside: list[tuple[Arrival, str]] = field(default_factory=list)

    @property
    def altered(self) -> bool:
        """Whether one of them came before with other bytes."""
        return any(reason == reasons.ALTERED_FILE for _each, reason in self.aside)


def unpack(sent: Iterable[SentFile], inspect: Inspect) -> list[Arrival]:
    """Hash every file and see what it is."""
    found = []
    for each in sent:
        sha256 = hashlib.sha256(each.content).hexdigest()
        name = bare_name(each.name)
        found.append(Arrival(name, each.content, sha256, inspect(each.content, name)))
    return found


def match(awaited: Mapping[str, Awaited], sent: Iterable[Arrival]) -> Matched:
    """Sort what was sent. The same file twice is one; names that nobody awaits are kept aside."""
    found = Matched()
    for each in sent:
        known = awaited.get(each.name)
        if known is None:
            found.aside.append((each, reasons.UNEXPECTED_FILE))
            continue
        here = found.taken[each.name].sha256 if each.name in found.taken else known.sha256
        if here == each.sha256:
            continue
        if here is not None:
            found.aside.append((each, reasons.ALTERED_FILE))
        elif known.expected is not None and known.expected != each.sha256:
            found.aside.append((each, reasons.WRONG_HASH))
        else:
            found.taken[each.name] = each
    return found


def awaited(rows: Iterable[store.Row]) -> dict[str, Awaited]:
    """The files that an edition names, as they stand in the database."""
    return {row.name: Awaited(row.expected, row.sha256) for row in rows}


def fill(session: Session, rows: Iterable[store.Row], found: Matched, now: datetime) -> list[str]:
    """Write down what arrived; gives the hashes of what is new."""
    by_name = {row.name: row for row in rows}
    new = [
        each.sha256
        for name, each in found.taken.items()
        if store.file_arrived(session, by_name[name].id, **each.values(now))
    ]
    for each, reason in found.aside:
        if reason == reasons.WRONG_HASH:
            store.file_problem(session, by_name[each.name].id, reason)
    return new


def carry(session: Session, submission_id: int, now: datetime) -> None:
    """A file that one edition of a record has brought is there for every edition that expects the
    same bytes, in whatever order they came."""
    rows = store.chain_files(session, submission_id)
    here = {row.sha256: row for row in rows if row.sha256 is not None}
    for row in rows:
        if row.sha256 is None and row.expected in here:
            brought = here[row.expected]
            store.file_arrived(
                session,
                row.id,
                sha256=brought.sha256,
                size=brought.size,
                media_type=brought.media_type,
                problem=brought.problem,
                received_at=now,
            )
