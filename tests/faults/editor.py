"""A process that edits one city's cells until it is killed, and says what was acknowledged.

``python -m tests.faults.editor URL SEED [STEP EDIT]``: a line ``indicator revision value`` is
printed when a save was committed. With STEP it kills itself at that step of the EDIT-th save.
"""

from __future__ import annotations

import os
import signal
import sys
from random import Random
from typing import Any

from sqlalchemy import event

from evaluation.platform.audit import System
from evaluation.platform.database import Database
from evaluation.rounds import store as rounds
from surveys.filings import service
from surveys.filings.rules import Entry

CITY, INDICATORS = "C1", ("I1", "I2", "I3")

#: Steps of a save, in order: what the statement that is about to run begins with.
STEPS = {
    "begun": "SELECT",
    "value": ("INSERT INTO filing_values", "UPDATE filing_values"),
    "version": "INSERT INTO filing_value_versions",
    "audit": "INSERT INTO audit_entries",
    "head": "UPDATE audit_head",
    "commit": "",
    "committed": "",
}


def main(url: str, seed: int, step: str = "", at: int = 0) -> None:
    """Edit for ever."""
    database = Database(url)
    chance, revisions = Random(seed), dict.fromkeys(INDICATORS, 0)
    edits = 0

    def die(now: str) -> None:
        if now == step and edits == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if step in STEPS and STEPS[step] and statement.lstrip().startswith(STEPS[step]):
            die(step)

    event.listen(database.engine, "before_cursor_execute", before)
    event.listen(database.engine, "commit", lambda _connection: die("commit"))
    while True:
        edits += 1
        indicator = chance.choice(INDICATORS)
        read, value = revisions[indicator], float(edits % 50)
        with database.writing() as session:
            found = rounds.by_code(session, "R1")
            saved = service.save_value(
                session, System(), found, CITY, indicator, Entry(value, note=str(edits)), read=read
            )
        die("committed")
        revisions[indicator] = saved.revision
        sys.stdout.write(f"{indicator} {saved.revision} {value}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:4], *map(int, sys.argv[4:5]))
