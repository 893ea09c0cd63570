"""What an evaluator's phone may know, out of the database."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from evaluation.framework.tree import Unit
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.field import rules
from surveys.forms import store as forms
from surveys.forms.models import FormVersion
from surveys.submissions import devices
from surveys.submissions.models import Device, Edition, EditionFile, Submission
from surveys.visits.models import Visit


def web_devices(session: Session, username: str) -> list[Device]:
    """Every phone of a person that used our own pages, revoked ones too, newest first."""
    return list(
        session.scalars(
            sa.select(Device)
            .where(Device.username == username, Device.kind == devices.WEB)
            .order_by(Device.id.desc())
        )
    )


def submissions(session: Session, username: str) -> list[tuple[Submission, str]]:
    """An evaluator's newest submissions, each with its visit's code."""
    rows = session.execute(
        sa.select(Submission, Visit.code)
        .join(Visit, Visit.id == Submission.visit_id)
        .where(Submission.evaluator == username)
        .order_by(Submission.received_at.desc(), Submission.id.desc())
        .limit(rules.LISTED)
    )
    return [(found, code) for found, code in rows]


def editions(session: Session, submission_ids: Collection[int]) -> list[Edition]:
    """Every edition of submissions, in order of arrival."""
    return list(
        session.scalars(
            sa.select(Edition)
            .where(Edition.submission_id.in_(submission_ids))
            .order_by(Edition.received_at, Edition.id)
        )
    )


def own_edition(session: Session, username: str, instance: str) -> Edition | None:
    """An evaluator's own edition by its instance id."""
    return session.scalar(
        sa.select(Edition).where(Edition.instance == instance, Edition.evaluator == username)
    )


def files(session: Session, edition_id: int) -> list[EditionFile]:
    """The files that an edition names."""
    wanted = sa.select(EditionFile).where(EditionFile.edition_id == edition_id)
    return list(session.scalars(wanted.order_by(EditionFile.name)))


def cities(session: Session, round_ids: Collection[int]) -> dict[int, dict[str, Unit]]:
    """Cities by code, of each of these rounds."""
    wanted = sa.select(Round).where(Round.id.in_(round_ids))
    found = session.scalars(wanted.options(joinedload(Round.framework_version)))
    return {each.id: dict(rounds.framework(each).unit_by_code) for each in found}


def form_page(session: Session, sha256: str) -> FormVersion | None:
    """A version that phones could ever get, by the hash of its page."""
    return session.scalar(
        sa.select(FormVersion)
        .where(FormVersion.page == sha256, FormVersion.state != forms.DRAFT)
        .options(joinedload(FormVersion.form))
        .limit(1)
    )


def form_versions(session: Session, ids: Collection[int]) -> list[FormVersion]:
    """Versions by their ids."""
    wanted = sa.select(FormVersion).where(FormVersion.id.in_(ids))
    return list(session.scalars(wanted.options(joinedload(FormVersion.form))))


def newest_versions(session: Session, form_ids: Collection[int]) -> list[FormVersion]:
    """The newest published version of each of these forms, retired or not."""
    newest = (
        sa.select(FormVersion.form_id, sa.func.max(FormVersion.number).label("number"))
        .where(FormVersion.form_id.in_(form_ids), FormVersion.state != forms.DRAFT)
        .group_by(FormVersion.form_id)
        .subquery()
    )
    return list(
        session.scalars(
            sa.select(FormVersion)
            .join(
                newest,
                sa.and_(
                    FormVersion.form_id == newest.c.form_id,
                    FormVersion.number == newest.c.number,
                ),
            )
            .options(joinedload(FormVersion.form))
            .order_by(FormVersion.id)
        )
    )
