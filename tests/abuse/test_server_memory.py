"""A server of its own takes every bomb through every door, and stays small and alive."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from evaluation.accounts import service as accounts
from evaluation.migrations.upgrade import upgrade
from evaluation.platform.audit import System
from evaluation.platform.database import Database
from tests.abuse.hostile import MB
from tests.abuse.test_doors import DOORS, FILES, SLOW
from tests.abuse.world import OWN
from tests.factories.province import a_round

ROOT = Path(__file__).parents[2]


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server in a process of its own."""
    url = f"sqlite:///{tmp_path / 'yingshang.db'}"
    database = Database(url)
    upgrade(database)
    with database.writing() as session:
        a_round(session, code="OPEN")
        for name, role, cities in (("boss", "office", []), ("clerk", "clerk", [OWN])):
            accounts.add_user(
                session, System(), username=name, role=role, cities=cities,
                password="Guo-qiao-Miantiao-9", must_change_password=False,
            )  # fmt: skip
    database.dispose()
    given = {**os.environ, "YINGSHANG_DATA": str(tmp_path), "YINGSHANG_DATABASE": url}
    command = [sys.executable, "-c", SERVE]
    with subprocess.Popen(command, cwd=ROOT, env=given, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}", process
        finally:
            process.send_signal(signal.SIGTERM)


SERVE = """
import socket, sys, structlog, uvicorn
from app import create_app
app = create_app()
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
ear = socket.socket()
ear.bind(("127.0.0.1", 0))
print(ear.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False)).run([ear])
"""


def peak(process: subprocess.Popen[bytes]) -> int:
    said = Path(f"/proc/{process.pid}/status").read_text()
    return int(said.partition("VmHWM:")[2].split()[0]) * 1024


@contextmanager
def entered(url: str, name: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, timeout=60) as browser:
        deadline = time.monotonic() + 30
        while "yingshang_csrf" not in browser.cookies:
            try:
                browser.get("/sign-in")
            except httpx.ConnectError:
                assert time.monotonic() < deadline
                time.sleep(0.05)
        browser.headers["x-csrf-token"] = browser.cookies["yingshang_csrf"]
        who = {"username": name, "password": "Guo-qiao-Miantiao-9"}
        said = browser.post("/sign-in", data=who)
        assert said.status_code == 303, said.text
        yield browser


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_a_server_takes_them_all_in_bounded_memory(
    own_server: tuple[str, subprocess.Popen[bytes]],
) -> None:
    url, process = own_server
    with entered(url, "boss") as office, entered(url, "clerk") as clerk:
        send_all(process, {"office": office, "clerk": clerk})
        assert office.get("/health").json()["status"] == "ok"
    assert process.poll() is None


def send_all(process: subprocess.Popen[bytes], people: dict[str, httpx.Client]) -> None:
    for door in DOORS.values():
        people[door.role].get(door.path.removesuffix("/uploads"))
    before = peak(process)
    for what in ("100 MB", "80-million-character cell", "20-million-character cell", "zip bomb",
                 "entity bomb", "zip bomb that lies", "six million tags", SLOW, "rows of styles",
                 "cells without addresses", "a bomb within"):  # fmt: skip
        content = FILES[what]()
        for door in DOORS.values():
            answer = people[door.role].post(
                door.path, data=door.form, files={door.field: ("表.xlsx", content)}
            )
            assert answer.status_code in (413, 422), (what, answer.status_code)
            if what == SLOW:
                break
    assert peak(process) - before < 300 * MB
