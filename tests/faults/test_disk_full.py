"""A full disk: a clear 507, reads live, nothing acknowledged is lost, and saving resumes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from litestar import Litestar
from sqlalchemy import event

from evaluation.platform import audit
from evaluation.platform.database import Database
from surveys.filings.models import FilingValueVersion
from tests.conftest import Browser
from tests.factories.province import a_round

CELL = "/rounds/R1/filing/C1/values/I2"
NOTE = "备注" * 400
MOST = 400


@pytest.fixture
def database_kind() -> str:
    """PostgreSQL's own answer to a full disk is to stop; only SQLite can be filled here."""
    return "sqlite"


class Disk:
    """The limit of the application's database file, in pages."""

    def __init__(self, app: Litestar) -> None:
        self.engine = app.state.database.engine
        self.pages = 0
        event.listen(self.engine, "connect", self._limit)

    def fill(self) -> None:
        """No page more than there are now."""
        with self.engine.connect() as connection:
            self.pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        self.engine.dispose()

    def free(self) -> None:
        """Room again."""
        self.pages = 1_000_000
        self.engine.dispose()

    def _limit(self, connection: Any, _record: Any) -> None:
        if self.pages:
            connection.execute(f"PRAGMA max_page_count={self.pages}")


def save(browser: Browser, number: int, accept: str = "application/json") -> Any:
    said = {"revision": number, "value": str(number % 90), "note": f"{number} {NOTE}"}
    return browser.put(CELL, json=said, headers={"accept": accept})


def test_disk_full(app: Litestar, database: Database, sign_in_as: Callable[..., Browser]) -> None:
    with database.writing() as session:
        a_round(session)
    clerk = sign_in_as("clerk", cities=["C1"])
    disk = Disk(app)
    assert save(clerk, 0).status_code == 200
    disk.fill()
    acknowledged, refused = 1, None
    while refused is None and acknowledged < MOST:
        answer = save(clerk, acknowledged)
        if answer.status_code == 200:
            acknowledged += 1
        else:
            refused = answer
    assert refused is not None, "the disk never filled"
    assert refused.status_code == 507
    assert refused.headers["content-type"].startswith("application/problem+json")
    assert refused.json()["type"] == "urn:yingshang:problem:storage-full"
    assert "空间不足" in refused.json()["title"]

    page = clerk.post(
        CELL,
        data={"revision": acknowledged, "value": "5", "note": NOTE},
        headers={"accept": "text/html"},
    )
    assert page.status_code == 507
    assert "已有数据仍可查看" in page.text

    assert clerk.get("/rounds/R1/filing/C1").status_code == 200
    assert clerk.get("/").status_code == 200
    with database.reading() as session:
        stored = session.scalars(sa.select(FilingValueVersion.revision)).all()
        assert sorted(stored) == list(range(1, acknowledged + 1))
        assert audit.verify(session) is None

    disk.free()
    assert save(clerk, acknowledged).status_code == 200
    with database.reading() as session:
        assert audit.verify(session) is None
