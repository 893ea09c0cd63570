"""Receipts: what the server holds of a record, file by file, under a code that can be read out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from surveys.submissions import store
from surveys.submissions.models import Edition, Submission
from surveys.submissions.rules import WAITING
from surveys.visits.codes import ALPHABET, random_code

_GROUPS = 3
_GROUP = 4
_NO_CODE = re.compile(f"[^{ALPHABET}]")


class EditionLike(Protocol):
    """An edition as a receipt needs it: the mapped class, or a row of its columns."""

    id: Any
    instance: Any
    receipt: Any
    received_at: Any


@dataclass(frozen=True, slots=True)
class ReceiptFile:
    """One file that the record names. ``sha256`` is what arrived, ``expected`` what the phone
    noted at capture; ``problem`` says why it is kept sealed, or why it has to be sent again."""

    name: str
    sha256: str | None
    expected: str | None
    size: int | None
    problem: str = ""

    @property
    def received(self) -> bool:
        """Whether it is here."""
        return self.sha256 is not None


@dataclass(frozen=True, slots=True)
class Aside:
    """A file of a sending that was not taken as the record's own, and is kept apart."""

    name: str
    reason: str
    refusal: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the server holds of one edition. ``new`` where this very sending brought it."""

    code: str
    instance: str
    state: str
    files: tuple[ReceiptFile, ...]
    received_at: datetime
    new: bool = False
    asides: tuple[Aside, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every file that the record names is here."""
        return all(each.received for each in self.files)

    @property
    def missing(self) -> list[str]:
        """Names of the files that are not."""
        return [each.name for each in self.files if not each.received]

    def with_asides(self, asides: Iterable[Aside], *, new: bool) -> Receipt:
        """The same receipt as the answer to one sending."""
        return replace(self, asides=tuple(asides), new=new)


def new_code() -> str:
    """A receipt's code: ``XXXX-XXXX-XXXX``."""
    letters = random_code(_GROUPS * _GROUP)
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def typed(text: str) -> str:
    """A receipt's code as it is stored, from what somebody typed; empty for what is none."""
    letters = _NO_CODE.sub("", text.upper())
    if len(letters) != _GROUPS * _GROUP:
        return ""
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def receipt_of(session: Session, edition: Edition) -> Receipt:
    """The receipt of an edition as things stand now."""
    held = session.get(Submission, edition.submission_id) if edition.submission_id else None
    return made(session, edition, held.state if held is not None else WAITING)


def made(database: store.Database, edition: EditionLike, state: str) -> Receipt:
    """The receipt of an edition whose record is in *state*."""
    return Receipt(
        code=edition.receipt,
        instance=edition.instance,
        state=state,
        files=listed(row._asdict() for row in store.files(database, edition.id)),
        received_at=edition.received_at,
    )


def listed(rows: Iterable[Mapping[str, Any]]) -> tuple[ReceiptFile, ...]:
    """Files of an edition as a receipt lists them, from their rows."""
    return tuple(
        ReceiptFile(row["name"], row["sha256"], row["expected"], row["size"], row["problem"])
        for row in rows
    )


def as_json(receipt: Receipt) -> dict[str, Any]:
    """The receipt for a phone: it deletes nothing that is not listed here as received."""
    return {
        "receipt": receipt.code,
        "instance": receipt.instance,
        "complete": receipt.complete,
        "state": receipt.state,
        "files": [
            {
                "name": each.name,
                "sha256": each.sha256,
                "expected": each.expected,
                "size": each.size,
                "received": each.received,
                **({"problem": each.problem} if each.problem else {}),
            }
            for each in receipt.files
        ],
        "missing": receipt.missing,
        "received_at": receipt.received_at.isoformat(),
        **(
            {
                "aside": [
                    {"name": each.name, "reason": each.reason, "refusal": each.refusal}
                    for each in receipt.asides
                ]
            }
            if receipt.asides
            else {}
        ),
    }
