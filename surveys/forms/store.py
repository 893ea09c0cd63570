"""Forms and their versions in the database."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from evaluation.platform.database import UtcDateTime
from surveys.forms.models import Form, FormMedia, FormVersion

DRAFT = "draft"
#: It stays published when a newer version follows: what began on it is finished on it.
PUBLISHED = "published"

#: As large as a number of a version can be in either database.
HIGHEST = 2**31 - 1


def form_by_code(session: Session, code: str) -> Form | None:
    """The form by its id."""
    return session.scalar(sa.select(Form).where(Form.code == code))


def version(session: Session, code: str, number: int) -> FormVersion | None:
    """One version of a form, whatever its state."""
    if not 0 < number <= HIGHEST:
        return None
    return session.scalar(_versions().where(Form.code == code, FormVersion.number == number))


def version_by_id(session: Session, version_id: int) -> FormVersion | None:
    """The version a submission was made with."""
    return session.scalar(_versions().where(FormVersion.id == version_id))


def versions(session: Session, code: str) -> list[FormVersion]:
    """All versions of a form, newest first."""
    wanted = _versions().where(Form.code == code).order_by(FormVersion.number.desc())
    return list(session.scalars(wanted))


def everything(session: Session) -> list[FormVersion]:
    """All versions of all forms: forms by their id, newest version first."""
    return list(session.scalars(_versions().order_by(Form.code, FormVersion.number.desc())))


def published(session: Session) -> list[FormVersion]:
    """The newest published version of every form that is not retired, by the form's id."""
    newest = (
        sa.select(sa.func.max(FormVersion.number))
        .where(FormVersion.form_id == Form.id, FormVersion.state != DRAFT)
        .correlate(Form)
        .scalar_subquery()
    )
    wanted = _versions().where(Form.retired_at.is_(None), FormVersion.number == newest)
    return list(session.scalars(wanted.order_by(Form.code)))


def newest_published(session: Session, code: str) -> FormVersion | None:
    """The version that new visits use; None where the form was never published."""
    wanted = _versions().where(Form.code == code, FormVersion.state != DRAFT)
    return session.scalar(wanted.order_by(FormVersion.number.desc()).limit(1))


def draft(session: Session, code: str) -> FormVersion | None:
    """The version that waits to be published; a form has one at most."""
    return session.scalar(_versions().where(Form.code == code, FormVersion.state == DRAFT))


def drafts(session: Session) -> list[FormVersion]:
    """Every version that waits to be published."""
    return list(session.scalars(_versions().where(FormVersion.state == DRAFT).order_by(Form.code)))


def media(session: Session, version_id: int) -> list[FormMedia]:
    """The files that a version's questions show, by name."""
    wanted = sa.select(FormMedia).where(FormMedia.version_id == version_id)
    return list(session.scalars(wanted.order_by(FormMedia.name)))


def was_published(version: FormVersion) -> bool:
    """Whether phones could ever get it: submissions made with it stay valid."""
    return version.state != DRAFT


def _versions() -> sa.Select[tuple[FormVersion]]:
    return (
        sa.select(FormVersion)
        .join(Form, Form.id == FormVersion.form_id)
        .options(joinedload(FormVersion.form))
    )


# Forms come before visits in the story, so of the visits only this table's columns are known.
_VISITS = sa.table(
    "visits", sa.column("form_id"), sa.column("state"), sa.column("closes_at", UtcDateTime())
)


def visits_with(session: Session) -> dict[int, int]:
    """How many visits were planned with each form, by its row's id."""
    counted = sa.select(_VISITS.c.form_id, sa.func.count()).group_by(_VISITS.c.form_id)
    return dict(session.execute(counted).tuples().all())


def visits_out(session: Session, form_id: int, now: datetime) -> int:
    """How many visits with a form are issued and not over."""
    counted = sa.select(sa.func.count()).where(
        _VISITS.c.form_id == form_id, _VISITS.c.state == "issued", _VISITS.c.closes_at >= now
    )
    return session.scalar(counted.select_from(_VISITS)) or 0
