"""One visit as a phone sends it: record, photographs, and the ledger of how both came about."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from evaluation.platform.evidence import EvidenceStore
from surveys.demonstration import pictures, records
from surveys.demonstration.visitor import METRES_A_DEGREE, Visitor
from surveys.forms import answers as answering
from surveys.forms import documents
from surveys.forms.document import FormDocument
from surveys.forms.models import FormVersion
from surveys.submissions.parcel import Parcel, SentFile
from surveys.visits.models import Visit

APP = "yingshang-demo"
#: Metres at which a visit was plainly not made where it should have been.
ELSEWHERE = 2_400


@dataclass(frozen=True, slots=True)
class Outing:
    """A visit that is made: when, in what way, and what is odd about it.

    ``seed`` decides the answers, ``scene`` the pictures; ``fixed`` are answers given. ``gallery``
    takes one picture from the gallery, ``elsewhere`` is far from the site, ``holding_back`` sends
    all files but the last, ``other_app`` sends no ledger, ``like`` is answered with what another
    outing answered.
    """

    visit: Visit
    seed: str
    scene: str
    level: float
    started: datetime
    ended: datetime
    fixed: Mapping[str, str] = field(default_factory=dict)
    gallery: bool = False
    elsewhere: bool = False
    holding_back: bool = False
    other_app: bool = False
    like: Outing | None = None


def parcel(store: EvidenceStore, version: FormVersion, outing: Outing) -> Parcel:
    """What the phone sends. The same outing gives the same answers and pictures."""
    document = documents.document(store, version)
    site = outing.visit.site
    lat, lon = site.lat or 36.0, site.lon or 103.8
    if outing.elsewhere:
        lat += ELSEWHERE / METRES_A_DEGREE
    answered = outing.like or outing
    visitor = Visitor(
        documents.xform(store, version),
        document,
        answered.seed,
        level=answered.level,
        ended=answered.ended,
        position=(lat, lon),
    )
    held = visitor.fill(
        {
            **outing.fixed,
            "visit": outing.visit.code,
            "started": _iso(outing.started),
            "ended": _iso(outing.ended),
        }
    )
    xml = records.xml(document, held, instance=f"uuid:{uuid.uuid4()}")
    named = answering.read(document, xml).files()
    said = f"DEMO  {outing.visit.city}  {document.code}"
    files = tuple(
        SentFile(name, pictures.photo(question.name, said, f"{outing.scene}|{name}"))
        for question, name in named
    )
    ledger = None if outing.other_app else _ledger(document, outing, named, files, (lat, lon))
    return Parcel(xml, ledger, files[:-1] if outing.holding_back else files)


def _ledger(
    document: FormDocument,
    outing: Outing,
    named: list[tuple[Any, str]],
    files: tuple[SentFile, ...],
    position: tuple[float, float],
) -> bytes:
    chance = Random(f"{outing.scene}|ledger")  # noqa: S311 - synthetic
    whole = outing.ended - outing.started
    taken = [
        outing.started + whole * ((at + 1) / (len(files) + 1)) for at in range(len(files))
    ]  # spread over the visit
    said = {
        "app": APP,
        "sent_at": None,
        "started_at": outing.started.isoformat(),
        "ended_at": outing.ended.isoformat(),
        "files": [
            _file(outing, at, question.name, sent, moment, position, chance)
            for at, ((question, _name), sent, moment) in enumerate(
                zip(named, files, taken, strict=True)
            )
        ],
        "steps": _steps(document, outing, chance),
        "positions": [
            {"at": moment.isoformat(), **_near(position, chance)} for moment in taken[:3]
        ],
        "events": [
            {"at": outing.started.isoformat(), "what": "opened"},
            {"at": outing.ended.isoformat(), "what": "finished"},
        ],
    }
    return json.dumps({key: value for key, value in said.items() if value is not None}).encode()


def _file(
    outing: Outing,
    at: int,
    question: str,
    sent: SentFile,
    moment: datetime,
    position: tuple[float, float],
    chance: Random,
) -> dict[str, Any]:
    source = "signature" if question == "signature" else "camera"
    old = outing.gallery and at == 1
    told = {
        "name": sent.name,
        "question": question,
        "sha256": hashlib.sha256(sent.content).hexdigest(),
        "size": len(sent.content),
        "media_type": "image/jpeg",
        "captured_at": moment.isoformat(),
        "source": "gallery" if old else source,
        "mock": False,
        **_near(position, chance),
    }
    if old:
        told["lastModified"] = round((moment - timedelta(days=3)).timestamp() * 1000)
    return told


def _steps(document: FormDocument, outing: Outing, chance: Random) -> list[dict[str, Any]]:
    script = document.kit.script
    whole = (outing.ended - outing.started).total_seconds()
    planned = sum(step.minutes or 5 for step in script) or 1
    begun, found = outing.started, []
    for step in script:
        seconds = whole * 0.9 * (step.minutes or 5) / planned * chance.uniform(0.85, 1.1)
        over = begun + timedelta(seconds=seconds)
        found.append(
            {
                "code": step.code,
                "seconds": round(seconds),
                "started_at": begun.isoformat(),
                "ended_at": over.isoformat(),
            }
        )
        begun = over
    return found


def _near(position: tuple[float, float], chance: Random) -> dict[str, float]:
    lat, lon = position
    return {
        "lat": round(lat + chance.uniform(-0.0004, 0.0004), 6),
        "lon": round(lon + chance.uniform(-0.0004, 0.0004), 6),
        "accuracy": round(chance.uniform(4, 20), 1),
    }


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
