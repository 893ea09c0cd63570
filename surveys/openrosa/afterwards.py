"""What happens after a record is acknowledged: the forms' logic judges it, in a quiet moment.

A running server has one task for it, which waits until no record has come for a second. Where they
keep coming it begins all the same after half a minute, and rests four times as long as it works:
phones that send meanwhile hardly notice. Without a running server (a test's client) it is done
with the answer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

import structlog
from anyio.to_thread import run_sync
from litestar import Litestar
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import State

from surveys.submissions import judging

QUIET_SECONDS = 1.0
PATIENCE_SECONDS = 30.0
REST = 4
AT_A_TIME = 2


class Judge:
    """Knows when records came, and works through them between."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.wake = asyncio.Event()
        self.last = self.since = 0.0

    def came(self) -> None:
        """A record came, or the server starts and something may have been left undone."""
        self.last = time.monotonic()
        if not self.wake.is_set():
            self.since = self.last
            self.wake.set()

    async def work(self) -> None:
        """For ever: wait for records, then for quiet, then judge."""
        while True:
            await self.wake.wait()
            while await self._some():
                pass
            self.wake.clear()

    async def _some(self) -> bool:
        """Judge some, or wait; false when there is nothing left."""
        now = time.monotonic()
        quiet = now - self.last >= QUIET_SECONDS
        if not quiet and now - self.since < PATIENCE_SECONDS:
            await asyncio.sleep(QUIET_SECONDS - (now - self.last))
            return True
        judge = partial(judging.judge, self.state.database, self.state.evidence, AT_A_TIME)
        try:
            done = await run_sync(judge)
        except Exception as error:  # the records are stored; the next one wakes it again
            structlog.get_logger().warning("not judged", error=type(error).__name__)
            return False
        if not quiet:
            await asyncio.sleep(REST * (time.monotonic() - now))
        return bool(done)


@asynccontextmanager
async def judge_while_running(app: Litestar) -> AsyncIterator[None]:
    """The task, for the life of the application; it begins with what was left undone."""
    judge = Judge(app.state)
    judge.came()
    app.state.judge = judge
    task = asyncio.create_task(judge.work())
    try:
        yield
    finally:
        app.state.judge = None
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def soon(app: Litestar) -> BackgroundTask:
    """Have what has just come judged, once its answer has left."""
    judge: Judge | None = app.state.get("judge")
    return BackgroundTask(_at_once, app.state) if judge is None else BackgroundTask(_later, judge)


async def _later(judge: Judge) -> None:
    judge.came()


async def _at_once(state: State) -> None:
    await run_sync(judging.judge, state.database, state.evidence)
