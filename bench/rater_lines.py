"""Agreement and severities of 600 visits × 20 items × 30 raters, two raters a visit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bench.measuring import Line, traced
from scoring.raters.alpha import alphas
from scoring.raters.conditional import batches, chances, passed
from scoring.raters.ratings import Ratings, gather
from scoring.raters.severity import severities

VISITS, ITEMS, RATERS, EACH = 600, 20, 30, 2
DRAWS = 1000
SEED = 2026
ALPHA_LIMIT = 6.0  # ours gives the interval of each of the 20 items as well
SEVERITY_LIMIT = 120.0  # evaluations of the likelihood
Floats = NDArray[np.float64]


def lines() -> Iterator[Line]:
    """Two lines: alpha's interval against bare numpy, the model against one likelihood."""
    made = ratings()
    resampled = bare_alpha(made)
    ours = alphas(made, level="interval", draws=DRAWS)[0]
    assert ours is not None
    theirs = resampled()
    np.testing.assert_allclose([ours.low, ours.high], theirs, atol=0.01)
    yield Line(
        "alpha, 1,000 resamples",
        lambda: alphas(made, level="interval", draws=DRAWS),
        resampled,
        ALPHA_LIMIT,
        "the pooled one alone, of full tables, in bare numpy",
        rounds=5,
        memory=traced(lambda: alphas(made, level="interval", draws=DRAWS), resampled),
    )
    yield Line(
        "severities 600×20×30",
        lambda: severities(made),
        one_likelihood(made),
        SEVERITY_LIMIT,
        "one evaluation of the conditional likelihood and its slope",
        rounds=3,
        memory=traced(lambda: severities(made), one_likelihood(made)),
    )


def ratings() -> Ratings:
    """Ratings from 1 to 5 by the model itself."""
    random = np.random.default_rng(SEED)
    ability = random.normal(0, 1, VISITS)
    hard, strict = random.normal(0, 0.7, ITEMS), random.normal(0, 0.5, RATERS)
    pairs = np.array([random.choice(RATERS, EACH, replace=False) for _ in range(VISITS)])
    visit = np.repeat(np.arange(VISITS), EACH * ITEMS)
    rater = np.repeat(pairs.ravel(), ITEMS)
    item = np.tile(np.arange(ITEMS), VISITS * EACH)
    place = ability[visit] - hard[item] - strict[rater]
    chance = np.cumsum(chances(place, np.array([-1.5, -0.5, 0.5, 1.5])), axis=1)
    value = 1.0 + (random.random(len(visit))[:, None] > chance).sum(axis=1)
    return gather(
        [f"v{at:03}" for at in visit.tolist()],
        [f"i{at:02}" for at in item.tolist()],
        [f"r{at:02}" for at in rater.tolist()],
        value.tolist(),
    )


class bare_alpha:  # noqa: N801 - used as a function
    """The interval of the pooled alpha, every visit with two ratings of every item."""

    def __init__(self, made: Ratings) -> None:
        order = np.lexsort((made.rater, made.item, made.unit))
        self.values: Floats = made.value[order].reshape(VISITS, ITEMS, EACH)

    def __call__(self) -> Floats:
        random = np.random.default_rng(SEED)
        drawn = random.integers(0, VISITS, (DRAWS, VISITS))
        times = np.stack([np.bincount(row, minlength=VISITS) for row in drawn]).astype(float)
        apart = 2 * (self.values[:, :, 0] - self.values[:, :, 1]) ** 2
        observed = times @ apart / (EACH * VISITS)
        total = times @ self.values.sum(axis=2)
        squares = times @ (self.values**2).sum(axis=2)
        count = EACH * VISITS
        expected = 2 * (count * squares - total**2) / (count * (count - 1))
        return np.percentile(1 - observed.sum(axis=1) / expected.sum(axis=1), [2.5, 97.5])


class one_likelihood:  # noqa: N801 - used as a function
    """One pass at the middle of everything."""

    def __init__(self, made: Ratings) -> None:
        self.step = (made.value - 1).astype(np.intp)
        self.parts = batches(made.unit, self.step, 4)
        self.chance = chances(np.zeros(len(self.step)), np.zeros(4))

    def __call__(self) -> object:
        return passed(self.parts, self.chance, self.step)
