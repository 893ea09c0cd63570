"""What other records have in common with a record: answers, files, time, phone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from surveys.photos.trust import GALLERY
from surveys.review import evidence, queue_store
from surveys.review.queue_store import Condition
from surveys.review.signs import Material
from surveys.review.traces import Position
from surveys.submissions.models import Edition, EditionFile
from surveys.visits.models import Site

#: Code and evaluator of another record.
Other = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Likeness:
    """Other records with the same answers, with the same file, or made at the same time by the
    same person or on the same phone; and everybody else whose records came from that phone."""

    answers: tuple[Other, ...] = ()
    files: tuple[Other, ...] = ()
    at_once: tuple[Other, ...] = ()
    phone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Likenesses:
    """`Likeness` of many editions, by edition (of phones by phone)."""

    answers: dict[int, list[Other]]
    files: dict[int, list[Other]]
    at_once: dict[int, list[Other]]
    phones: dict[int, set[str]]

    def of(self, edition: Edition) -> Likeness:
        """That of one edition."""
        return Likeness(
            tuple(self.answers.get(edition.id, ())),
            tuple(self.files.get(edition.id, ())),
            tuple(self.at_once.get(edition.id, ())),
            frozenset(self.phones.get(edition.device_id, set()) - {edition.evaluator}),
        )


def find(session: Session, where: Sequence[Condition], devices: Collection[int]) -> Likenesses:
    """Everything that other records have in common with those of *where* and *devices*."""
    return Likenesses(
        queue_store.lookalikes(session, where),
        queue_store.same_files(session, where),
        queue_store.at_once(session, where),
        queue_store.phone_mates(session, devices),
    )


def material(
    site: Site,
    edition: Edition,
    files: Sequence[EditionFile],
    places: Sequence[Position],
    alike: Likeness,
    usual: float | None,
) -> Material:
    """What the signs of a record are read from; *usual* is the median duration of its form."""
    away, slack = evidence.nearest(site, places)
    others = {code for code, evaluator in alike.answers if evaluator != edition.evaluator}
    return Material(
        minutes=evidence.minutes_of(edition),
        usual=usual,
        away=away,
        slack=slack,
        mock=sum((file.captured or {}).get("mock") is True for file in files),
        gallery=sum((file.captured or {}).get("source") == GALLERY for file in files),
        altered=sum(bool(f.sha256 and f.expected and f.sha256 != f.expected) for f in files),
        problems=sum(bool(file.problem) for file in files),
        others=len(others),
        own=len({code for code, _ in alike.answers} - others),
        files=len({code for code, _ in alike.files}),
        overlaps=len({code for code, _ in alike.at_once}),
        people=len(alike.phone),
        skew=edition.skew_seconds or 0.0,
        flags=frozenset(edition.flags),
    )
