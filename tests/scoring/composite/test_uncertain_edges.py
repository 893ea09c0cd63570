"""Draws and indices of what hardly can be scored: an answer or a refusal, never a warning."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.composite.method import parse_method
from scoring.composite.score import score
from tests.scoring.composite.examples import tree

VALUES = np.random.default_rng(1).uniform(0, 100, (5, 9))
EVERYTHING = ["weights", "normalise", "aggregate", "treat", "impute"]


def _with(row, column, value):
    values = VALUES.copy()
    values[row, column] = value
    return values


@pytest.mark.parametrize(
    ("values", "mapping", "ranked"),
    [
        (VALUES[:1], {}, None),
        (VALUES[:2], {"treat": {"method": "winsorise"}}, None),
        (np.full((4, 9), 50.0), {}, None),
        (np.full((3, 9), np.nan), {}, None),
        (_with(slice(None), 2, np.nan), {}, None),
        (_with(slice(None), 2, 7.0), {"normalise": {"method": "minmax"}}, None),
        (_with(slice(None), 2, 7.0), {"normalise": {"constant": "missing"}}, None),
        (_with(3, slice(None), np.nan), {}, None),
        (VALUES - 50, {"aggregate": {"method": "geometric"}}, None),
        (_with(0, 0, 1e99), {}, None),
        (VALUES * 1e-90, {}, None),
        (VALUES, {"aggregate": {"method": "copeland"}, "rank": {"ties": "average"}}, None),
        (VALUES, {}, [False] * 5),
    ],
)
def test_every_published_rank_has_a_band_and_a_row(values, mapping, ranked):
    said = {"draws": 60, "vary": EVERYTHING}
    method = parse_method({**mapping, "uncertainty": said, "sensitivity": {"base": 8}})
    cities = [f"c{i}" for i in range(len(values))]
    errors = np.abs(values) * 0.1 + 0.1
    sheet = score(tree(), cities, values, method, errors=errors, ranked=ranked)
    ranks = dict(zip(cities, sheet.ranks[:, sheet.nodes.index("index")], strict=True))
    placed = [city for city in cities if not np.isnan(ranks[city])]
    firm = sheet.firmness
    assert firm["cities"] == placed
    assert not np.isnan(firm["above"]).any()
    assert not np.isnan(firm["mean_rank"]).any()
    assert [sum(row) for row in firm["acceptability"]] == pytest.approx([1.0] * len(placed))
    assert all(band > 0 for band in firm["bands"])
    assert not np.isnan(sheet.sensitivity["mean_rank_shift"])


def test_who_has_no_published_place_takes_none_in_any_draw():
    """Imputed it would have a place: the intervals of the others must not move for it."""
    said = {"uncertainty": {"draws": 200, "vary": ["impute"], "impute": ["mean"]}}
    values = _with(3, slice(None), np.nan)
    sheet = score(tree(), list("abcde"), values, parse_method(said))
    assert max(span["high"] for city, span in sheet.intervals.items() if city != "d") <= 4
    assert np.isnan(sheet.intervals["d"]["median"])


def test_one_city_below_the_threshold_does_not_fail_every_draw():
    said = {"aggregate": {"threshold": 0.7}, "uncertainty": {"draws": 50}}
    values = _with(3, slice(0, 8), np.nan)
    sheet = score(tree(), list("abcde"), values, parse_method(said))
    assert sheet.method["uncertainty"]["executed"]["failed"] == 0
    assert sheet.firmness["cities"] == list("abce")
