"""A record with a photo, durable and audited; many phones at once; the list of forms."""

from __future__ import annotations

import http.client
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

from bench import field_work
from bench.bare_receiver import FOLDER
from bench.field_work import PEOPLE, Record
from bench.measuring import Line
from bench.serving import environment, server

LIMIT = 2.0  # at least half the rate
CALLS = 20  # a timing
ROUNDS = 12
A_SECOND = 50
P95_SECONDS, LIST_SECONDS = 0.5, 0.020
FORMS = 200
#: How long many phones send at once; the promise is for a minute: ``BENCH_SECONDS=60``.
SECONDS = "BENCH_SECONDS"


def lines() -> Iterator[Line]:
    """Three lines over HTTP, on one server."""
    seconds = int(os.environ.get(SECONDS, "10"))
    one_by_one = (ROUNDS + 1) * CALLS + 1
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ysb")))
        other = stack.enter_context(tempfile.TemporaryDirectory(prefix="ysb"))
        work = field_work.deploy(folder, one_by_one + seconds * A_SECOND + PEOPLE, listed=FORMS)
        ours = stack.enter_context(server("app:create_app", environment(work.settings)))
        bare = stack.enter_context(server("bench.bare_receiver:create_app", {FOLDER: other}))
        mine = list(islice(work.records, one_by_one))
        yield Line(
            "record with a photo",
            _sender(ours, "/openrosa/submission", iter(mine)),
            _sender(bare, "/", iter(mine)),
            LIMIT,
            "the same post to a bare Litestar: its parts in flushed files, one row committed FULL",
            rounds=ROUNDS,
            calls=CALLS,
        )
        yield Line(
            f"p95, {PEOPLE} phones, {seconds} s",
            _nothing,
            _nothing,
            1.0,
            f"{A_SECOND} records a second, none refused; the limit is {P95_SECONDS} s",
            taken=lambda: (_crowd(ours, list(work.records), seconds), P95_SECONDS),
        )
        yield Line(
            f"list of {FORMS} forms",
            _nothing,
            _nothing,
            1.0,
            f"the limit is {LIST_SECONDS * 1000:.0f} ms",
            taken=lambda: (_listing(ours, work.keys[0]), LIST_SECONDS),
        )


def _nothing() -> None:
    """The line takes its own numbers."""


def _sender(port: int, path: str, records: Iterator[Record]) -> Callable[[], None]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def send() -> None:
        _post(connection, path, next(records))

    return send


def _post(connection: http.client.HTTPConnection, path: str, record: Record) -> None:
    connection.request("POST", path, body=record.body, headers=record.headers)
    answer = connection.getresponse()
    said = answer.read()
    if answer.status != 201:
        raise RuntimeError(f"{path} answered {answer.status}: {said[:200]!r}")


def _crowd(port: int, records: list[Record], seconds: int) -> float:
    """Every phone sends once a second, each at its own moment of it; seconds at the 95th of a
    hundred, from the moment at which the record was due. Raises what the first phone met."""
    took: list[float] = []
    met: list[Exception] = []
    begins = time.perf_counter() + 1

    def phone(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            for second, record in enumerate(records[number::PEOPLE][:seconds]):
                due = begins + second + number / PEOPLE
                time.sleep(max(0.0, due - time.perf_counter()))
                _post(connection, "/openrosa/submission", record)
                took.append(time.perf_counter() - due)
        except Exception as error:
            met.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=phone, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if met:
        raise met[0]
    if len(took) != seconds * PEOPLE:
        raise RuntimeError(f"{len(took)} of {seconds * PEOPLE} records were sent")
    return statistics.quantiles(took, n=100)[94]


def _listing(port: int, key: str) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    took = []
    for _ in range(60):
        started = time.perf_counter()
        connection.request("GET", f"/openrosa/k/{key}/formList")
        answer = connection.getresponse()
        said = answer.read()
        took.append(time.perf_counter() - started)
        if answer.status != 200 or said.count(b"<xform>") != FORMS:
            raise RuntimeError(f"formList answered {answer.status}")
    connection.close()
    return statistics.median(took[10:])
