"""The ranking page, signed in, against a bare Litestar page of 14 rows on the same server."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.deployment import LATEST, Deployment, deploy
from bench.measuring import Line
from evaluation.accounts.access import COOKIE

LIMIT = 2.0
START_SECONDS = 60
REQUESTS = 25  # a timing


def lines() -> Iterator[Line]:
    """The page as a browser asks for it, uncompressed on both sides: the bare one has no gzip."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ysb")))
        deployment = deploy(folder)
        ours = stack.enter_context(_server("app:create_app", _environment(deployment)))
        bare = stack.enter_context(_server("bench.bare_page:create_app", {}))
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


def _environment(deployment: Deployment) -> Mapping[str, str]:
    settings = deployment.settings
    return {
        "YINGSHANG_DATA": str(settings.data),
        "YINGSHANG_DATABASE": settings.database,
        "YINGSHANG_SECRET": settings.secret,
        "YINGSHANG_DEMO": "1",
    }


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


@contextmanager
def _server(factory: str, environment: Mapping[str, str]) -> Iterator[int]:
    """uvicorn with one worker on a free loopback port, for the length of a block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    arguments = [sys.executable, "-m", "uvicorn", factory, "--factory", "--host", "127.0.0.1"]
    arguments += ["--port", str(port), "--no-access-log", "--log-level", "warning"]
    process = subprocess.Popen(
        arguments, env={**os.environ, **environment}, stdout=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _listens(port):
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError(f"{factory} did not start")
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
