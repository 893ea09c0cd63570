"""A deployment with field work: a form of the library, phones, visits, and records to send."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from random import Random

from PIL import Image
from sqlalchemy.orm import Session

from bench import province
from bench.deployment import SYSTEM
from evaluation.accounts.models import User
from evaluation.framework import service as frameworks
from evaluation.migrations.upgrade import prepare
from evaluation.platform import clock
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from evaluation.rounds import rules
from evaluation.rounds import service as rounds
from evaluation.rounds.models import Round
from surveys import forms
from surveys.demonstration import records
from surveys.demonstration.visitor import Visitor
from surveys.forms import documents
from surveys.forms import service as form_service
from surveys.forms.models import Form, FormVersion
from surveys.submissions import devices
from surveys.visits import rules as visit_rules
from surveys.visits.codes import random_code
from surveys.visits.models import Site, Visit, VisitPlan

FORM = "open_inspection"
PHOTO_BYTES = 100 * 1024
PEOPLE = 50


@dataclass(frozen=True)
class Record:
    """One record as a phone posts it, multipart, with the headers that go with it."""

    key: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class FieldWork:
    """Where it is, the phones' keys by evaluator, and records nobody has sent yet."""

    settings: Settings
    keys: list[str]
    records: Iterator[Record]
    xml_bytes: int


def deploy(folder: Path, visits: int, *, listed: int = 1) -> FieldWork:
    """*visits* visits spread over `PEOPLE` evaluators; the first has forms *listed* to see."""
    settings = Settings(
        data=folder, database=f"sqlite:///{folder / 'yingshang.db'}", secret="0" * 64, demo=True
    )
    database = Database(settings.database)
    prepare(settings, database)
    store = EvidenceStore(settings.data / "evidence")
    with database.writing() as session:
        found = _round(session)
        version = _form(session, store)
        keys, codes = _people(session, settings, found, version, visits)
        _more_forms(session, found, version, listed - 1)
    template, photo_name = _template(store, version)
    database.dispose()
    return FieldWork(settings, keys, _records(template, photo_name, keys, codes), len(template))


def photo(number: int) -> bytes:
    """A JPEG of about 100 KB; another *number*, other bytes."""
    mark = b"\xff\xfe" + (2 + 8).to_bytes(2, "big") + number.to_bytes(8, "big")
    return _PICTURE[:2] + mark + _PICTURE[2:]


def _drawn() -> bytes:
    chance = Random(1)  # noqa: S311 - only to be large
    held = b""
    for side in range(200, 900, 20):
        pixels = bytes(chance.randrange(256) for _ in range(side * side))
        out = io.BytesIO()
        Image.frombytes("L", (side, side), pixels).save(out, "JPEG", quality=75)
        held = out.getvalue()
        if len(held) >= PHOTO_BYTES:
            break
    return held


_PICTURE = _drawn()


def _round(session: Session) -> Round:
    moment = clock.now()
    version, _new = frameworks.add_version(session, SYSTEM, province.framework(province.SMALL))
    found = rounds.open_round(
        session,
        SYSTEM,
        code="B1",
        name="轮次 B1",
        kind="annual",
        framework_version=version,
        filing_opens_at=moment - timedelta(days=10),
        filing_closes_at=moment + timedelta(days=10),
    )
    return rounds.advance(session, SYSTEM, found, rules.COLLECTING)


def _form(session: Session, store: EvidenceStore) -> FormVersion:
    path = Path(forms.__file__).parent / "library" / f"{FORM}.xlsx"
    version = form_service.upload(session, store, SYSTEM, path.read_bytes(), path.name)
    form_service.publish(session, SYSTEM, version)
    return version


def _people(
    session: Session, settings: Settings, found: Round, version: FormVersion, visits: int
) -> tuple[list[str], list[str]]:
    moment = clock.now()
    unit = province.framework(province.SMALL).units[0]
    site = Site(code="S1", city=unit.code, name="示例场所", kind="hall", lat=36.0, lon=103.8)
    plan = VisitPlan(
        code=random_code(),
        round_id=found.id,
        title="示例计划",
        state=visit_rules.ISSUED,
        opens_at=moment - timedelta(days=1),
        closes_at=moment + timedelta(days=9),
        created_by="bench",
        created_at=moment,
    )
    session.add_all([site, plan])
    session.flush()
    keys, codes = [], []
    for at in range(PEOPLE):
        session.add(
            User(
                username=f"e{at}",
                display_name=f"e{at}",
                role="evaluator",
                cities=[],
                rounds=[],
                department="",
                password_hash="!",
                must_change_password=False,
                active=True,
                created_at=moment,
            )
        )
        session.flush()
        _device, key = devices.register(
            session, f"e{at}", "bench", devices.WEB, secret=settings.secret
        )
        keys.append(key)
    for at in range(visits):
        visit = _visit(found, version.form_id, plan, site, f"e{at % PEOPLE}")
        codes.append(visit.code)
        session.add(visit)
    return keys, codes


def _visit(found: Round, form_id: int, plan: VisitPlan, site: Site, who: str) -> Visit:
    return Visit(
        code=random_code(),
        plan_id=plan.id,
        round_id=found.id,
        city=site.city,
        site_id=site.id,
        form_id=form_id,
        evaluator=who,
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
        state=visit_rules.ISSUED,
    )


def _more_forms(session: Session, found: Round, version: FormVersion, count: int) -> None:
    """The same form under other names, each used by a visit of the first evaluator."""
    held = {
        column.key: getattr(version, column.key)
        for column in FormVersion.__table__.columns
        if column.key not in ("id", "form_id")
    }
    first = session.query(Visit).order_by(Visit.id).first()
    if first is None:
        return
    plan, site = session.get_one(VisitPlan, first.plan_id), session.get_one(Site, first.site_id)
    for at in range(count):
        form = Form(code=f"form_{at}", created_by="bench", created_at=clock.now())
        session.add(form)
        session.flush()
        session.add(FormVersion(form_id=form.id, **held))
        session.add(_visit(found, form.id, plan, site, "e0"))


def _template(store: EvidenceStore, version: FormVersion) -> tuple[bytes, str]:
    """A filled-in record with one photo, and the photo's name."""
    document = documents.document(store, version)
    now = clock.now()
    visitor = Visitor(
        documents.xform(store, version), document, "bench", level=0.9, ended=now,
        position=(36.0, 103.8),
    )  # fmt: skip
    told = {"visit": "VSTCDE2345", "started": now.isoformat(), "ended": now.isoformat()}
    answers = visitor.fill(told)
    media = [q.path for q in document.questions if q.is_media]
    kept = {path: said for path, said in answers.items() if path not in media}
    first = next(path for path in media if path in answers)
    kept[first] = "bench.jpg"
    return records.xml(document, kept, instance="uuid:INSTANCE"), "bench.jpg"


def _records(template: bytes, name: str, keys: list[str], codes: list[str]) -> Iterator[Record]:
    for at, code in enumerate(codes):
        content = photo(at)
        xml = template.replace(b"VSTCDE2345", code.encode())
        xml = xml.replace(b"uuid:INSTANCE", f"uuid:{uuid.UUID(int=at + 1)}".encode())
        ledger = {
            "app": "bench",
            "sent_at": clock.now().isoformat(),
            "files": [
                {
                    "name": name,
                    "sha256": sha256(content).hexdigest(),
                    "size": len(content),
                    "source": "camera",
                }
            ],
        }
        parts = (
            ("xml_submission_file", "record.xml", "text/xml", xml),
            ("ledger", "ledger.json", "application/json", json.dumps(ledger).encode()),
            (name, name, "image/jpeg", content),
        )
        yield _posted(keys[at % len(keys)], parts)


def _posted(key: str, parts: tuple[tuple[str, str, str, bytes], ...]) -> Record:
    boundary = "benchbenchbenchbench"
    body = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        f"Content-Type: {kind}\r\n\r\n".encode()
        + content
        + b"\r\n"
        for name, filename, kind, content in parts
    )
    body += f"--{boundary}--\r\n".encode()
    return Record(
        key,
        body,
        {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Authorization": f"Bearer {key}",
            "Accept": "application/json",
        },
    )
