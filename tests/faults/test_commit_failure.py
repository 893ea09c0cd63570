"""A commit that fails is never answered as success, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from evaluation.platform import audit
from evaluation.platform.audit import AuditEntry
from evaluation.platform.database import Database
from evaluation.rounds import rules
from evaluation.rounds import store as rounds
from surveys.filings.models import FilingValue, FilingValueVersion
from tests.conftest import Browser
from tests.factories.province import a_round

CELL = "/rounds/R1/filing/C1/values/I2"

#: Statements succeed and the COMMIT itself fails: a constraint that is checked only then.
BREAK = {
    "sqlite": (
        "CREATE TABLE parents (id INTEGER PRIMARY KEY)",
        """CREATE TABLE doomed
        (parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)""",
        """CREATE TRIGGER doom AFTER INSERT ON audit_entries
        BEGIN INSERT INTO doomed VALUES (7); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION doom() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the commit fails'; END $$""",
        """CREATE CONSTRAINT TRIGGER doom AFTER INSERT ON audit_entries
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION doom()""",
    ),
}
MEND = {"sqlite": "DROP TRIGGER doom", "postgresql": "DROP TRIGGER doom ON audit_entries"}


@pytest.fixture
def doomed(database: Database) -> Callable[[], None]:
    """A database whose commits fail until the function given is called."""
    kind = database.engine.dialect.name
    with database.writing() as session:
        a_round(session)
        a_round(session, code="R2", state=rules.PLANNED)
    run(database, *BREAK[kind])
    return lambda: run(database, MEND[kind])


def run(database: Database, *statements: str) -> None:
    with database.writing() as session:
        for statement in statements:
            session.execute(sa.text(statement))


def counts(database: Database) -> tuple[int, ...]:
    with database.reading() as session:
        return tuple(
            session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in (FilingValue, FilingValueVersion, AuditEntry)
        )


def test_a_save_whose_commit_fails_is_an_error(
    database: Database, doomed: Callable[[], None], sign_in_as: Callable[..., Browser]
) -> None:
    clerk = sign_in_as("clerk", cities=["C1"])
    before = counts(database)

    program = {"accept": "application/json"}
    cell = clerk.put(CELL, json={"revision": 0, "value": "5"}, headers=program)
    form = clerk.post(CELL, data={"revision": "0", "value": "5"})

    assert cell.status_code >= 500
    assert cell.headers["content-type"].startswith("application/problem+json")
    assert form.status_code >= 500
    assert "location" not in form.headers
    assert "yingshang_flash" not in form.headers.get("set-cookie", "")
    assert counts(database) == before

    doomed()
    assert clerk.put(CELL, json={"revision": 0, "value": "5"}).status_code == 200
    with database.reading() as session:
        assert audit.verify(session) is None


def test_a_step_whose_commit_fails_leaves_the_round_where_it_was(
    database: Database, doomed: Callable[[], None], sign_in_as: Callable[..., Browser]
) -> None:
    office = sign_in_as("office")

    answer = office.post("/rounds/R2/steps", data={"target": rules.COLLECTING})

    assert answer.status_code >= 500
    assert "location" not in answer.headers
    with database.reading() as session:
        assert rounds.by_code(session, "R2").state == rules.PLANNED
    doomed()
    answer = office.post("/rounds/R2/steps", data={"target": rules.COLLECTING})
    assert answer.status_code == 303
    with database.reading() as session:
        assert rounds.by_code(session, "R2").state == rules.COLLECTING
