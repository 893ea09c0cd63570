"""The many-facet Rasch model: published data, another program, brute force and simulation."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from scoring.raters.conditional import batches, chances, passed
from scoring.raters.design import prepare
from scoring.raters.estimate import PIECE, structure
from scoring.raters.ratings import gather
from scoring.raters.severity import severities
from tests.scoring.raters.designs import golden, long, simulated

#: Conditional maximum likelihood on LSAT section 6: E. B. Andersen, Discrete Statistical Models
#: with Social Science Applications (1980), p. 253, and R's eRm, of the same data.
LSAT6 = (-1.256, 0.475, 1.236, 0.168, -0.623)


def lsat6() -> np.ndarray:
    rows = [
        [float(sign) for sign in row["pattern"]]
        for row in golden("lsat6")
        for _ in range(int(row["count"]))
    ]
    return np.array(rows)


def test_lsat_section_6():
    """Questions in the place of raters: the dichotomous Rasch model is the smallest case."""
    table = lsat6()
    assert table.shape == (1000, 5)
    found = severities(long(table))
    assert found.raters.measure == pytest.approx(LSAT6, abs=6e-4)
    assert found.units.extreme.sum() == 3 + 298


def test_another_program_on_the_same_ratings():
    """mirt assumes normal abilities, which is true of these ratings, so the two must be close."""
    rows = golden("mfrm_simulated")
    columns = [[row[name] for row in rows] for name in ("unit", "item", "rater", "value")]
    found = severities(gather(*columns[:3], [float(value) for value in columns[3]]))
    theirs = golden("mfrm_simulated_mirt")
    for kind, facet in (("item", found.items), ("rater", found.raters)):
        measure = np.array([float(row["measure"]) for row in theirs if row["kind"] == kind])
        assert facet.measure == pytest.approx(measure - measure.mean(), abs=0.04)
    error = [float(row["error"]) for row in theirs if row["kind"] == "rater"]
    assert found.raters.error == pytest.approx(error, rel=0.06)
    steps = [float(row["measure"]) for row in theirs if row["kind"] == "threshold"]
    assert found.thresholds == pytest.approx(steps, abs=0.04)


def brute(table) -> np.ndarray:
    """Dichotomous conditional likelihood by listing all patterns of each total."""
    _units, size = table.shape
    patterns = np.array(list(itertools.product((0, 1), repeat=size)))

    def lost(free):
        hard = np.append(free, -free.sum())
        weight = np.exp(-patterns @ hard)
        total = 0.0
        for row in table:
            alike = weight[patterns.sum(axis=1) == row.sum()]
            total += row @ hard + np.log(alike.sum())
        return total

    found = minimize(lost, np.zeros(size - 1), tol=1e-12, method="BFGS", options={"gtol": 1e-9})
    return np.append(found.x, -found.x.sum())


def test_conditional_likelihood_by_listing_every_pattern():
    random = np.random.default_rng(5)
    hard = np.array([-1.0, -0.3, 0.4, 0.9])
    place = random.normal(0, 1, 40)[:, None] - hard
    table = (random.random(place.shape) < 1 / (1 + np.exp(-place))).astype(float)
    found = structure(prepare(long(table)))
    assert found.severity == pytest.approx(brute(table), abs=1e-5)


@given(st.integers(0, 10_000))
@settings(max_examples=20)
def test_the_passes_agree_with_listing_every_rating(seed):
    """Three categories, three ratings a unit: expectations given the total, the long way."""
    random = np.random.default_rng(seed)
    step = random.integers(0, 3, 6)
    unit = np.repeat([0, 1], 3)
    chance = chances(random.normal(0, 1, 6), random.normal(0, 1, 2))
    found = passed(batches(unit, step, 2), chance, step)
    likelihood = 0.0
    for u in (0, 1):
        mine, said = chance[unit == u], step[unit == u]
        ways = [w for w in itertools.product(range(3), repeat=3) if sum(w) == said.sum()]
        weight = np.array([np.prod([mine[j, k] for j, k in enumerate(w)]) for w in ways])
        likelihood += np.log(np.prod(mine[range(3), said]) / weight.sum())
        mean = (weight[:, None] * np.array(ways)).sum(axis=0) / weight.sum()
        assert found.expected[unit == u] == pytest.approx(mean)
    assert found.likelihood == pytest.approx(likelihood)
    assert found.reached.sum() == pytest.approx(step.sum())


def test_known_severities_are_found_again():
    """Within the errors that are stated, over eight provinces."""
    away = []
    for seed in range(8):
        made, _, difficulty, severity = simulated(seed=seed)
        found = severities(made)
        away.append((found.raters.measure - severity) / found.raters.error)
        away.append((found.items.measure - difficulty) / found.items.error)
    away = np.concatenate(away)
    assert abs(away.mean()) < 0.3
    assert 0.8 < away.std() < 1.2
    assert np.abs(away).max() < 4


def test_fair_scores_are_nearer_the_truth_than_means_and_their_errors_honest():
    made, ability, difficulty, _severity = simulated(units=400, raters=10, seed=4)
    found = severities(made)
    tau = np.array([-1.5, -0.5, 0.5, 1.5])
    steps = np.arange(1, 6)
    truth = np.mean([(chances(ability - d, tau) * steps).sum(axis=1) for d in difficulty], axis=0)
    away = found.fair.score - truth
    assert np.sqrt((away**2).mean()) < 0.8 * np.sqrt(((found.fair.observed - truth) ** 2).mean())
    assert 0.85 < (away / found.fair.error).std() < 1.15
    assert ((found.fair.score >= 1) & (found.fair.score <= 5)).all()
    # cell by cell: a strict rater's ratings are raised
    strict = int(np.argmax(found.shrunk.severity))
    hers = {made.units[u] for u in made.unit[made.rater == strict]}
    raised = [
        score - seen
        for unit, score, seen in zip(
            found.cells.units, found.cells.score, found.cells.observed, strict=True
        )
        if unit in hers
    ]
    assert np.mean(raised) > 0
    assert (found.cells.error > 0).all()


def test_without_severity_little_is_taken_out():
    """Raters of equal severity: what they seem to differ by is error, and shrinks away."""
    made, *_ = simulated(units=150, spread=0.0, seed=3)
    found = severities(made)
    assert found.raters.spread.p > 0.05
    assert found.shrunk.sd < 0.12
    assert np.abs(found.shrunk.severity).max() < 0.5 * np.abs(found.raters.measure).max()
    assert np.abs(found.fair.score - found.fair.observed).max() < 0.2


def test_the_less_is_known_of_a_rater_the_more_she_is_drawn_to_the_mean():
    made, *_ = simulated(units=120, raters=5, each=3, seed=9)
    few = (made.rater != 0) | (made.unit < 12)
    fewer = gather(
        [made.units[u] for u in made.unit[few]],
        [made.items[i] for i in made.item[few]],
        [made.raters[r] for r in made.rater[few]],
        made.value[few],
    )
    found = severities(fewer)
    kept = found.shrunk.severity / found.raters.measure
    assert found.raters.error[0] > found.raters.error[1:].max()
    assert (kept[0] > 0) & (kept[0] < 0.98)
    assert np.abs(found.shrunk.severity).sum() < np.abs(found.raters.measure).sum()


def test_any_order_gives_the_same_bytes():
    made, *_ = simulated(units=60, seed=1)
    order = np.random.default_rng(0).permutation(len(made.value))
    again = gather(
        [made.units[u] for u in made.unit[order]],
        [made.items[i] for i in made.item[order]],
        [made.raters[r] for r in made.rater[order]],
        made.value[order],
    )
    one, two = severities(made), severities(again)
    assert one.fair.score.tobytes() == two.fair.score.tobytes()
    assert one.raters.measure.tobytes() == two.raters.measure.tobytes()


def test_fit_finds_the_rater_who_guesses():
    made, *_ = simulated(units=200, raters=6, seed=3)
    value = made.value.copy()
    hers = made.rater == 2
    value[hers] = np.random.default_rng(1).integers(1, 6, hers.sum())
    noisy = gather(
        [made.units[u] for u in made.unit],
        [made.items[i] for i in made.item],
        [made.raters[r] for r in made.rater],
        value,
    )
    found = severities(noisy)
    assert int(np.argmax(found.raters.fit.infit)) == 2
    assert found.raters.fit.infit[2] > 1.4
    assert found.raters.fit.infit_z[2] > 4
    assert found.raters.fit.infit[[0, 1, 3, 4, 5]].max() < 1.2
    assert 0 < found.units.spread.reliability < 1


def test_cities_of_hundreds_of_ratings_are_cut_without_harm():
    """Six cities, each rated by all: 8 × 60 ratings a city, more than are conditioned at once."""
    made, _, difficulty, severity = simulated(units=6, items=60, raters=8, each=8, seed=2)
    assert np.bincount(made.unit).max() > 5 * PIECE
    found = severities(made)
    away = (found.raters.measure - severity) / found.raters.error
    away = np.append(away, (found.items.measure - difficulty) / found.items.error)
    assert 0.8 < away.std() < 1.25
