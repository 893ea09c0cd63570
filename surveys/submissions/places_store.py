"""What the server knows of the form and the visit that a record names, in two plain statements."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa

from evaluation.rounds.models import Round
from surveys.forms.models import Form, FormVersion
from surveys.forms.store import DRAFT
from surveys.submissions.rules import Place
from surveys.submissions.store import Database, plain
from surveys.visits.models import Conflict, Visit

_FORMS = cast(sa.Table, Form.__table__)
_VERSIONS = cast(sa.Table, FormVersion.__table__)
_VISITS = cast(sa.Table, Visit.__table__)
_ROUNDS = cast(sa.Table, Round.__table__)
_CONFLICTS = cast(sa.Table, Conflict.__table__)

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


def place(
    database: Database, *, form: str, number: int | None, visit: str, username: str
) -> tuple[Place, FormVersion | None]:
    """What the server knows of a form, a version of it that was published, and a visit.

    Of the version only the id and the hashes are filled in, for `documents`.
    """
    version = plain(database).execute(_VERSION, {"form": form, "number": number or 0}).one_or_none()
    found = plain(database).execute(_VISIT, {"visit": visit, "username": username}).one_or_none()
    known: dict[str, Any] = dict(found._mapping) if found is not None else {}
    published = version is not None and version.state is not None and version.state != DRAFT
    if version is not None:
        known["form_id"] = version.form_id
        known["version_id"] = version.version_id if published else None
    if version is None or not published:
        return Place(**known), None
    return Place(**known), FormVersion(
        id=version.version_id, document=version.document, xform=version.xform
    )
