"""Many people at the same moment: each change once, each loser told, the chain whole."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from litestar import Litestar

from evaluation.accounts import service as accounts
from evaluation.accounts.models import SignIn, User
from evaluation.platform import audit
from evaluation.platform import database as databases
from evaluation.platform.audit import AuditEntry, System
from evaluation.platform.database import Database
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.filings import uploading
from surveys.filings.models import FilingUpload, FilingValue, FilingValueVersion
from surveys.observations.models import Observation
from tests.conftest import DATABASES, Browser
from tests.surveys.filings.desk import a_filing_round, workbook

MANY = 20
HOME = "/rounds/R1/filing/C1"
Sign = Callable[..., Browser]


@pytest.fixture(params=DATABASES)
def database_kind(request: pytest.FixtureRequest) -> str:
    """Both: what is decided by locks is decided by each in its own way."""
    return str(request.param)


def at_once(browsers: list[Browser], do: Callable[[int, Browser], Any]) -> list[Any]:
    for browser in browsers:
        browser.get("/sign-in")
    with ThreadPoolExecutor(len(browsers)) as pool:
        return list(pool.map(do, range(len(browsers)), browsers))


def count(database: Database, table: Any, *where: Any) -> int:
    with database.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table).where(*where)) or 0


def chain_holds(database: Database) -> bool:
    with database.reading() as session:
        return audit.verify(session) is None


def test_one_edit_wins_each_revision(database: Database, sign_in_as: Sign) -> None:
    with database.writing() as session:
        a_filing_round(session)
    clerks = [sign_in_as("clerk", cities=["C1"], name=f"clerk{n}") for n in range(MANY)]
    for revision in range(2):
        answers = at_once(
            clerks,
            lambda n, clerk, r=revision: clerk.put(
                f"{HOME}/values/I3",
                json={"revision": r, "value": str(10 + r * 30 + n)},
                headers={"accept": "application/json"},
            ),
        )
        assert Counter(a.status_code for a in answers) == {200: 1, 409: MANY - 1}
        told = [a.json() for a in answers if a.status_code == 409]
        assert {each["type"] for each in told} == {"urn:yingshang:problem:edit-conflict"}
    with database.reading() as session:
        held = session.scalars(sa.select(FilingValueVersion.revision)).all()
    assert sorted(held) == [1, 2]
    assert count(database, FilingValue) == 1
    assert count(database, AuditEntry, AuditEntry.action == "filing.saved") == 2
    assert chain_holds(database)


def test_the_same_workbook_from_many_is_saved_once(database: Database, sign_in_as: Sign) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        content = workbook(session, found, values={"H4": 5, "H5": 91, "H6": 70})
    clerks = [sign_in_as("clerk", cities=["C1"], name=f"clerk{n}") for n in range(MANY)]
    sent = at_once(
        clerks,
        lambda _, clerk: clerk.post(f"{HOME}/uploads", files={"workbook": ("表.xlsx", content)}),
    )
    assert {answer.status_code for answer in sent} == {303}
    with database.reading() as session:
        seen = uploading.preview(session, rounds.by_code(session, "R1"), "C1", content, name="x")
        said = seen.revisions()
    answers = at_once(
        clerks,
        lambda n, clerk: clerk.post(
            f"{sent[n].headers['location']}/commit", data={"seen": _json(said)}
        ),
    )
    assert {answer.status_code for answer in answers} == {303}
    assert sum("一致" in clerk.get(HOME).text for clerk in clerks) == MANY - 1
    assert count(database, FilingValueVersion) == 3
    assert count(database, FilingValue) == 3
    assert count(database, FilingUpload, FilingUpload.changed > 0) == 1
    assert chain_holds(database)


def test_one_upload_confirmed_many_times_is_saved_once(
    database: Database, sign_in_as: Sign
) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        content = workbook(session, found, values={"H4": 5, "H5": 91})
    clerk = sign_in_as("clerk", cities=["C1"], name="clerk")
    where = clerk.post(f"{HOME}/uploads", files={"workbook": ("表.xlsx", content)})
    answers = at_once(
        [clerk] * MANY,
        lambda _, same: same.post(
            f"{where.headers['location']}/commit", data={"seen": _json({"I1": 0, "I2": 0})}
        ),
    )
    assert {answer.status_code for answer in answers} == {303}
    assert count(database, FilingValueVersion) == 2
    assert count(database, FilingUpload) == 1
    assert chain_holds(database)


def test_the_same_values_file_from_many_is_recorded_once(
    database: Database, sign_in_as: Sign
) -> None:
    with database.writing() as session:
        a_filing_round(session)
    offices = [sign_in_as("office", name=f"office{n}") for n in range(MANY)]
    content = "城市代码,I2,I3\nC1,71.5,60\nC2,72.5,61\n".encode()
    data = {"method": "full_filing"}
    sent = at_once(
        offices,
        lambda _, office: office.post(
            "/rounds/R1/observations/uploads", data=data, files={"file": ("v.csv", content)}
        ),
    )
    assert {answer.status_code for answer in sent} == {303}
    page = offices[0].get(sent[0].headers["location"]).text
    digest = page.partition('name="digest" value="')[2].partition('"')[0]
    assert digest
    answers = at_once(
        offices,
        lambda n, office: office.post(sent[n].headers["location"], data={"digest": digest}),
    )
    assert Counter(a.status_code for a in answers) == {303: 1, 409: MANY - 1}
    assert count(database, Observation) == 4
    assert chain_holds(database)


def test_many_sign_in_at_once(
    database: Database, browser: Callable[[], Browser], client: Browser
) -> None:
    with database.writing() as session:
        accounts.add_user(
            session, System(), username="li", role="leader", password="Guo-qiao-Miantiao-9",
            must_change_password=False,
        )  # fmt: skip
    people = [browser() for _ in range(MANY)]
    answers = at_once(
        people,
        lambda n, each: each.post(
            "/sign-in",
            data={"username": "li", "password": "wrong" if n == 0 else "Guo-qiao-Miantiao-9"},
        ),
    )
    assert Counter(a.status_code for a in answers) == {303: MANY - 1, 401: 1}
    assert count(database, SignIn) == MANY - 1
    assert chain_holds(database)


def test_a_person_or_a_round_of_one_name_come_once(database: Database, sign_in_as: Sign) -> None:
    with database.writing() as session:
        a_filing_round(session)
    offices = [sign_in_as("office", name=f"office{n}") for n in range(8)]
    person = {"username": "wang", "role": "leader", "display_name": "王"}
    answers = at_once(offices, lambda _, office: office.post("/people", data=person))
    assert sum(a.status_code < 400 for a in answers) == 1, [a.status_code for a in answers]
    assert {a.status_code for a in answers} <= {200, 303, 409, 422}
    round_ = {
        "code": "R9", "name": "轮次九", "kind": "quarterly", "framework": "SMALL@1",
        "opens": "2026-01-01", "closes": "2036-01-01",
    }  # fmt: skip
    answers = at_once(offices, lambda _, office: office.post("/rounds/new", data=round_))
    assert sum(a.status_code == 303 for a in answers) == 1, [a.status_code for a in answers]
    assert {a.status_code for a in answers} <= {303, 409, 422}
    assert count(database, User, User.username == "wang") == 1
    assert count(database, Round, Round.code == "R9") == 1
    assert chain_holds(database)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_database_that_stays_busy_is_told_on_a_page(
    database: Database, app: Litestar, sign_in_as: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as session:
        a_filing_round(session)
    clerk = sign_in_as("clerk", cities=["C1"])
    clerk.get("/sign-in")
    monkeypatch.setattr(databases, "BUSY_MILLISECONDS", 50)
    app.state.database.dispose()
    path = str(database.engine.url.database)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        answer = clerk.post(f"{HOME}/values/I3", data={"revision": "0", "value": "5"})
        assert answer.status_code == 503
        assert "系统正忙" in answer.text
        assert answer.headers["retry-after"] == "5"
        assert clerk.get(HOME).status_code == 200
    finally:
        other.close()
    assert clerk.post(f"{HOME}/values/I3", data={"revision": "0", "value": "5"}).status_code < 400


def _json(said: dict[str, int]) -> str:
    return "{" + ", ".join(f'"{code}": {number}' for code, number in sorted(said.items())) + "}"
