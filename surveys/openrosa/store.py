"""Which forms a phone may have: those of its evaluator's own visits, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from surveys.forms.models import Form, FormMedia, FormVersion
from surveys.forms.store import DRAFT
from surveys.visits import rules as visits
from surveys.visits.models import Visit

_FORMS = cast(sa.Table, Form.__table__)
_VERSIONS = cast(sa.Table, FormVersion.__table__)
_MEDIA = cast(sa.Table, FormMedia.__table__)
_VISITS = cast(sa.Table, Visit.__table__)

# As `visits.store.assigned` has it.
_OWN = sa.select(_VISITS.c.form_id).where(
    _VISITS.c.evaluator == sa.bindparam("username"),
    _VISITS.c.state == visits.ISSUED,
    _VISITS.c.closes_at >= sa.bindparam("since", type_=_VISITS.c.closes_at.type),
)
_NEWEST = (
    sa.select(_VERSIONS.c.form_id, sa.func.max(_VERSIONS.c.number).label("number"))
    .where(_VERSIONS.c.form_id.in_(_OWN), _VERSIONS.c.state != DRAFT)
    .group_by(_VERSIONS.c.form_id)
    .subquery()
)
_LISTED = (
    sa.select(
        _FORMS.c.code,
        _VERSIONS.c.number,
        _VERSIONS.c.title,
        _VERSIONS.c.title_en,
        _VERSIONS.c.md5,
        sa.exists().where(_MEDIA.c.version_id == _VERSIONS.c.id).label("has_media"),
    )
    .join_from(_NEWEST, _FORMS, _FORMS.c.id == _NEWEST.c.form_id)
    .join(
        _VERSIONS,
        sa.and_(_VERSIONS.c.form_id == _NEWEST.c.form_id, _VERSIONS.c.number == _NEWEST.c.number),
    )
    .order_by(_FORMS.c.code)
)


def listed(session: Session, username: str, now: datetime) -> Sequence[sa.Row[Any]]:
    """The newest published version of every form that an evaluator's visits use, by its id."""
    return session.execute(_LISTED, {"username": username, "since": now - visits.GRACE}).all()


def own_version(
    session: Session, username: str, now: datetime, form: str, number: int
) -> FormVersion | None:
    """A published version of a form that an evaluator's visits use, older ones too: a record
    that was begun on one is finished on it."""
    own = _OWN.params(username=username, since=now - visits.GRACE)
    return session.scalar(
        sa.select(FormVersion)
        .join(Form, Form.id == FormVersion.form_id)
        .where(
            Form.code == form,
            FormVersion.number == number,
            FormVersion.state != DRAFT,
            FormVersion.form_id.in_(own),
        )
    )
