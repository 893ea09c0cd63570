"""What an edition says, out of the evidence store; it never changes, so it is read once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from evaluation.platform.evidence import EvidenceGone, EvidenceStore
from surveys.forms import answers, documents
from surveys.forms.answers import Answers, BadXml
from surveys.forms.models import FormVersion
from surveys.photos.trust import metres
from surveys.review import traces
from surveys.review.traces import Position, Traces
from surveys.submissions.models import Edition, EditionFile
from surveys.visits.models import Site


def answers_of(store: EvidenceStore, edition: Edition, version: FormVersion) -> Answers:
    """The answers of an edition. Raises EvidenceGone where the store lost them."""
    return _answers(store, edition.xml, version.document)


def traces_of(store: EvidenceStore, edition: Edition) -> Traces:
    """What the phone's ledger says of the way; empty where it sent none, or it was lost."""
    try:
        return _traces(store, edition.ledger) if edition.ledger else Traces()
    except EvidenceGone:
        return Traces()


def captured(files: Sequence[EditionFile]) -> list[Position]:
    """Where the phone was when each file was taken, for those of which it says so."""
    return [found for file in files if (found := traces.position(file.captured or {}))]


def answered(store: EvidenceStore, edition: Edition, version: FormVersion) -> list[Position]:
    """Places given to questions that ask for one: latitude, longitude, altitude, accuracy."""
    try:
        given = answers_of(store, edition, version)
    except (EvidenceGone, BadXml):
        return []
    return [
        found
        for entry in given.entries
        if entry.question.kind == "geopoint" and (found := point(entry.value)) is not None
    ]


def point(text: str) -> Position | None:
    """The place in an answer to a geopoint; None where there is none."""
    try:
        lat, lon, *rest = map(float, text.split())
    except ValueError:
        return None
    said = {"lat": lat, "lon": lon} | ({"accuracy": rest[1]} if len(rest) > 1 else {})
    return traces.position(said)


def nearest(site: Site, found: Sequence[Position]) -> tuple[float | None, float]:
    """Metres from the site at the nearest place, and the uncertainty there."""
    if site.lat is None or site.lon is None:
        return None, 0.0
    away = [
        (metres(each.lat, each.lon, site.lat, site.lon), each.accuracy or 0.0) for each in found
    ]
    return min(away, key=lambda pair: pair[0] - pair[1], default=(None, 0.0))


def minutes_of(edition: Edition | None) -> float | None:
    """How long a record took, by its own clock; None where it does not say, or runs backwards."""
    if edition is None or edition.started_at is None or edition.ended_at is None:
        return None
    took = (edition.ended_at - edition.started_at).total_seconds() / 60
    return took if took >= 0 else None


@lru_cache(maxsize=1024)
def _answers(store: EvidenceStore, xml: str, document: str) -> Answers:
    asked = documents.document(store, FormVersion(document=document))
    return answers.read(asked, store.get(xml))


@lru_cache(maxsize=2048)
def _traces(store: EvidenceStore, sha256: str) -> Traces:
    return traces.read(store.get(sha256))
