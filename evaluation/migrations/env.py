"""Alembic's environment: the one place beside `app` that sees every table."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from evaluation.accounts import models as accounts
from evaluation.framework import models as framework
from evaluation.platform import audit, evidence, holidays
from evaluation.platform.database import WRITES, Base, Database, UtcDateTime
from evaluation.rounds import models as rounds
from scoring.objections import models as objections
from scoring.runs import models as runs
from scoring.sealing import models as sealing
from surveys.filings import models as filings
from surveys.findings import models as findings
from surveys.forms import models as forms
from surveys.observations import models as observations
from surveys.readings import models as readings
from surveys.review import models as review
from surveys.submissions import models as submissions
from surveys.visits import models as visits

TABLES = (
    *(accounts, audit, evidence, framework, rounds, filings, observations, runs),
    *(forms, visits, submissions, review, readings, findings),
    *(holidays, objections, sealing),
)

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
