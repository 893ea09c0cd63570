"""What a phone says of its way, and the drawing of it."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.photos.trust import metres
from surveys.review.drawing import LEAST, SIZE, draw
from surveys.review.traces import Position, position, read

SITE = (36.06, 103.83)


def test_a_ledger_tells_timings_places_and_pauses() -> None:
    held = {
        "app": "yingshang 1",
        "started_at": "2026-11-24T09:00:00+08:00",
        "ended_at": "2026-11-24T09:40:00+08:00",
        "steps": [{"code": "queue", "seconds": 300}, {"code": "x", "seconds": -1}, "no"],
        "positions": [{"at": "2026-11-24T09:05:00+08:00", "lat": 36, "lon": 103.8, "accuracy": 8}],
        "events": [{"at": "2026-11-24T09:12:00+08:00"}, {"at": "never"}],
        "files": [{"captured_at": "2026-11-24T09:14:00+08:00"}],
    }
    told = read(json.dumps(held).encode())
    assert [(each.code, each.seconds) for each in told.timings] == [("queue", 300.0)]
    at = datetime(2026, 11, 24, 1, 5, tzinfo=UTC)
    assert told.positions == (Position(36.0, 103.8, 8.0, at),)
    assert [round(pause.minutes) for pause in told.pauses] == [26]


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"\xff", b'{"steps": 3}', b'{"positions": [{"lat": 1e999, "lon": 3}]}']
    + [json.dumps({"positions": [bad]}).encode() for bad in (None, {"lat": 91, "lon": 0}, {})]
    + [b'{"steps": [{"seconds": ' + b"9" * 400 + b"}]}", b"[" * 100_000],
)
def test_a_broken_ledger_says_nothing_and_breaks_nothing(content: bytes) -> None:
    told = read(content)
    assert (told.timings, told.positions, told.pauses) == ((), (), ())


def test_an_impossible_accuracy_is_left_out() -> None:
    assert position({"lat": 1, "lon": 2, "accuracy": -5}) == Position(1, 2)
    assert position({"lat": True, "lon": 2}) is None


def test_north_is_up_east_is_right_and_the_scale_is_true() -> None:
    north = Position(SITE[0] + 0.001, SITE[1])
    east = Position(SITE[0], SITE[1] + 0.001, 20)
    drawing = draw(SITE, [north, east])
    assert drawing is not None
    assert drawing.site == (SIZE / 2, SIZE / 2)
    up, right = drawing.marks
    assert up.x == SIZE / 2
    assert up.y < SIZE / 2
    assert right.y == SIZE / 2
    assert right.x > SIZE / 2
    assert up.away == pytest.approx(111.2, abs=0.1)
    assert (SIZE / 2 - up.y) * drawing.metres_per_unit == pytest.approx(111.2, rel=0.01)
    assert (right.x - SIZE / 2) * drawing.metres_per_unit == pytest.approx(right.away, rel=0.01)
    assert right.radius * drawing.metres_per_unit == pytest.approx(20, rel=0.05)


def test_nothing_is_drawn_of_nothing_and_a_site_without_place_is_not_invented() -> None:
    assert draw(SITE, []) is None
    drawing = draw(None, [Position(*SITE)])
    assert drawing is not None
    assert drawing.site is None
    assert drawing.marks[0].away is None
    assert not drawing.rings


places = st.builds(
    Position,
    st.floats(-80, 80),
    st.floats(-180, 180),
    st.none() | st.floats(0, 1e7),
)


@given(
    st.none() | st.tuples(st.floats(-80, 80), st.floats(-180, 180)), st.lists(places, max_size=5)
)
def test_every_mark_is_inside_the_drawing(site: Any, found: list[Position]) -> None:
    drawing = draw(site, found)
    if drawing is None:
        assert not found
        return
    for mark in drawing.marks:
        assert 0 <= mark.x <= SIZE
        assert 0 <= mark.y <= SIZE
        assert math.isfinite(mark.radius)
    assert all(0 < ring.radius <= SIZE / 2 for ring in drawing.rings)


@given(st.floats(-0.02, 0.02), st.floats(-0.02, 0.02))
def test_on_the_scale_of_a_visit_the_plane_is_as_good_as_the_sphere(
    north: float, east: float
) -> None:
    there = Position(SITE[0] + north, SITE[1] + east)
    drawing = draw(SITE, [there])
    assert drawing is not None
    (mark,) = drawing.marks
    flat = math.hypot(mark.x - SIZE / 2, mark.y - SIZE / 2) * drawing.metres_per_unit
    true = metres(there.lat, there.lon, *SITE)
    assert flat == pytest.approx(true, rel=0.005, abs=0.1 * drawing.metres_per_unit + 0.2)
    assert drawing.metres_per_unit * SIZE / 2 >= LEAST
