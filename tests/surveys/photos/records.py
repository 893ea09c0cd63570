"""Submissions with files in the database, as if phones had sent them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.platform import clock
from evaluation.platform.evidence import EvidenceStore
from surveys.forms.models import FormVersion
from surveys.submissions.models import Device, Edition, EditionFile, Submission
from surveys.visits.codes import random_code
from surveys.visits.models import Visit
from tests.factories.field import LAT, LON, a_device


def captured(**changes: Any) -> dict[str, Any]:
    """What the ledger of our own app says of a good photo, taken at the site just now."""
    said: dict[str, Any] = {
        "captured_at": (clock.now() - timedelta(minutes=30)).isoformat(),
        "source": "camera",
        "lat": LAT,
        "lon": LON,
        "accuracy": 12.0,
        "mock": False,
    }
    return said | changes


def a_submission(
    session: Session,
    store: EvidenceStore,
    visit: Visit,
    version: FormVersion,
    *,
    state: str = "received",
    files: Mapping[str, bytes | None] | None = None,
    ledger: Mapping[str, Any] | None = None,
    xml: bytes | None = None,
    edition: Mapping[str, Any] | None = None,
    **answers: Any,
) -> Submission:
    """A submission of *visit* with one edition and the *files* it names (None: not arrived)."""
    moment = clock.now()
    instance = f"uuid:{uuid.uuid4()}"
    device = session.scalar(sa.select(Device).where(Device.username == visit.evaluator).limit(1))
    if device is None:
        device, _key = a_device(session, visit.evaluator)
    named = next(iter(files or {}), "")
    content = xml or record(version, visit.code, instance, photo=named, **answers)
    found = Submission(
        code=random_code(),
        root=instance,
        visit_id=visit.id,
        round_id=visit.round_id,
        form_id=visit.form_id,
        city=visit.city,
        evaluator=visit.evaluator,
        state=state,
        received_at=moment,
    )
    session.add(found)
    session.flush()
    values: dict[str, Any] = {
        "received_at": moment,
        "completed_at": moment,
        "started_at": moment - timedelta(hours=1),
        "ended_at": moment - timedelta(minutes=10),
        "skew_seconds": 0.0,
        "answers_sha256": hashlib.sha256(content).hexdigest(),
        "flags": [],
    }
    sent = Edition(
        submission_id=found.id,
        instance=instance,
        place=1,
        version_id=version.id,
        xml=store.put(content),
        device_id=device.id,
        evaluator=visit.evaluator,
        receipt=random_code(12),
        **(values | dict(edition or {})),
    )
    session.add(sent)
    session.flush()
    found.edition_id = sent.id
    for name, body in (files or {}).items():
        a_file(session, store, sent, name, body, ledger=captured() if ledger is None else ledger)
    return found


def record(version: FormVersion, visit: str, instance: str, **answers: Any) -> bytes:
    """A submission's XML: the small form's answers, changed and added to by *answers*."""
    said = {"visit": visit, "minutes": 12, "sign": "yes", "photo": "", "remark": ""} | answers
    body = "".join(f"<{name}>{value}</{name}>" for name, value in said.items())
    meta = f"<meta><instanceID>{instance}</instanceID></meta>"
    return f'<data id="{version.form.code}" version="{version.number}">{body}{meta}</data>'.encode()


def a_file(
    session: Session,
    store: EvidenceStore,
    edition: Edition,
    name: str,
    body: bytes | None,
    *,
    ledger: Mapping[str, Any] | None = None,
    **changes: Any,
) -> EditionFile:
    """A file of an edition, hashed at capture; *body* None has not arrived."""
    sha256 = None if body is None else store.put(body)
    values: dict[str, Any] = {
        "question": "photo",
        "expected": sha256 or "0" * 64,
        "sha256": sha256,
        "size": None if body is None else len(body),
        "media_type": "image/jpeg",
        "problem": "",
        "received_at": None if body is None else clock.now(),
        "captured": dict(ledger or {}),
    }
    added = EditionFile(edition_id=edition.id, name=name, **(values | changes))
    session.add(added)
    session.flush()
    return added
