"""Score and rank 333 units × 94 indicators, against the same arithmetic in bare numpy."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bench import province
from bench.measuring import Line, traced
from scoring.composite.method import parse_method
from scoring.composite.score import score
from scoring.composite.sheet import ScoreSheet
from scoring.runs.judging import tree_of

LIMIT = 3.0
Floats = NDArray[np.float64]


def lines() -> Iterator[Line]:
    """One line."""
    made = province.framework(province.LARGE)
    raw, absent = province.arrays(province.LARGE)
    # the line is about scores and ranks: drawing them a thousand times over is another thing
    once = {section: keys for section, keys in made.method.items() if section != "uncertainty"}
    tree, method = tree_of(made), parse_method(once)
    cities = tuple(unit.code for unit in made.units)
    ranked = np.array([unit.ranked for unit in made.units])
    best = np.array([node.best for node in made.indicators], dtype=float)
    worst = np.array([node.worst for node in made.indicators], dtype=float)
    at = {node.code: i for i, node in enumerate(made.indicators)}
    families = [
        (
            np.array([at[child.code] for child in made.children[dimension.code]]),
            np.array([child.weight for child in made.children[dimension.code]]),
        )
        for dimension in made.dimensions
    ]
    weights = np.array([dimension.weight for dimension in made.dimensions])

    def ours() -> ScoreSheet:
        return score(tree, cities, raw, method, not_applicable=absent, ranked=ranked)

    def bare() -> tuple[Floats, ...]:
        usable = np.where(absent, np.nan, raw)
        normalised = np.clip(100 * (usable - worst) / (best - worst), 0, 100)
        dimensions = np.empty((len(raw), len(families)))
        shares = np.empty_like(normalised)
        for column, (under, heavy) in enumerate(families):
            dimensions[:, column], shares[:, under] = _mean(normalised[:, under], heavy)
        total, share = _mean(dimensions, weights)
        ranks = [_ranks(stage, ranked) for stage in (normalised, dimensions, total[:, None])]
        return normalised, dimensions, total, shares, share, *ranks

    _agree(ours(), bare(), made.root.code)
    yield Line(
        "score 333×94",
        ours,
        bare,
        LIMIT,
        "the same arithmetic in bare numpy",
        rounds=25,
        calls=5,
        memory=traced(ours, bare),
    )


def _mean(under: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Weighted mean over what is present, and the weights that made it."""
    shares = np.where(np.isnan(under), 0.0, weights)
    total = shares.sum(axis=1, keepdims=True)
    shares = np.divide(shares, total, out=np.zeros_like(shares), where=total > 0)
    made = np.where(total[:, 0] > 0, (shares * np.nan_to_num(under)).sum(axis=1), np.nan)
    return made, shares


def _ranks(scores: Floats, ranked: NDArray[np.bool_]) -> Floats:
    """Competition ranks of every column; NaN stays NaN."""
    held = np.where(ranked[:, None], scores, np.nan)
    made = np.empty_like(held)
    for column in range(held.shape[1]):
        down = -held[:, column]
        ordered = np.sort(down)
        made[:, column] = np.where(np.isnan(down), np.nan, np.searchsorted(ordered, down) + 1)
    return made


def _agree(sheet: ScoreSheet, bare: tuple[Floats, ...], root: str) -> None:
    """A baseline that computes something else would be no baseline."""
    at = sheet.nodes.index(root)
    np.testing.assert_allclose(sheet.scores[:, at], bare[2], rtol=1e-12)
    np.testing.assert_array_equal(sheet.ranks[:, at], bare[-1][:, 0])
