"""Alembic's environment: the one place beside `app` that sees every table."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

import surveys.filings.models
import surveys.observations.models  # noqa: F401
from evaluation.platform.database import WRITES, Base, Database

database: Database = context.config.attributes["database"]


def render_item(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Write our moment type as the plain column it is, so that a migration stands alone."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


with database.engine.execution_options(**{WRITES: True}).connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
        compare_type=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
