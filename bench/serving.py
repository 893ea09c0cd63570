"""Servers for lines that are measured over HTTP: ours, or a bare one of the same stack."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from evaluation.platform.settings import Settings

START_SECONDS = 60


def environment(settings: Settings) -> Mapping[str, str]:
    """What tells our application where its data are."""
    return {
        "YINGSHANG_DATA": str(settings.data),
        "YINGSHANG_DATABASE": settings.database,
        "YINGSHANG_SECRET": settings.secret,
        "YINGSHANG_DEMO": "1",
    }


@contextmanager
def server(factory: str, environment: Mapping[str, str]) -> Iterator[int]:
    """uvicorn with one worker on a free loopback port, for the length of a block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    arguments = [sys.executable, "-m", "uvicorn", factory, "--factory", "--host", "127.0.0.1"]
    arguments += ["--port", str(port), "--no-access-log", "--log-level", "warning"]
    arguments += ["--timeout-keep-alive", "120"]
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
