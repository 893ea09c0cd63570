"""A committed cell edit with its audit row, against the same rows written by bare sqlite3."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from bench.deployment import OPEN, SYSTEM, deploy
from bench.measuring import Line
from bench.province import SMALL, framework
from evaluation.framework.tree import Node
from evaluation.platform.database import Database
from evaluation.rounds import store as rounds
from surveys.filings import rules
from surveys.filings.rules import Entry
from surveys.filings.service import save_value

LIMIT = 4.0
EDITS = 50  # a timing
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000")


def lines() -> Iterator[Line]:
    """One line; the two write to databases of their own on the same disk."""
    with tempfile.TemporaryDirectory(prefix="ysb") as ours, tempfile.TemporaryDirectory() as bare:
        yield from _line(Path(ours), Path(bare))


def _line(ours_at: Path, bare_at: Path) -> Iterator[Line]:
    database = Database(deploy(ours_at).settings.database)
    deploy(bare_at)
    city = framework(SMALL).units[0].code
    indicator = next(n.code for n in rules.indicators(framework(SMALL)) if _holds(n))
    revisions = count()
    with database.reading() as session:
        found = rounds.by_code(session, OPEN)

    def edit() -> None:
        read = next(revisions)
        with database.writing() as session:
            entry = Entry(float(1 + read % 49))
            save_value(session, SYSTEM, found, city, indicator, entry, read=read)

    connection = sqlite3.connect(bare_at / "yingshang.db", isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    bare = _BareEdit(connection, found.id, city, indicator)
    edit()
    yield Line(
        "committed cell edit",
        edit,
        bare,
        LIMIT,
        "the same rows by bare sqlite3, synchronous FULL",
        rounds=12,
        calls=EDITS,
    )
    connection.close()
    database.dispose()


def _holds(node: Node) -> bool:
    return (node.minimum or 0) <= 1 and (node.maximum is None or node.maximum >= EDITS)


class _BareEdit:
    """The four writes of an edit, and nothing else: no rule, no hash, no question."""

    def __init__(
        self, connection: sqlite3.Connection, round_id: int, city: str, indicator: str
    ) -> None:
        self.run = connection.execute
        self.where = (round_id, city, indicator)
        self.revision = 1
        self.number = self.run("SELECT number FROM audit_head").fetchone()[0]
        self.run(
            "INSERT INTO filings (round_id, city, state, revision) VALUES (?, ?, 'open', 0)",
            (round_id, city),
        )
        self.run(
            "INSERT INTO filing_values (round_id, city, indicator, value, not_applicable, note,"
            " state, return_reason, revision, updated_by, updated_at)"
            " VALUES (?, ?, ?, 0, 0, '', 'saved', '', 1, 'system', ?)",
            (*self.where, MOMENT),
        )

    def __call__(self) -> None:
        """One edit, committed."""
        self.revision += 1
        self.number += 1
        value = float(1 + self.revision % 49)
        self.run("BEGIN IMMEDIATE")
        self.run(
            "UPDATE filing_values SET value = ?, not_applicable = 0, note = '', state = 'saved',"
            " return_reason = '', revision = ?, updated_by = 'system', updated_at = ?"
            " WHERE round_id = ? AND city = ? AND indicator = ? AND revision = ?",
            (value, self.revision, MOMENT, *self.where, self.revision - 1),
        )
        self.run(
            "INSERT INTO filing_value_versions (round_id, city, indicator, revision, value,"
            " not_applicable, note, state, return_reason, how, key, by, at)"
            " VALUES (?, ?, ?, ?, ?, 0, '', 'saved', '', 'grid', '', 'system', ?)",
            (*self.where, self.revision, value, MOMENT),
        )
        self.run(
            "INSERT INTO audit_entries (number, at, username, role, action, subject, before,"
            " after, algorithm, previous, digest)"
            " VALUES (?, ?, 'system', 'system', 'filing.saved', ?, ?, ?, 'sha256', ?, ?)",
            (self.number, MOMENT, SUBJECT, FACTS, FACTS, DIGEST, DIGEST),
        )
        self.run("UPDATE audit_head SET number = ?, digest = ? WHERE id = 1", (self.number, DIGEST))
        self.run("COMMIT")


MOMENT = "2026-11-24 06:00:00.000000"
SUBJECT = "round:B3/city:620100/indicator:N01.01"
FACTS = '{"not_applicable":false,"note":"","value":12.0}'
DIGEST = "0" * 64
