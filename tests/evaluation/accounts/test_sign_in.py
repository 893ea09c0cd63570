"""Signing in: right, wrong, throttled, expired, revoked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from evaluation.accounts import roles, service
from evaluation.accounts.models import SignIn, SignInFailure, User
from evaluation.platform import clock
from evaluation.platform.audit import System
from evaluation.platform.database import Database
from evaluation.platform.errors import Faulty
from tests.conftest import Browser

PASSWORD = "Guo-qiao-Miantiao-9"


@pytest.fixture
def member(database: Database) -> str:
    """A clerk of city C1 with a password of their own."""
    with database.writing() as session:
        service.add_user(
            session,
            System(),
            username="wang",
            role=roles.CLERK,
            cities=["C1"],
            password=PASSWORD,
            must_change_password=False,
        )
    return "wang"


def enter(client: Browser, password: str, username: str = "wang", **more: str) -> object:
    return client.post("/sign-in", data={"username": username, "password": password, **more})


def test_right_password_leads_to_where_one_wanted_to_go(client: Browser, member: str) -> None:
    answer = enter(client, PASSWORD, next="/rounds")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/rounds"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_sign_in_never_leads_elsewhere(client: Browser, member: str, target: str) -> None:
    assert enter(client, PASSWORD, next=target).headers["location"] == "/"


def test_wrong_password_and_unknown_name_sound_the_same(client: Browser, member: str) -> None:
    wrong, unknown = enter(client, "no"), enter(client, "no", username="nobody")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("wang", "") == unknown.text.replace("nobody", "")


def test_pages_ask_to_sign_in_and_programs_get_a_problem(client: Browser) -> None:
    page = client.get("/rounds?zone=a")
    assert page.status_code == 303
    assert page.headers["location"] == "/sign-in?next=/rounds%3Fzone%3Da"
    api = client.get("/rounds", headers={"accept": "application/json"})
    assert api.status_code == 401
    assert api.headers["content-type"].startswith("application/problem+json")


def test_guessing_is_slowed_but_a_colleague_is_not_kept_out(
    client: Browser, browser: Callable[[], Browser], member: str
) -> None:
    own_computer = browser()
    assert enter(own_computer, PASSWORD).status_code == 303
    for _ in range(5):
        assert enter(client, "guess").status_code == 401
    slowed = enter(client, PASSWORD)
    assert slowed.status_code == 429
    assert enter(own_computer, PASSWORD).status_code == 303
    assert enter(client, PASSWORD, username="other").status_code == 401


def test_a_wait_ends(client: Browser, member: str, database: Database) -> None:
    for _ in range(5):
        enter(client, "guess")
    with database.writing() as session:
        for failure in session.scalars(sa.select(SignInFailure)):
            failure.at -= timedelta(seconds=10)
    assert enter(client, PASSWORD).status_code == 303


@pytest.mark.parametrize("column", ["seen_at", "created_at"])
def test_sessions_expire(client: Browser, member: str, database: Database, column: str) -> None:
    enter(client, PASSWORD)
    with database.writing() as session:
        found = session.scalars(sa.select(SignIn)).one()
        setattr(found, column, clock.now() - timedelta(days=2))
    assert client.get("/").status_code == 303


def test_switching_an_account_off_works_at_the_next_request(
    client: Browser, member: str, database: Database
) -> None:
    enter(client, PASSWORD)
    assert client.get("/").status_code == 200
    with database.writing() as session:
        service.update_user(
            session,
            System(),
            "wang",
            role=roles.CLERK,
            cities=["C1"],
            rounds=[],
            department="",
            active=False,
        )
    assert client.get("/").status_code == 303
    assert enter(client, PASSWORD).status_code == 401


def test_signing_out_ends_the_session_on_the_server(client: Browser, member: str) -> None:
    enter(client, PASSWORD)
    token = client.cookies["yingshang_session"]
    assert client.post("/sign-out").status_code == 303
    client.cookies.set("yingshang_session", token)
    assert client.get("/").status_code == 303


def test_a_first_password_opens_only_the_page_that_replaces_it(
    client: Browser, database: Database
) -> None:
    with database.writing() as session:
        service.add_user(
            session, System(), username="li", role=roles.LEADER, password="chuci-Mima-77x"
        )
    assert enter(client, "chuci-Mima-77x", "li").headers["location"] == "/password"
    assert client.get("/rounds").status_code == 403
    weak = client.post("/password", data={"current": "chuci-Mima-77x", "new": "li", "again": "li"})
    assert weak.status_code == 422
    assert "密码太短" in weak.text
    strong = {
        "current": "chuci-Mima-77x",
        "new": "jian-Pan-zhi-Wai-5",
        "again": "jian-Pan-zhi-Wai-5",
    }
    assert client.post("/password", data=strong).status_code == 303
    assert client.get("/rounds").status_code == 200


def test_changing_a_password_ends_the_other_sessions(
    client: Browser, browser: Callable[[], Browser], member: str
) -> None:
    enter(client, PASSWORD)
    other = browser()
    enter(other, PASSWORD)
    new = "xin-de-Koul1ng-ok"
    client.post("/password", data={"current": PASSWORD, "new": new, "again": new})
    assert other.get("/").status_code == 303
    assert client.get("/").status_code == 200


def test_a_write_without_the_token_of_the_page_is_refused(client: Browser, member: str) -> None:
    enter(client, PASSWORD)
    answer = client.post("/sign-out", headers={"x-csrf-token": "0" * 128})
    assert answer.status_code == 403
    assert client.get("/").status_code == 200


def test_every_fault_of_a_new_account_is_told_at_once(database: Database, member: str) -> None:
    with pytest.raises(Faulty) as refused, database.writing() as session:
        service.add_user(session, System(), username="wang", role="king", password="short")
    assert {fault.code for fault in refused.value.faults} == {
        "role-unknown",
        "username-taken",
        "password-short",
    }


def test_the_last_administrator_stays(database: Database) -> None:
    with database.writing() as session:
        service.add_user(session, System(), username="zhao", role=roles.OFFICE, password=PASSWORD)
    with pytest.raises(service.LastOffice), database.writing() as session:
        service.update_user(
            session,
            System(),
            "zhao",
            role=roles.LEADER,
            cities=[],
            rounds=[],
            department="",
            active=True,
        )
    with database.reading() as session:
        assert session.scalar(sa.select(User.role)) == roles.OFFICE
