"""Submissions, editions and their files in the database, in plain statements: a phone that was
offline for days sends everything at once, and many do so in the same evening."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from evaluation.platform.evidence import EvidenceFile
from evaluation.rounds.models import Round
from surveys.forms.models import Form, FormVersion
from surveys.submissions.models import Edition, EditionFile, Submission
from surveys.submissions.rules import CLOSED, WAITING, Place
from surveys.visits.models import Conflict, Visit

Row = sa.Row[Any]
Database = Session | sa.Connection

_EDITIONS = cast(sa.Table, Edition.__table__)
_SUBMISSIONS = cast(sa.Table, Submission.__table__)
_FILES = cast(sa.Table, EditionFile.__table__)
_FORMS = cast(sa.Table, Form.__table__)
_VERSIONS = cast(sa.Table, FormVersion.__table__)
_VISITS = cast(sa.Table, Visit.__table__)
_ROUNDS = cast(sa.Table, Round.__table__)
_CONFLICTS = cast(sa.Table, Conflict.__table__)
_EVIDENCE = cast(sa.Table, EvidenceFile.__table__)
_INSERT: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}

_CONFLICT = sa.exists().where(
    _CONFLICTS.c.username == sa.bindparam("username"),
    _CONFLICTS.c.city == _VISITS.c.city,
    _CONFLICTS.c.withdrawn_at.is_(None),
)
_VISIT_COLUMNS = (
    _VISITS.c.id.label("visit_id"),
    _VISITS.c.form_id.label("visit_form_id"),
    _VISITS.c.evaluator,
    _VISITS.c.state.label("visit_state"),
    _VISITS.c.round_id,
    _ROUNDS.c.code.label("round_code"),
    _VISITS.c.city,
    _VISITS.c.opens_at,
    _VISITS.c.closes_at,
    _CONFLICT.label("conflict"),
)
_VISIT = (
    sa.select(*_VISIT_COLUMNS)
    .join_from(_VISITS, _ROUNDS, _ROUNDS.c.id == _VISITS.c.round_id)
    .where(_VISITS.c.code == sa.bindparam("visit"))
)
_VERSION = (
    sa.select(
        _FORMS.c.id.label("form_id"),
        _VERSIONS.c.id.label("version_id"),
        _VERSIONS.c.state,
        _VERSIONS.c.document,
        _VERSIONS.c.xform,
    )
    .join_from(
        _FORMS,
        _VERSIONS,
        sa.and_(_VERSIONS.c.form_id == _FORMS.c.id, _VERSIONS.c.number == sa.bindparam("number")),
        isouter=True,
    )
    .where(_FORMS.c.code == sa.bindparam("form"))
)
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
_LOCK_VISIT = (
    sa.select(_VISITS.c.id)
    .where(_VISITS.c.id == sa.bindparam("visit_id"))
    .with_for_update(key_share=True)
)
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


def place(
    database: Database, *, form: str, number: int | None, visit: str, username: str
) -> tuple[Place, FormVersion | None]:
    """What the server knows of a form, a version of it that was published, and a visit.

    Of the version only the id and the hashes are filled in, for `documents`.
    """
    version = database.execute(_VERSION, {"form": form, "number": number or 0}).one_or_none()
    found = database.execute(_VISIT, {"visit": visit, "username": username}).one_or_none()
    known: dict[str, Any] = dict(found._mapping) if found is not None else {}
    published = version is not None and version.state is not None and version.state != "draft"
    if version is not None:
        known["form_id"] = version.form_id
        known["version_id"] = version.version_id if published else None
    if version is None or not published:
        return Place(**known), None
    return Place(**known), FormVersion(
        id=version.version_id, document=version.document, xform=version.xform
    )


def edition(database: Database, instance: str) -> Row | None:
    """An edition by its instance id."""
    return database.execute(_BY_INSTANCE, {"instance": instance}).one_or_none()


def edition_by_id(database: Database, edition_id: int) -> Row | None:
    """An edition by its id."""
    return database.execute(_BY_ID, {"edition_id": edition_id}).one_or_none()


def following(database: Database, instance: str) -> list[Row]:
    """Editions that wait for *instance*, in the order in which they came."""
    return list(database.execute(_FOLLOWING, {"instance": instance}))


def lock_visit(session: Session, visit_id: int) -> None:
    """Put those who send for the same visit in line; on SQLite every writer is."""
    session.execute(_LOCK_VISIT, {"visit_id": visit_id})


def submission(session: Session, submission_id: int) -> Row:
    """A submission, held until the transaction ends."""
    return session.execute(_SUBMISSION_BY_ID, {"submission_id": submission_id}).one()


def live_submission(session: Session, visit_id: int) -> Row | None:
    """The submission that counts for a visit, held until the transaction ends."""
    return session.execute(_OF_VISIT, {"visit_id": visit_id}).first()


def files(database: Database, edition_id: int) -> list[Row]:
    """The files that an edition names, in its order."""
    return list(database.execute(_FILES_OF, {"edition_id": edition_id}))


def add_submission(session: Session, values: Mapping[str, Any]) -> int:
    """A new submission; gives its id."""
    return _key(session.execute(_SUBMISSIONS.insert(), dict(values)))


def add_edition(session: Session, values: Mapping[str, Any]) -> int:
    """A new edition; gives its id. Raises IntegrityError where another with its id is there."""
    return _key(session.execute(_EDITIONS.insert(), dict(values)))


def add_files(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """The files that a new edition names."""
    held = [dict(row) for row in rows]
    if held:
        session.execute(_FILES.insert(), held)


def add_evidence(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows of stored files; those that are there stay as they are."""
    held = [dict(row) for row in rows]
    if held:
        insert = _INSERT[session.get_bind().dialect.name]
        session.execute(insert(_EVIDENCE).on_conflict_do_nothing(), held)


def change_submission(session: Session, submission_id: int, **values: Any) -> None:
    """Change a submission; its revision goes up by one."""
    session.execute(
        _SUBMISSIONS.update()
        .where(_SUBMISSIONS.c.id == submission_id)
        .values(revision=_SUBMISSIONS.c.revision + 1, **values)
    )


def change_edition(session: Session, edition_id: int, **values: Any) -> None:
    """Change what the server says of an edition; what the phone sent never changes."""
    session.execute(_EDITIONS.update().where(_EDITIONS.c.id == edition_id).values(**values))


def file_arrived(session: Session, file_id: int, **values: Any) -> bool:
    """Fill in a file that was missing; false where it had arrived before."""
    done = session.execute(
        _FILES.update().where(_FILES.c.id == file_id, _FILES.c.sha256.is_(None)).values(**values)
    )
    return bool(cast("sa.CursorResult[Any]", done).rowcount)


def editions_completed(session: Session, edition_ids: Iterable[int], now: datetime) -> None:
    """Mark editions whose files are all here, once."""
    wanted = list(edition_ids)
    if wanted:
        session.execute(
            _EDITIONS.update()
            .where(_EDITIONS.c.id.in_(wanted), _EDITIONS.c.completed_at.is_(None))
            .values(completed_at=now)
        )


def state_of(database: Database, submission_id: int | None) -> str:
    """The state of a submission as a receipt says it; waiting where there is none yet."""
    if submission_id is None:
        return WAITING
    found = database.execute(
        sa.select(_SUBMISSIONS.c.state).where(_SUBMISSIONS.c.id == submission_id)
    ).scalar_one()
    return str(found)


def file_problem(session: Session, file_id: int, problem: str) -> None:
    """Say what is wrong with a file that is still missing."""
    session.execute(
        _FILES.update()
        .where(_FILES.c.id == file_id, _FILES.c.sha256.is_(None))
        .values(problem=problem)
    )


def chain_files(session: Session, submission_id: int) -> list[Row]:
    """Every file of every edition of a submission."""
    return list(
        session.execute(
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
