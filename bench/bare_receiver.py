"""The baseline of a record: the same server and multipart reading, each part written to a file and
flushed with its name, one row committed. No key, no hash, no XML, no rule, no audit."""

from __future__ import annotations

import os
import secrets
import sqlite3
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from anyio.to_thread import run_sync
from litestar import Litestar, Request, Response, post

FOLDER = "BENCH_FOLDER"


class Bare:
    """A file and a row; one writer at a time, as SQLite wants it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.lock = folder, Lock()
        self.entries = os.open(folder, os.O_RDONLY)
        self.rows = sqlite3.connect(
            folder / "bare.db", isolation_level=None, check_same_thread=False
        )
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self.rows.execute(f"PRAGMA {pragma}")
        self.rows.execute("CREATE TABLE IF NOT EXISTS records (name TEXT, size INTEGER)")

    def keep(self, parts: list[bytes]) -> None:
        """Write and flush the bytes, then commit one row that names them."""
        name = secrets.token_hex(16)
        for number, content in enumerate(parts):
            with (self.folder / f"{name}-{number}").open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        os.fsync(self.entries)  # without it a power cut may take the names
        with self.lock:
            self.rows.execute("BEGIN IMMEDIATE")
            self.rows.execute("INSERT INTO records VALUES (?, ?)", (name, len(parts)))
            self.rows.execute("COMMIT")


def create_app() -> Litestar:
    """The bare application."""
    bare = Bare(Path(os.environ[FOLDER]))

    @post("/")
    async def receive(request: Request[Any, Any, Any]) -> Response[None]:
        form = await request.form()
        parts = [await part.read() for _name, part in form.multi_items()]
        await form.close()
        await run_sync(partial(bare.keep, parts))
        return Response(None, status_code=201)

    return Litestar([receive], openapi_config=None)
