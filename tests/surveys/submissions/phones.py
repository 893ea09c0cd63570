"""A phone in the tests: it makes records of a visit and hands them in, without any network."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from PIL import Image

from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from surveys.forms.models import FormVersion
from surveys.openrosa.inspecting import inspect
from surveys.submissions import service
from surveys.submissions.intake import Intake
from surveys.submissions.models import Device
from surveys.submissions.parcel import Parcel, SentFile
from surveys.submissions.receipts import Receipt
from surveys.visits.models import Visit
from tests.factories import field as factory
from tests.factories.province import a_round


def picture(shade: int = 0, size: tuple[int, int] = (64, 48)) -> bytes:
    """A small photo; another *shade*, other bytes."""
    out = io.BytesIO()
    Image.new("RGB", size, (shade % 256, 90, 160)).save(out, "JPEG")
    return out.getvalue()


def an_instance() -> str:
    """A new record's id."""
    return f"uuid:{uuid.uuid4()}"


def a_ledger(files: Mapping[str, bytes] = {}, **said: Any) -> bytes:
    """The ledger of a record with *files* as they were at capture."""
    listed = [
        {"name": name, "sha256": sha256(content).hexdigest(), "size": len(content)}
        | {"source": "camera", "captured_at": "2026-11-24T08:00:00+00:00"}
        for name, content in files.items()
    ]
    return json.dumps({"app": "test", "files": listed, **said}).encode()


@dataclass
class Phone:
    """A registered phone of an evaluator, with one visit and its form."""

    database: Database
    store: EvidenceStore
    settings: Settings
    device: Device
    key: str
    version: FormVersion
    visit: Visit
    made: dict[str, Any] = field(default_factory=dict)

    def record(self, *, visit: str | None = None, **said: Any) -> bytes:
        """The XML of a record of the visit."""
        return factory.a_record(self.version, self.visit.code if visit is None else visit, **said)

    def intake(self) -> Intake:
        """What the server takes its records in with; the device as it is now."""
        with self.database.reading() as session:
            device = session.get_one(Device, self.device.id)
        return Intake(self.database, self.store, self.settings, device, inspect)

    def send(
        self, xml: bytes, ledger: bytes | None = None, files: Mapping[str, bytes] | None = None
    ) -> Receipt:
        """Hand in a record."""
        sent = tuple(SentFile(name, content) for name, content in (files or {}).items())
        return service.receive(self.intake(), Parcel(xml, ledger, sent))


def a_phone(
    database: Database,
    store: EvidenceStore,
    settings: Settings,
    username: str,
    *,
    code: str = "hall",
    **visit: Any,
) -> Phone:
    """Register a phone of *username* and give it a visit in the small province."""
    with database.writing() as session:
        found = a_round(session, code=f"R{uuid.uuid4().hex[:6]}")
        version = factory.a_form(session, store, code)
        issued = factory.a_visit(session, found, version, username, **visit)
        device, key = factory.a_device(session, username)
    return Phone(database, store, settings, device, key, version, issued)


def at(text: str) -> datetime:
    """A moment."""
    return datetime.fromisoformat(text)
