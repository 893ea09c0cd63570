"""Records and the worst moments: killed at every step, a full disk. What was acknowledged is
stored, with every file; what was not can be sent again and is then there once."""

from __future__ import annotations

import errno
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from litestar import Litestar

from evaluation.platform import audit
from evaluation.platform.audit import AuditEntry
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from surveys.openrosa.inspecting import inspect
from surveys.submissions import rules, service
from surveys.submissions.intake import Intake
from surveys.submissions.models import Edition, EditionFile, Submission
from surveys.submissions.parcel import Parcel, SentFile
from surveys.visits.models import Visit
from tests.conftest import Browser, Person
from tests.factories import field as factory
from tests.faults.sender import STEPS
from tests.faults.test_disk_full import Disk
from tests.surveys.submissions.phones import Phone, a_ledger, a_phone, an_instance, picture

ROOT = Path(__file__).parents[2]
VISITS = 40
KILLED_AT = 3


@pytest.fixture
def phone(
    database: Database,
    evidence_store: EvidenceStore,
    settings: Settings,
    person: Callable[..., Person],
) -> Phone:
    """A phone with many visits to record."""
    person("evaluator", name="lin")
    made = a_phone(database, evidence_store, settings, "lin")
    with database.writing() as session:
        found = session.merge(made.visit)
        from evaluation.rounds.models import Round

        held = session.get_one(Round, found.round_id)
        for _ in range(VISITS - 1):
            factory.a_visit(session, held, made.version, "lin")
    return made


def send_until_killed(phone: Phone, *, acknowledged: int = 0, step: str = "") -> list[list[str]]:
    command = [sys.executable, "-m", "tests.faults.sender"]
    command += [phone.settings.database, str(phone.settings.data)]
    if step:
        command += [step, str(KILLED_AT)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if acknowledged and len(lines) == acknowledged:
                process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    return [line.split() for line in lines if line.endswith("\n")]


def check(phone: Phone, acknowledged: list[list[str]]) -> set[str]:
    """Every promise about what is stored; gives the ids of the records."""
    with phone.database.reading() as session:
        assert audit.verify(session) is None
        editions = {each.instance: each for each in session.scalars(sa.select(Edition))}
        for _visit, instance, receipt in acknowledged:
            assert editions[instance].receipt == receipt
        records = session.scalars(sa.select(Submission)).all()
        assert len(records) == len(editions)
        assert {each.state for each in records} <= {rules.RECEIVED}
        files = session.scalars(sa.select(EditionFile)).all()
        assert len(files) == len(editions)
        for edition in editions.values():
            phone.store.get(edition.xml)  # raises where it is lost or spoilt
            phone.store.get(edition.ledger or "")
        for file in files:
            phone.store.get(file.sha256 or "")
        received = sa.select(sa.func.count()).where(AuditEntry.action == "submission.received")
        assert session.scalar(received) == len(editions)
        return set(editions)


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_every_step(phone: Phone, step: str) -> None:
    acknowledged = send_until_killed(phone, step=step)
    assert len(acknowledged) == KILLED_AT - 1
    stored = check(phone, acknowledged)
    assert len(stored) == KILLED_AT - (step != "committed"), "it was killed where it says"

    # the phone got no answer: it sends the record of the visit again
    with phone.database.reading() as session:
        visits = session.scalars(sa.select(Visit.code).order_by(Visit.id)).all()
        theirs = sa.select(Edition).order_by(Edition.id.desc())
        last = session.scalars(theirs).first()
    again = last.instance if step == "committed" and last else an_instance()
    if step == "committed":
        assert last is not None
        xml, ledger = phone.store.get(last.xml), phone.store.get(last.ledger or "")
        receipt = service.receive(intake(phone), Parcel(xml, ledger))
        assert not receipt.new
        assert receipt.code == last.receipt
    else:
        photo = picture(9)
        xml = phone.record(visit=visits[KILLED_AT - 1], instance=again, photo="a.jpg")
        parcel = Parcel(xml, a_ledger({"a.jpg": photo}), (SentFile("a.jpg", photo),))
        assert service.receive(intake(phone), parcel).new
    assert len(check(phone, acknowledged)) == KILLED_AT


def test_killed_at_any_moment(phone: Phone) -> None:
    chance = Random(4)
    acknowledged = send_until_killed(phone, acknowledged=chance.randrange(5, 15))
    stored = check(phone, acknowledged)
    assert len(acknowledged) <= len(stored) <= len(acknowledged) + 1


def intake(phone: Phone) -> Intake:
    made = phone.intake()
    return Intake(made.database, made.store, made.settings, made.device, inspect)


class TestFullDisk:
    """Only SQLite can be filled here: PostgreSQL's own answer is to stop."""

    @pytest.fixture
    def database_kind(self) -> str:
        """SQLite."""
        return "sqlite"

    def test_the_database_is_full(self, app: Litestar, phone: Phone, client: Browser) -> None:
        disk = Disk(app)
        with phone.database.reading() as session:
            visits = session.scalars(sa.select(Visit.code).order_by(Visit.id)).all()
        disk.fill()
        acknowledged, refused = [], None
        for visit in visits:
            instance = an_instance()
            xml = phone.record(visit=visit, instance=instance, remark="长" * 3000, photo="a.jpg")
            answer = self.post(client, phone, xml)
            if answer.status_code != 201:
                refused = (answer, xml, instance)
                break
            acknowledged.append(instance)
        assert refused is not None, "the disk never filled"
        answer, xml, instance = refused
        assert answer.status_code == 507
        assert "OpenRosaResponse" in answer.text
        assert "空间不足" in answer.text
        with phone.database.reading() as session:
            assert set(session.scalars(sa.select(Edition.instance))) == set(acknowledged)
            assert audit.verify(session) is None
        assert client.get(f"/openrosa/k/{phone.key}/formList").status_code == 200

        disk.free()
        assert self.post(client, phone, xml).status_code == 201
        with phone.database.reading() as session:
            assert set(session.scalars(sa.select(Edition.instance))) == {*acknowledged, instance}

    def test_the_evidence_store_is_full(
        self, phone: Phone, client: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = EvidenceStore.put

        def full(store: EvidenceStore, content: bytes) -> str:
            if content.startswith(b"<"):
                raise OSError(errno.ENOSPC, "No space left on device")
            return whole(store, content)

        monkeypatch.setattr(EvidenceStore, "put", full)
        xml = phone.record(photo="a.jpg")
        assert self.post(client, phone, xml).status_code == 507
        with phone.database.reading() as session:
            assert session.scalars(sa.select(Edition)).all() == []
        monkeypatch.setattr(EvidenceStore, "put", whole)
        assert self.post(client, phone, xml).status_code == 201

    @staticmethod
    def post(client: Browser, phone: Phone, xml: bytes) -> Any:
        files = {"xml_submission_file": ("r.xml", xml), "a.jpg": ("a.jpg", picture())}
        return client.post(f"/openrosa/k/{phone.key}/submission", files=files)
