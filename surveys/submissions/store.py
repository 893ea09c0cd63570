"""Submissions, editions and their files in the database, in plain statements: a phone that was
offline for days sends everything at once, and many do so in the same evening."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.platform.evidence import EvidenceFile
from surveys.submissions.models import Edition, EditionFile, Submission
from surveys.submissions.rules import CLOSED, WAITING
from surveys.visits.models import Visit

Row = sa.Row[Any]
Database = Session | sa.Connection

_EDITIONS = cast(sa.Table, Edition.__table__)
_SUBMISSIONS = cast(sa.Table, Submission.__table__)
_FILES = cast(sa.Table, EditionFile.__table__)
_VISITS = cast(sa.Table, Visit.__table__)
_EVIDENCE = cast(sa.Table, EvidenceFile.__table__)

_EDITION = sa.select(
    _EDITIONS.c.id,
    _EDITIONS.c.submission_id,
    _EDITIONS.c.instance,
    _EDITIONS.c.follows,
    _EDITIONS.c.place,
    _EDITIONS.c.version_id,
    _EDITIONS.c.xml,
    _EDITIONS.c.ledger,
    _EDITIONS.c.evaluator,
    _EDITIONS.c.receipt,
    _EDITIONS.c.received_at,
    _EDITIONS.c.completed_at,
    _EDITIONS.c.flags,
)
_BY_INSTANCE = _EDITION.where(_EDITIONS.c.instance == sa.bindparam("instance"))
_BY_ID = _EDITION.where(_EDITIONS.c.id == sa.bindparam("edition_id"))
_FOLLOWING = _EDITION.where(
    _EDITIONS.c.follows == sa.bindparam("instance"), _EDITIONS.c.place.is_(None)
).order_by(_EDITIONS.c.id)
_SUBMISSION = sa.select(
    _SUBMISSIONS.c.id,
    _SUBMISSIONS.c.code,
    _SUBMISSIONS.c.root,
    _SUBMISSIONS.c.visit_id,
    _SUBMISSIONS.c.evaluator,
    _SUBMISSIONS.c.state,
    _SUBMISSIONS.c.edition_id,
    _SUBMISSIONS.c.city,
).with_for_update()
_SUBMISSION_BY_ID = _SUBMISSION.where(_SUBMISSIONS.c.id == sa.bindparam("submission_id"))
_OF_VISIT = _SUBMISSION.where(
    _SUBMISSIONS.c.visit_id == sa.bindparam("visit_id"), _SUBMISSIONS.c.state.not_in(CLOSED)
)
_AHEAD = sa.select(
    sa.select(_EDITIONS.c.id)
    .where(_EDITIONS.c.instance == sa.bindparam("instance"))
    .scalar_subquery()
    .label("held"),
    sa.select(_SUBMISSIONS.c.id)
    .where(_SUBMISSIONS.c.visit_id == sa.bindparam("visit_id"), _SUBMISSIONS.c.state.not_in(CLOSED))
    .limit(1)
    .scalar_subquery()
    .label("live"),
    sa.exists()
    .where(_EDITIONS.c.follows == sa.bindparam("instance"), _EDITIONS.c.place.is_(None))
    .label("awaited"),
)
_LOCK_VISIT = (
    sa.select(_VISITS.c.id)
    .where(_VISITS.c.id == sa.bindparam("visit_id"))
    .with_for_update(key_share=True)
)
_MOVES = (
    _SUBMISSIONS.update()
    .where(_SUBMISSIONS.c.id == sa.bindparam("of"))
    .values(revision=_SUBMISSIONS.c.revision + 1, state=sa.bindparam("new_state"))
)
_STANDS = _MOVES.values(
    edition_id=sa.bindparam("new_edition"), approved_by=sa.null(), approved_at=sa.null()
)
_ADD_SUBMISSION = _SUBMISSIONS.insert()
_ADD_EDITION = _EDITIONS.insert()
_ADD_FILES = _FILES.insert()
# As text: the dialects' own inserts are compiled anew each time.
_ADD_EVIDENCE = sa.text(
    "INSERT INTO evidence_files (sha256, size, media_type, name, stored_by, stored_at)"
    " VALUES (:sha256, :size, :media_type, :name, :stored_by, :stored_at)"
    " ON CONFLICT DO NOTHING"
).bindparams(sa.bindparam("stored_at", type_=_EVIDENCE.c.stored_at.type))
_FILES_OF = (
    sa.select(
        _FILES.c.id,
        _FILES.c.edition_id,
        _FILES.c.name,
        _FILES.c.question,
        _FILES.c.expected,
        _FILES.c.sha256,
        _FILES.c.size,
        _FILES.c.problem,
    )
    .where(_FILES.c.edition_id == sa.bindparam("edition_id"))
    .order_by(_FILES.c.id)
)


def plain(database: Database) -> sa.Connection:
    """The connection below a session: plain statements need nothing of what is above it."""
    return database.connection() if isinstance(database, Session) else database


def edition(database: Database, instance: str) -> Row | None:
    """An edition by its instance id."""
    return plain(database).execute(_BY_INSTANCE, {"instance": instance}).one_or_none()


def edition_by_id(database: Database, edition_id: int) -> Row | None:
    """An edition by its id."""
    return plain(database).execute(_BY_ID, {"edition_id": edition_id}).one_or_none()


def ahead(database: Database, instance: str, visit_id: int | None) -> Row:
    """What is here already, in one look: ``held`` the edition of this id, ``live`` the submission
    that counts for the visit, ``awaited`` whether other editions wait for this one."""
    return plain(database).execute(_AHEAD, {"instance": instance, "visit_id": visit_id}).one()


def following(database: Database, instance: str) -> list[Row]:
    """Editions that wait for *instance*, in the order in which they came."""
    return list(plain(database).execute(_FOLLOWING, {"instance": instance}))


def lock_visit(session: Session, visit_id: int) -> None:
    """Put those who send for the same visit in line; on SQLite every writer is."""
    connection = plain(session)
    if connection.dialect.name != "sqlite":
        connection.execute(_LOCK_VISIT, {"visit_id": visit_id})


def submission(session: Session, submission_id: int) -> Row:
    """A submission, held until the transaction ends."""
    return plain(session).execute(_SUBMISSION_BY_ID, {"submission_id": submission_id}).one()


def live_submission(session: Session, visit_id: int) -> Row | None:
    """The submission that counts for a visit, held until the transaction ends."""
    return plain(session).execute(_OF_VISIT, {"visit_id": visit_id}).first()


def files(database: Database, edition_id: int) -> list[Row]:
    """The files that an edition names, in its order."""
    return list(plain(database).execute(_FILES_OF, {"edition_id": edition_id}))


def add_submission(session: Session, values: Mapping[str, Any]) -> int:
    """A new submission; gives its id."""
    return _key(plain(session).execute(_ADD_SUBMISSION, dict(values)))


def add_edition(session: Session, values: Mapping[str, Any]) -> int:
    """A new edition; gives its id. Raises IntegrityError where another with its id is there."""
    return _key(plain(session).execute(_ADD_EDITION, dict(values)))


def add_files(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """The files that a new edition names."""
    held = [dict(row) for row in rows]
    if held:
        plain(session).execute(_ADD_FILES, held)


def add_evidence(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows of stored files; those that are there stay as they are."""
    held = [dict(row) for row in rows]
    if held:
        plain(session).execute(_ADD_EVIDENCE, held)


def stands(session: Session, submission_id: int, edition_id: int, state: str) -> None:
    """From now on a submission stands for this edition; whatever was approved of it is not."""
    values = {"of": submission_id, "new_edition": edition_id, "new_state": state}
    plain(session).execute(_STANDS, values)


def moves(session: Session, submission_id: int, state: str) -> None:
    """A submission is in this state; something of it arrived."""
    plain(session).execute(_MOVES, {"of": submission_id, "new_state": state})


def change_edition(session: Session, edition_id: int, **values: Any) -> None:
    """Change what the server says of an edition; what the phone sent never changes."""
    plain(session).execute(_EDITIONS.update().where(_EDITIONS.c.id == edition_id).values(**values))


def file_arrived(session: Session, file_id: int, **values: Any) -> bool:
    """Fill in a file that was missing; false where it had arrived before."""
    done = plain(session).execute(
        _FILES.update().where(_FILES.c.id == file_id, _FILES.c.sha256.is_(None)).values(**values)
    )
    return bool(done.rowcount)


def editions_completed(session: Session, edition_ids: Iterable[int], now: datetime) -> None:
    """Mark editions whose files are all here, once."""
    wanted = list(edition_ids)
    if wanted:
        plain(session).execute(
            _EDITIONS.update()
            .where(_EDITIONS.c.id.in_(wanted), _EDITIONS.c.completed_at.is_(None))
            .values(completed_at=now)
        )


def state_of(database: Database, submission_id: int | None) -> str:
    """The state of a submission as a receipt says it; waiting where there is none yet."""
    if submission_id is None:
        return WAITING
    found = (
        plain(database)
        .execute(sa.select(_SUBMISSIONS.c.state).where(_SUBMISSIONS.c.id == submission_id))
        .scalar_one()
    )
    return str(found)


def file_problem(session: Session, file_id: int, problem: str) -> None:
    """Say what is wrong with a file that is still missing."""
    plain(session).execute(
        _FILES.update()
        .where(_FILES.c.id == file_id, _FILES.c.sha256.is_(None))
        .values(problem=problem)
    )


def chain_files(session: Session, submission_id: int) -> list[Row]:
    """Every file of every edition of a submission."""
    return list(
        plain(session).execute(
            sa.select(
                _FILES.c.id,
                _FILES.c.edition_id,
                _FILES.c.expected,
                _FILES.c.sha256,
                _FILES.c.size,
                _FILES.c.media_type,
                _FILES.c.problem,
            )
            .join(_EDITIONS, _EDITIONS.c.id == _FILES.c.edition_id)
            .where(_EDITIONS.c.submission_id == submission_id)
            .order_by(_FILES.c.id)
        )
    )


def _key(result: sa.Result[Any]) -> int:
    found = cast("sa.CursorResult[Any]", result).inserted_primary_key
    return int(cast("sa.Row[Any]", found)[0])
