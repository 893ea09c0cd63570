"""A process that takes in one record after the other until it is killed, and says which it
acknowledged.

``python -m tests.faults.sender URL FOLDER [STEP RECORD]``: a line ``visit instance receipt`` is
printed when a record was acknowledged. With STEP it kills itself at that step of the RECORD-th.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import Future
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from surveys.forms.models import FormVersion
from surveys.openrosa.inspecting import inspect
from surveys.submissions import service
from surveys.submissions.intake import Intake
from surveys.submissions.models import Device
from surveys.submissions.parcel import Parcel, SentFile
from surveys.visits.models import Visit
from tests.factories.field import a_record
from tests.surveys.submissions.phones import a_ledger, an_instance, picture

#: Steps of taking in a record, in order: what the statement that is about to run begins with.
STEPS = {
    "first file": "",
    "last file": "",
    "evidence": "INSERT INTO evidence_files",
    "submission": "INSERT INTO submissions",
    "edition": "INSERT INTO editions",
    "files": "INSERT INTO edition_files",
    "state": "UPDATE submissions",
    "audit": "INSERT INTO audit_entries",
    "head": "UPDATE audit_head",
    "commit": "",
    "committed": "",
}


class Dying:
    """Kills this process at one step of one record."""

    def __init__(self, step: str, at: int) -> None:
        self.step, self.at, self.record = step, at, 0

    def next(self) -> None:
        """Another record begins."""
        self.record += 1

    def die(self, now: str) -> None:
        """Die where this is the step."""
        if now == self.step and self.record == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(self, _c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        """A statement is about to run."""
        begins = STEPS.get(self.step, "")
        if begins and statement.lstrip().startswith(begins):
            self.die(self.step)


class DyingStore(EvidenceStore):
    """Dies after the first or the last file of a record."""

    def __init__(self, folder: Path, dying: Dying) -> None:
        super().__init__(folder)
        self.dying = dying

    def begin(self, contents: Sequence[bytes]) -> list[Future[str]]:
        """Store, and perhaps die on the way."""
        self.put(contents[0])
        self.dying.die("first file")
        found = super().begin(contents)
        for each in found:
            each.result()
        self.dying.die("last file")
        return found


def main(url: str, folder: str, step: str = "", at: int = 0) -> None:
    """Take in a record of every visit."""
    database, dying = Database(url), Dying(step, at)
    store = DyingStore(Path(folder) / "evidence", dying)
    settings = Settings(data=Path(folder), database=url, secret="0" * 64)
    with database.reading() as session:
        version = session.scalars(sa.select(FormVersion)).one()
        visits = session.scalars(sa.select(Visit.code).order_by(Visit.id)).all()
        device = session.scalars(sa.select(Device)).first()
        assert version.form.code
        assert device is not None
    event.listen(database.engine, "before_cursor_execute", dying.before)
    event.listen(database.engine, "commit", lambda _connection: dying.die("commit"))
    intake = Intake(database, store, settings, device, inspect)
    for visit in visits:
        dying.next()
        instance = an_instance()
        photo = picture(sha256(visit.encode()).digest()[0])
        xml = a_record(version, visit, instance=instance, photo="a.jpg")
        parcel = Parcel(xml, a_ledger({"a.jpg": photo}), (SentFile("a.jpg", photo),))
        receipt = service.receive(intake, parcel)
        dying.die("committed")
        sys.stdout.write(f"{visit} {instance} {receipt.code}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *sys.argv[3:4], *map(int, sys.argv[4:5]))
