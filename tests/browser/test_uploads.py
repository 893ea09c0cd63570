"""A file too large in a real browser: told when chosen, and on our page when sent all the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from evaluation.accounts.access import COOKIE
from tests.conftest import Person, Server

MB = 2**20
FIELD = "input[type=file]"


@pytest.fixture
def database_kind() -> str:
    """One is enough."""
    return "sqlite"


@pytest.fixture
def big(tmp_path: Path) -> Path:
    path = tmp_path / "体系.xlsx"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(100 * MB)
    return path


def test_100_megabytes_are_told_before_and_after(
    server: Server, page: Page, person: Callable[..., Person], big: Path
) -> None:
    someone = person("office")
    page.context.add_cookies([{"name": COOKIE, "value": someone.token, "url": server.url}])
    page.goto(f"{server.url}/frameworks/import")
    page.set_input_files(FIELD, big)
    said = page.eval_on_selector(FIELD, "field => field.validationMessage")
    assert said == "文件超过 32 MB，无法上传。请减小文件，或另选一个。"
    page.set_input_files(FIELD, [{"name": "a.xlsx", "mimeType": "", "buffer": b"x"}])
    assert page.eval_on_selector(FIELD, "field => field.checkValidity()")
    page.set_input_files(FIELD, big)
    with page.expect_navigation() as sent:
        page.eval_on_selector(FIELD, "field => field.form.submit()")
    assert sent.value is not None
    assert sent.value.status == 413
    told = page.inner_text("body")
    assert "一次上传最多 32 MB" in told
    assert someone.principal.display_name in told
