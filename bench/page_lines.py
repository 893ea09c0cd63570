"""The ranking page, signed in, against a bare Litestar page of 14 rows on the same server."""

from __future__ import annotations

import http.client
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from bench.deployment import LATEST, deploy
from bench.measuring import Line
from bench.serving import environment, server
from evaluation.accounts.access import COOKIE

LIMIT = 2.0
REQUESTS = 25  # a timing


def lines() -> Iterator[Line]:
    """The page as a browser asks for it, uncompressed on both sides: the bare one has no gzip."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ysb")))
        deployment = deploy(folder)
        ours = stack.enter_context(server("app:create_app", environment(deployment.settings)))
        bare = stack.enter_context(server("bench.bare_page:create_app", {}))
        cookie = {"Cookie": f"{COOKIE}={deployment.token}"}
        page = _asker(ours, f"/rounds/{LATEST}/ranking", cookie)
        plain = _asker(bare, "/", {})
        assert page().count("<tr") >= 14
        assert plain().count("<tr") >= 14
        yield Line(
            "ranking page",
            page,
            plain,
            LIMIT,
            f"a Litestar + Jinja page of 14 rows ({len(plain()):,} characters; "
            f"ours {len(page()):,})",
            rounds=12,
            calls=REQUESTS,
        )


def _asker(port: int, path: str, headers: Mapping[str, str]) -> Callable[[], str]:
    """One keep-alive connection that asks again and again."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    sent = dict(headers)

    def ask() -> str:
        connection.request("GET", path, headers=sent)
        answer = connection.getresponse()
        body = answer.read().decode()
        if (said := answer.headers["Set-Cookie"]) and "Cookie" in headers:
            sent["Cookie"] = f"{headers['Cookie']}; {said.partition(';')[0]}"  # as a browser does
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        return body

    return ask
