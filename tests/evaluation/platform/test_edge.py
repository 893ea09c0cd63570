"""Headers, languages, sizes and problems at the edge of every answer."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar, get
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from app import create_app
from evaluation.platform.settings import Settings
from tests.conftest import Browser


@pytest.fixture
def database_kind() -> str:
    """One database is enough for what does not touch it."""
    return "sqlite"


@pytest.fixture
def app(settings: Settings) -> Iterator[Litestar]:
    """An application of this file's own: tests add routes to it."""
    app = create_app(settings)
    yield app
    app.state.database.dispose()


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/health", "/static/nothing.css"])
def test_every_answer_is_hardened(client: Browser, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


def test_pages_are_never_cached(client: Browser) -> None:
    assert client.get("/sign-in").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("accept", "word"),
    [("zh-CN,zh;q=0.9", "登录"), ("en-US,en", "Sign in"), ("", "登录"), ("fr", "Sign in")],
)
def test_the_page_speaks_the_readers_language(client: Browser, accept: str, word: str) -> None:
    assert word in client.get("/sign-in", headers={"accept-language": accept}).text


def test_a_chosen_language_stays(client: Browser) -> None:
    client.get("/language/en?next=/sign-in")
    assert "Sign in" in client.get("/sign-in").text
    client.get("/language/zh")
    assert "登录" in client.get("/sign-in").text


def test_unknown_pages_help_people_and_inform_programs(client: Browser) -> None:
    page = client.get("/nowhere")
    assert page.status_code == 404
    assert "没有找到" in page.text
    problem = client.get("/api/nowhere").json()
    assert problem["status"] == 404
    assert problem["type"] == "urn:yingshang:problem:not-found"


def test_a_body_that_says_it_is_too_large_is_read_and_refused(client: Browser) -> None:
    answer = client.post(
        "/sign-in", content=b"x" * (33 * 1024 * 1024), headers={"content-type": "text/plain"}
    )
    assert answer.status_code == 413
    assert "文件太大" in answer.text


def test_a_bug_is_told_in_a_sentence_with_a_reference(app: Litestar, client: Browser) -> None:
    @get("/api/broken", sync_to_thread=False)
    def broken() -> None:
        raise ZeroDivisionError("secret detail")

    app.register(broken)
    answer = client.get("/api/broken")
    assert answer.status_code == 500
    assert len(answer.json()["reference"]) == 8
    assert "secret detail" not in answer.text


def test_the_api_is_described_without_a_cdn(client: Browser) -> None:
    schema = client.get("/schema/openapi.json")
    assert schema.status_code == 200
    paths = json.loads(schema.text)["paths"]
    assert "/health" in paths
    assert all(path.startswith(("/api/", "/health")) for path in paths)


def test_health(client: Browser) -> None:
    assert client.get("/health").json() == {"status": "ok", "database": "ok", "disk": "ok"}


def test_settings_are_read_from_the_environment(tmp_path: Path) -> None:
    settings = Settings.from_environment(
        {"YINGSHANG_DATA": str(tmp_path), "YINGSHANG_PORT": "9000", "YINGSHANG_DEMO": "yes"}
    )
    assert (settings.port, settings.demo) == (9000, True)
    again = Settings.from_environment({"YINGSHANG_DATA": str(tmp_path)})
    assert again.secret == settings.secret
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("YINGSHANG_PORT", "eighty"),
        ("YINGSHANG_DEMO", "maybe"),
        ("YINGSHANG_AUDIT_HASH", "md5"),
        ("YINGSHANG_IDLE_MINUTES", "0"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name):
        Settings.from_environment({"YINGSHANG_DATA": str(tmp_path), name: value})


@pytest.mark.parametrize("path", ["/sign-in", "/health", "/nowhere", "/schema/openapi.json"])
def test_head_answers_as_get_without_a_body(client: Browser, path: str) -> None:
    told, shown = client.head(path), client.get(path)
    assert told.status_code == shown.status_code
    assert told.headers["content-type"] == shown.headers["content-type"]
    assert told.content == b""


@pytest.mark.parametrize(
    "host", ["evil.example:99999", "a b", "[::1", "x:y", "a/b", "a@b:80", "\u00e9"]
)
def test_a_broken_host_is_refused_on_a_page(client: Browser, host: str) -> None:
    answer = client.get("/sign-in", headers=[(b"host", host.encode())])
    assert answer.status_code == 400
    assert answer.headers["x-frame-options"] == "DENY"
    assert "请求无法理解" in answer.text


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8026", "[::1]:80", "yingshang.example", "a_b.example:65535", ""]
)
def test_an_ordinary_host_is_let_in(client: Browser, host: str) -> None:
    assert client.get("/sign-in", headers={"host": host}).status_code == 200


def test_the_limit_is_told_with_the_refusal(client: Browser) -> None:
    answer = client.post(
        "/sign-in",
        content=b"x" * (33 * 1024 * 1024),
        headers={"content-type": "text/plain", "accept-language": "en"},
    )
    assert "At most 32 MB can be sent at once" in answer.text


@pytest.mark.parametrize(
    ("said", "status", "kind"),
    [
        ("UNIQUE constraint failed: rounds.code", 409, "clash"),
        ("FOREIGN KEY constraint failed", 500, "unexpected"),
    ],
)
def test_the_same_stored_twice_at_once_is_a_clash_and_no_bug(
    app: Litestar, client: Browser, said: str, status: int, kind: str
) -> None:
    @get("/api/twice", sync_to_thread=False)
    def twice() -> None:
        raise IntegrityError("INSERT", {}, sqlite3.IntegrityError(said))

    app.register(twice)
    answer = client.get("/api/twice")
    assert answer.status_code == status
    assert answer.json()["type"] == f"urn:yingshang:problem:{kind}"


@pytest.mark.parametrize(
    ("error", "status", "word"),
    [
        (sqlite3.OperationalError("database is locked"), 503, "系统正忙"),
        (sqlite3.OperationalError("attempt to write a readonly database"), 503, "只能读取"),
        (sqlite3.DatabaseError("database disk image is malformed"), 503, "已损坏"),
        (sqlite3.OperationalError("database or disk is full"), 507, "空间不足"),
    ],
)
def test_a_database_in_trouble_is_told_on_a_page(
    app: Litestar, client: Browser, error: sqlite3.DatabaseError, status: int, word: str
) -> None:
    kind = OperationalError if isinstance(error, sqlite3.OperationalError) else DatabaseError

    @get("/trouble", sync_to_thread=False)
    def trouble() -> None:
        raise kind("SELECT 1", {}, error)

    app.register(trouble)
    answer = client.get("/trouble")
    assert answer.status_code == status
    assert word in answer.text
    assert "SELECT" not in answer.text
