"""The form's own logic, run again on the server: after a record is acknowledged, never before.

A long form takes tens of milliseconds, and a phone on a bad line should not wait for them. What a
killed server left undone is done when it starts again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
import structlog

from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from surveys.forms import documents, logic
from surveys.forms.logic import LogicFinding
from surveys.forms.models import FormVersion
from surveys.submissions.models import Edition

MOST = 200
#: How far back, in editions, something may have been left undone.
NEWEST = 1000

_EDITIONS = cast(sa.Table, Edition.__table__)
_VERSIONS = cast(sa.Table, FormVersion.__table__)
_LAST = sa.select(sa.func.max(_EDITIONS.c.id)).scalar_subquery()
_OPEN = (
    sa.select(
        _EDITIONS.c.id,
        _EDITIONS.c.xml,
        _EDITIONS.c.received_at,
        _VERSIONS.c.document,
        _VERSIONS.c.xform,
    )
    .join_from(_EDITIONS, _VERSIONS, _VERSIONS.c.id == _EDITIONS.c.version_id)
    .where(_EDITIONS.c.id > _LAST - NEWEST, _EDITIONS.c.findings.is_(sa.null()))
    .order_by(_EDITIONS.c.id)
    .limit(sa.bindparam("most"))
)
_SAY = (
    _EDITIONS.update()
    .where(_EDITIONS.c.id == sa.bindparam("of"), _EDITIONS.c.findings.is_(sa.null()))
    .values(findings=sa.bindparam("said", type_=_EDITIONS.c.findings.type))
)


def judge(database: Database, store: EvidenceStore, most: int = MOST) -> int:
    """Say of up to *most* records that wait for it what their forms' logic finds; gives how
    many there were."""
    with database.engine.connect() as asked:
        waiting = asked.execute(_OPEN, {"most": most}).all()
    if waiting:
        said = [{"of": row.id, "said": _findings(store, row)} for row in waiting]
        with database.turn, database.writing() as session:
            session.connection().execute(_SAY, said)
    return len(waiting)


def _findings(store: EvidenceStore, row: sa.Row[Any]) -> list[dict[str, Any]]:
    version = FormVersion(document=row.document, xform=row.xform)
    received: datetime = row.received_at
    try:
        text = store.get(row.xml).decode().lstrip("\ufeff \t\r\n")
        document = documents.document(store, version)
        told = logic.check(documents.xform(store, version), document, text, at=received)
    except Exception as error:  # a young engine: a record is never lost by it
        structlog.get_logger().warning("not evaluated", error=type(error).__name__)
        return [LogicFinding("not-evaluated", "").stored()]
    return [each.stored() for each in told]
