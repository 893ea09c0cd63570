"""Draws, sensitivity and the slider: against a bare loop of numpy, and against their time limits.

Where the limit is a time, that time is the baseline and the ratio may reach 1.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench import province
from bench.measuring import Line
from scoring.composite.method import Method, parse_method
from scoring.composite.observed import Observed
from scoring.composite.policies import Normalise
from scoring.composite.score import score
from scoring.composite.sensitivity import sensitivities
from scoring.composite.sheet import Tree
from scoring.composite.stability import stability
from scoring.composite.uncertainty import choose, model_of, simulate
from scoring.composite.variants import heights
from scoring.runs.judging import tree_of
from scoring.standalone import score_files

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"
Floats = NDArray[np.float64]
FILES = ("framework.csv", "values.csv", "method.toml")
DRAWS = {"vary": ["weights", "normalise", "aggregate"], "draws": 10_000}


def lines() -> Iterator[Line]:
    """ASEM as COINr's users run it, a province, a country, Sobol's indices, the slider."""
    yield _asem()
    yield _within("draws+errors 14×94 ×10⁴", 1.0, _draws(province.SMALL, errors=True))
    yield _within("slider 14×94, p95", 0.1, _slider(), rounds=40, percentile=95)
    yield _within("Sobol 20 factors, n=4096", 2.0, _sobol())
    yield _within("draws 333×94 ×10⁴", 15.0, _draws(province.LARGE, errors=False), rounds=1)
    yield _within("draws+errors 333×94 ×10⁴", 15.0, _draws(province.LARGE, errors=True), rounds=1)


def _within(
    name: str, limit: float, work: Callable[[], object], *, rounds: int = 3, percentile: float = 50
) -> Line:
    """A line whose baseline is a time; measured once here, so that the memory can be told."""
    work()
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    found = float(np.percentile(taken, percentile))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    baseline = f"the limit of {limit:g} s; the process held {peak} MB at most"
    return Line(name, work, work, 1.0, baseline, taken=lambda: (found, limit))


def _asem() -> Line:
    """1–5 winsorised points, two scales, two means, weights of two levels: 1,000 draws."""
    read = score_files(*(EXAMPLES / f"asem-{name}" for name in FILES))
    method = parse_method({
        "treat": {"method": "winsorise"},
        "normalise": {"method": "minmax"},
        "uncertainty": {
            "draws": 1000,
            "vary": ["weights", "normalise", "aggregate", "treat"],
            "weight_levels": [2, 3],
        },
    })  # fmt: skip
    tree, cities, imputed = read.tree, read.sheet.cities, read.sheet.imputed
    model = model_of(tree, cities, imputed, method)
    choices = choose(model)
    model.prepare(choices)
    at = {code: i for i, code in enumerate(tree.codes)}
    leaf = {code: j for j, code in enumerate(tree.indicators)}
    height = heights(tree)
    inner = sorted((code for code in tree.codes if tree.children[code]), key=height.__getitem__)
    families = [(at[code], [at[child] for child in tree.children[code]]) for code in inner]
    leaves = [at[code] for code in leaf]
    stages = model.stages

    def bare() -> Floats:
        ranks = np.empty((choices.fill.size, len(cities)))
        scores = np.empty((len(tree.codes), len(cities)))
        for draw in range(choices.fill.size):
            key = int(choices.fill[draw]), int(choices.points[draw]), int(choices.scale[draw])
            scores[leaves] = np.asarray(stages[key]).T
            for parent, children in families:
                weights = choices.weights[draw, children]
                under = np.log(scores[children]) if choices.mean[draw] else scores[children]
                made = weights @ under / weights.sum()
                scores[parent] = np.exp(made) if choices.mean[draw] else made
            order = np.argsort(-scores[at[tree.root]])
            ranks[draw, order] = np.arange(1, len(cities) + 1)
        return ranks

    ours = partial(simulate, tree, cities, imputed, method)
    with np.errstate(invalid="ignore"):
        different = np.nanmean(ours().ranks != bare())
    if different > 0.01:  # z-scores below zero have no geometric mean: those draws fail in ours
        raise AssertionError(f"{different:.1%} of the ranks are not the bare loop's")
    return Line("draws ASEM 51×49 ×1,000", ours, bare, 3.0, "stage-cached numpy loop, no stages")


def _province(units: int) -> tuple[Tree, tuple[str, ...], Floats, NDArray[np.bool_], Floats]:
    made = province.framework(units)
    raw, absent = province.arrays(units)
    errors = np.where(np.isnan(raw), 0.0, np.abs(raw) * 0.03)
    return tree_of(made), tuple(unit.code for unit in made.units), raw, absent, errors


def _draws(units: int, *, errors: bool) -> Callable[[], object]:
    tree, cities, raw, absent, given = _province(units)
    method = parse_method({"uncertainty": DRAWS})
    return partial(
        score, tree, cities, raw, method,
        not_applicable=absent, errors=given if errors else None, workers=2,
    )  # fmt: skip


def _slider() -> Callable[[], object]:
    tree, cities, raw, absent, _ = _province(province.SMALL)
    sheet = score(tree, cities, raw, Method(normalise=Normalise()), not_applicable=absent)
    return partial(
        stability, tree, sheet.normalised, tree.weights, draws=1000, not_applicable=absent
    )


def _sobol() -> Callable[[], object]:
    tree, cities, raw, absent, _ = _province(province.SMALL)
    plan = {"uncertainty": {"vary": DRAWS["vary"], "weight_levels": [1, 2]}}
    method = parse_method({**plan, "sensitivity": {"base": 4096, "weights": "parent"}})
    sheet = score(tree, cities, raw, not_applicable=absent)
    observed = Observed(np.where(absent, np.nan, raw), ("none",) * raw.shape[1], "none")
    return partial(
        sensitivities, tree, cities, sheet.imputed, method,
        ranks=sheet.ranks[:, sheet.nodes.index(tree.root)], not_applicable=absent,
        observed=observed, workers=2,
    )  # fmt: skip
