"""Where the phone was on a visit, each place with what happened there, ready to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.i18n import _
from surveys.forms.answers import Answers
from surveys.photos.pieces import Piece
from surveys.photos.trust import GALLERY
from surveys.review import evidence, traces
from surveys.review.drawing import Drawing, Mark, draw, labels
from surveys.review.traces import Position
from surveys.submissions.models import Edition
from surveys.visits.models import Site

#: Of a long way only so many places are drawn, evenly spread.
DRAWN = 40
CAMERA_SHOT, GALLERY_SHOT, ANSWER, WAY = "camera", "gallery", "answer", "way"


@dataclass(frozen=True, slots=True)
class Place:
    """One place: ``kind`` is its look in the drawing."""

    kind: str
    label: str
    position: Position
    mock: bool
    mark: Mark


@dataclass(frozen=True, slots=True)
class Way:
    """Every place of a visit with its drawing; ``left_out`` counts those not drawn."""

    drawing: Drawing
    places: tuple[Place, ...]
    left_out: int

    @property
    def labels(self) -> dict[int, str]:
        """What is written beside which mark; the way between has no numbers."""
        return labels([place.mark for place in self.places if place.kind != WAY])


def way(
    store: EvidenceStore, site: Site, edition: Edition, given: Answers, shots: Sequence[Piece]
) -> Way | None:
    """All places of an edition, its files first; None where the phone told none."""
    asked = {name: str(question.label) or question.name for question, name in given.files()}
    found: list[tuple[str, str, Position, bool]] = []
    for piece in shots:
        captured = piece.file.captured or {}
        if (at := traces.position(captured)) is not None:
            kind = GALLERY_SHOT if captured.get("source") == GALLERY else CAMERA_SHOT
            label = asked.get(piece.file.name, piece.name)
            found.append((kind, label, at, captured.get("mock") is True))
    found += [
        (ANSWER, str(entry.question.label) or entry.question.name, at, False)
        for entry in given.entries
        if entry.question.kind == "geopoint" and (at := evidence.point(entry.value)) is not None
    ]
    trail = evidence.traces_of(store, edition).positions
    every = max(1, -(-len(trail) // DRAWN))
    found += [(WAY, _("途中"), at, False) for at in trail[::every]]
    place = None if site.lat is None or site.lon is None else (site.lat, site.lon)
    drawing = draw(place, [each[2] for each in found])
    if drawing is None:
        return None
    places = tuple(Place(*each, mark) for each, mark in zip(found, drawing.marks, strict=True))
    return Way(drawing, places, len(trail) - len(trail[::every]))
