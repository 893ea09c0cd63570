"""Several people in one test, all behind one running application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from evaluation.accounts.access import COOKIE
from tests.conftest import Browser, Person


class Reader:
    """Somebody signed in: every request carries their session and no one else's."""

    def __init__(self, browser: Browser, token: str) -> None:
        self.browser, self.token = browser, token
        self.headers: dict[str, str] = {}

    def get(self, path: str, **options: Any) -> Any:
        """Read a page."""
        return self._request("GET", path, **options)

    def post(self, path: str, **options: Any) -> Any:
        """Send a form."""
        return self._request("POST", path, **options)

    def _request(self, method: str, path: str, **options: Any) -> Any:
        self.browser.cookies.set(COOKIE, self.token)
        headers = self.headers | (options.pop("headers", None) or {})
        answer = self.browser.request(method, path, headers=headers, **options)
        self.browser.cookies.delete(COOKIE)
        return answer


@pytest.fixture
def sign_in_as(client: Browser, person: Callable[..., Person]) -> Callable[..., Reader]:
    """``sign_in_as("clerk", cities=["C1"])``."""

    def enter(role: str, **scope: Any) -> Reader:
        return Reader(client, person(role, **scope).token)

    return enter
