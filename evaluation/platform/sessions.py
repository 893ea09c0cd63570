"""The edge of every request: one database session, committed before the answer is sent.

Litestar runs the part after ``yield`` when the handler has returned and before the first byte
leaves, so a commit that fails becomes an error page and is never mistaken for success.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from anyio.to_thread import run_sync
from litestar import Request
from litestar.datastructures import State
from litestar.di import NamedDependency
from sqlalchemy.orm import Session

from evaluation.platform.database import Database

#: How a handler asks for the session: ``db_session: DbSession``.
DbSession = NamedDependency[Session]

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


async def provide_session(request: Request[Any, Any, State]) -> AsyncIterator[Session]:
    """A reading session for safe methods; a writing one, committed at the end, for the others."""
    database: Database = request.app.state.database
    writes = request.method not in SAFE
    session = database.session(writes=writes)
    request.state["session"] = session
    try:
        yield session
    except BaseException:
        await run_sync(_abandon, session)
        raise
    else:
        if session.in_transaction():
            await run_sync(_finish if writes else _abandon, session)
        else:
            session.close()


def _finish(session: Session) -> None:
    try:
        session.commit()
    finally:
        session.close()


def _abandon(session: Session) -> None:
    session.close()
