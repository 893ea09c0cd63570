"""The evidence of a submission, ready for a page: each file with its kind, badge and addresses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from surveys.photos import store
from surveys.photos.kinds import SEALED, Kind, kind_named
from surveys.photos.trust import Badge, badge
from surveys.submissions.models import EditionFile, Submission


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of a submission. ``name`` is ours; ``href`` the address of the original, to which
    ``/thumb`` and ``/large`` are added; ``edition_id`` the edition that names it."""

    number: int
    file: EditionFile
    edition_id: int
    kind: Kind
    badge: Badge
    name: str
    href: str

    @property
    def is_shown(self) -> bool:
        """Whether there is a picture to look at."""
        return self.kind.displayable and self.has_arrived

    @property
    def has_arrived(self) -> bool:
        """Whether there is anything to open."""
        return self.file.sha256 is not None


def pieces(session: Session, found: Submission, base: str) -> list[Piece]:
    """Every file of every edition of a submission, in the order of their numbers.

    *base* is the submission's address: ``/rounds/…/submissions/…``, or ``/field/evidence/…`` for
    its own evaluator.
    """
    held = store.files(session, found.id)
    visit = store.visit_of(session, found)
    again = store.elsewhere(session, found.id, _hashes(held))
    return [
        Piece(
            number,
            file,
            edition.id,
            kind(file),
            badge(file, edition, visit, elsewhere=again.get(file.sha256 or "", ())),
            name(found, number, file),
            f"{base}/files/{number}",
        )
        for number, file, edition in held
    ]


def kind(file: EditionFile) -> Kind:
    """What a file may be handed out as: sealed bytes where it did not pass."""
    return SEALED if file.problem else kind_named(file.media_type)


def name(found: Submission, number: int, file: EditionFile) -> str:
    """The name under which a file leaves: never the phone's."""
    return f"{found.code}-{number}{kind(file).extension}"


def _hashes(held: Iterable[store.Held]) -> set[str]:
    return {file.sha256 for _number, file, _edition in held if file.sha256}
