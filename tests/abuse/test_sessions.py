"""Sessions that cannot be planted, kept or read from a log; passwords of any length."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from anyio.from_thread import BlockingPortal
from litestar import Litestar

from app import create_app
from evaluation.accounts import passwords, service
from evaluation.accounts.access import COOKIE
from evaluation.accounts.models import SignIn
from evaluation.platform.audit import System
from evaluation.platform.database import Database
from evaluation.platform.settings import Settings
from tests.conftest import Browser

NAME, PASSWORD = "zhao", "Guo-qiao-Miantiao-9"


@pytest.fixture(autouse=True)
def _zhao(database: Database) -> None:
    with database.writing() as session:
        service.add_user(
            session, System(), username=NAME, role="office", password=PASSWORD,
            must_change_password=False,
        )  # fmt: skip


def enter(browser: Browser, password: str = PASSWORD, name: str = NAME) -> Any:
    return browser.post("/sign-in", data={"username": name, "password": password})


def flags(answer: Any, cookie: str) -> str:
    (found,) = (
        each for each in answer.headers.get_list("set-cookie") if each.startswith(f"{cookie}=")
    )
    return str(found).partition(";")[2].lower()


def test_scripts_and_other_sites_do_not_get_the_session(client: Browser) -> None:
    said = flags(enter(client), COOKIE)
    assert "httponly" in said
    assert "samesite=lax" in said
    assert "secure" not in said


def test_behind_https_every_cookie_says_so(settings: Settings, portal: BlockingPortal) -> None:
    app = create_app(replace(settings, secure_cookies=True))
    browser = Browser(app, portal)
    browser.base_url = "https://testserver.local"
    try:
        shown, entered = browser.get("/sign-in"), enter(browser)
        assert "secure" in flags(shown, "yingshang_csrf")
        assert "secure" in flags(entered, COOKIE)
        assert "secure" in flags(entered, "yingshang_device")
        chosen = browser.get("/language/en")
        refused = browser.post("/sign-out")
        for answer in (shown, entered, chosen, refused):
            for cookie in answer.headers.get_list("set-cookie"):
                assert cookie.lower().count("; secure") == 1, cookie
        assert "max-age" in entered.headers["strict-transport-security"]
    finally:
        app.state.database.dispose()


def test_a_planted_session_is_never_taken_over(
    client: Browser, browser: Callable[[], Browser], database: Database
) -> None:
    client.cookies.set(COOKIE, "planted")
    assert enter(client).status_code == 303
    attacker = browser()
    attacker.cookies.set(COOKIE, "planted")
    assert attacker.get("/").status_code == 303
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SignIn)) == 1


def test_signing_in_again_ends_the_session_that_was_here_and_no_other(
    client: Browser, browser: Callable[[], Browser]
) -> None:
    elsewhere = browser()
    enter(elsewhere)
    enter(client)
    first = client.cookies[COOKIE]
    enter(client)
    assert client.cookies[COOKIE] != first
    assert client.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 200
    old = browser()
    old.cookies.set(COOKIE, first)
    assert old.get("/").status_code == 303


def test_a_wait_is_told_to_programs_too(client: Browser) -> None:
    for _ in range(5):
        enter(client, "wrong")
    answer = enter(client, PASSWORD)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1


@pytest.mark.parametrize("size", [129, 1_000_000])
def test_a_password_longer_than_any_is_not_hashed_whole(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []
    verify = passwords._hasher.verify

    class Counting:
        @staticmethod
        def verify(kept: str, password: str) -> bool:
            given.append(len(password))
            return verify(kept, password)

    long = "x" * size
    kept = passwords.hash_password(long[: passwords.LONGEST])
    passwords.nobody()
    monkeypatch.setattr(passwords, "_hasher", Counting)
    assert not passwords.matches(kept, long)
    assert given == [passwords.LONGEST]


@pytest.mark.parametrize(
    "name", ["x" * 1_000_000, "李" * 5000, "a\0b", "ｏｆｆｉｃｅ", "", "' or 1=1"]
)
def test_odd_names_are_only_wrong(client: Browser, name: str) -> None:
    assert enter(client, PASSWORD, name).status_code == 401


def test_no_log_holds_a_password_a_token_or_a_query(
    client: Browser, app: Litestar, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    enter(client, "Wrong-secret-1")
    enter(client)
    client.get("/rounds?q=Secret-query")
    client.post("/password", data={"current": "Cur-secret", "new": "New-secret", "again": "x"})
    client.get("/nowhere?token=Secret-query")
    token = client.cookies[COOKIE]
    said = "".join(capfd.readouterr())
    assert "request" in said
    for secret in ("Wrong-secret-1", PASSWORD, token, "Secret-query", "Cur-secret", "New-secret"):
        assert secret not in said
    assert client.cookies["yingshang_csrf"] not in said
