"""A weight slider over HTTP: signed in, ranked again, 1,000 draws, the table; against its limit.

The limit is a time, so that time is the baseline and the ratio may reach 1.
"""

from __future__ import annotations

import http.client
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np

from bench.deployment import LATEST, deploy
from bench.measuring import Line
from bench.serving import environment, server
from evaluation.accounts.access import COOKIE

LIMIT = 0.1  # seconds, 95th percentile
MOVES = 100
KNOBS = ("N01", "N05", "N17")


def lines() -> Iterator[Line]:
    """One connection, one move after another, no two with the same weights."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ysb")))
        deployment = deploy(folder)
        port = stack.enter_context(server("app:create_app", environment(deployment.settings)))
        cookie = {"Cookie": f"{COOKIE}={deployment.token}", "Accept": "application/json"}
        ask = _browser(port, cookie)
        first = ask("")
        if '"draws":1000' not in first or first.count("<tr") < 14:
            raise AssertionError("that is not the ranking of 14 cities with 1,000 draws")
        move = partial(ask, "w.N01=9")
        yield Line(
            "slider over HTTP 14×94, p95",
            move,
            move,
            1.0,
            f"the limit of {LIMIT:g} s; {MOVES} moves, {len(first):,} characters each",
            taken=lambda: (_percentile(ask), LIMIT),
        )


def _browser(port: int, headers: Mapping[str, str]) -> Callable[[str], str]:
    """One keep-alive connection; ``ask("w.N01=9")`` moves a slider."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(query: str) -> str:
        connection.request("GET", f"/rounds/{LATEST}/weights.json?{query}", headers=headers)
        answer = connection.getresponse()
        body = answer.read().decode()
        if answer.status != 200:
            raise RuntimeError(f"{query} answered {answer.status}")
        return body

    return ask


def _percentile(ask: Callable[[str], str]) -> float:
    """The 95th percentile of the moves' answers, in seconds."""
    taken = []
    for at in range(MOVES):
        query = "&".join(f"w.{knob}={(3 + at * 0.37 + k) % 30:.2f}" for k, knob in enumerate(KNOBS))
        started = time.perf_counter()
        ask(query)
        taken.append(time.perf_counter() - started)
    return float(np.percentile(taken, 95))
