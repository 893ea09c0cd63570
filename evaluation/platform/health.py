"""Is it alive, can it read its database, and how much disk is left."""

from __future__ import annotations

import shutil
from typing import Any

import sqlalchemy as sa
from litestar import Request, Response, get

from evaluation.platform.database import Database

LEAST_FREE_BYTES = 200 * 1024 * 1024


@get("/health", sync_to_thread=True, exclude_from_auth=True)
def health(request: Request[Any, Any, Any]) -> Response[dict[str, object]]:
    """200 while the database answers and the disk has room, else 503."""
    state = request.app.state
    database: Database = state.database
    try:
        with database.reading() as session:
            session.execute(sa.text("SELECT 1"))
        answers = True
    except sa.exc.SQLAlchemyError:
        answers = False
    roomy = shutil.disk_usage(state.settings.data).free > LEAST_FREE_BYTES
    return Response(
        {
            "status": "ok" if answers and roomy else "failing",
            "database": "ok" if answers else "unreachable",
            "disk": "ok" if roomy else "nearly full",
        },
        status_code=200 if answers and roomy else 503,
    )
