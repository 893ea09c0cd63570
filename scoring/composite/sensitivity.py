"""What the ranks depend on: Sobol indices of everything that a simulation varies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.composite.factors import Factors, factors_of, wanted
from scoring.composite.model import Model
from scoring.composite.sobol import Jansen, crossed, resampled, saltelli
from scoring.composite.uncertainty import BLOCK, in_order, model_of

if TYPE_CHECKING:
    from scoring.composite.method import Method
    from scoring.composite.observed import Observed
    from scoring.composite.sheet import Bools, Floats, Tree

WEIGHTS = 2_000_000  # numbers of drawn weights held at a time
DECIMALS = 9
LIMITS = (2.5, 97.5)  # of the bootstrap interval, in percent


@dataclass(frozen=True)
class Sensitivities:
    """Indices by factor: arrays are ``(n_factors, …)`` in the order of ``factors``.

    ``shift`` is of the mean absolute shift of the ranks from the published ones: ``first``,
    ``total`` and the ends of their 95 % bootstrap intervals. ``ranks`` and ``scores`` are
    ``(2, n_factors, n_cities)``: first and total order for each ranked city. NaN where an
    output does not vary.
    """

    factors: tuple[str, ...]
    cities: tuple[str, ...]
    shift: Mapping[str, Floats]
    ranks: Floats
    scores: Floats
    mean_shift: float
    base: int
    evaluations: int
    failed: int
    seed: int

    def summary(self) -> dict[str, Any]:
        """Plain numbers by factor, and by city and factor, to nine decimals."""
        by_factor = {
            name: {key: _told(values[i]) for key, values in self.shift.items()}
            for i, name in enumerate(self.factors)
        }
        return {
            "factors": list(self.factors),
            "mean_rank_shift": _told(self.mean_shift),
            "rank_shift": by_factor,
            "cities": {
                city: {
                    "rank": _by_order(self.factors, self.ranks[:, :, i]),
                    "score": _by_order(self.factors, self.scores[:, :, i]),
                }
                for i, city in enumerate(self.cities)
            },
        }

    def executed(self) -> dict[str, Any]:
        """What really ran."""
        return {
            "base": self.base,
            "evaluations": self.evaluations,
            "failed": self.failed,
            "seed": self.seed,
            "sample": "scrambled Sobol sequence, Saltelli's scheme",
            "estimator": "Jansen",
        }


def sensitivities(
    tree: Tree,
    cities: Sequence[str],
    imputed: Floats,
    method: Method,
    *,
    ranks: Floats,
    not_applicable: Bools | None = None,
    ranked: Bools | None = None,
    zero_when_missing: Sequence[bool] | None = None,
    observed: Observed | None = None,
    points: Floats | None = None,
    workers: int = 1,
) -> Sensitivities:
    """Sobol indices of the ranks and the scores for each factor of ``method.sensitivity``.

    Parameters
    ----------
    tree, cities, imputed, method, not_applicable, ranked, zero_when_missing, observed, points,
    workers
        As in ``simulate``.
    ranks : (n_cities,) array
        The published ranks, from which shifts are counted; NaN for a city without one.

    Returns
    -------
    Sensitivities

    Raises
    ------
    ScoringError
        If errors are a factor and none were given, or if nothing varies.

    Notes
    -----
    A point of the cube is one scoring. A base point at which any of its scorings fails counts
    in no index; how many there were is in ``failed``. All errors of observations together are
    one factor; its "coordinates" are two independent streams of each block.

    References
    ----------
    .. [1] M. Saisana, A. Saltelli, S. Tarantola, J. R. Statist. Soc. A 168 (2005) 307–323.
    .. [2] A. Saltelli et al., Computer Physics Communications 181 (2010) 259–270.
    """
    varied, seen = wanted(method, observed)
    plan = method.sensitivity
    model = model_of(
        tree, cities, imputed, varied, not_applicable=not_applicable, ranked=ranked,
        zero_when_missing=zero_when_missing, observed=seen, points=points, placed=~np.isnan(ranks),
    )  # fmt: skip
    factors = factors_of(model)
    cube = saltelli(plan.base, max(factors.dimensions, 1), plan.seed)
    model.prepare(factors.choices(model, np.concatenate(cube)))
    some = np.flatnonzero(~np.isnan(ranks))
    times = len(factors.groups) + 2
    size = WEIGHTS // (times * len(tree.codes))
    if model.noise:
        size = min(size, BLOCK // (times * len(cities) * len(model.noise.columns)))
    size = max(size, 1)
    starts = range(0, plan.base, size)
    seeds = np.random.SeedSequence(plan.seed).spawn(len(starts))

    def run(number: int) -> Floats:
        part = slice(starts[number], starts[number] + size)
        here = cube[0][part], cube[1][part]
        return _evaluated(model, factors, here, seeds[number], ranks, some)

    sums, shifts, failed = Jansen(), [], 0
    for outputs in in_order(run, range(len(starts)), workers):
        good = ~np.isnan(outputs).any(axis=(0, 2))
        failed += int(np.sum(~good))
        kept = outputs[:, good]
        sums.add(kept[0], kept[1], kept[2:])
        shifts.append(kept[:, :, 0])
    every = np.concatenate(shifts, axis=1)
    low, high = _intervals(every, plan.resamples, plan.seed)
    first, total = sums.first_order, sums.total_order
    count = some.size
    both = np.stack([first, total])
    return Sensitivities(
        factors=tuple(factors.groups),
        cities=tuple(cities[int(i)] for i in some),
        shift={
            "first": first[:, 0],
            "first_low": low[0],
            "first_high": high[0],
            "total": total[:, 0],
            "total_low": low[1],
            "total_high": high[1],
        },
        ranks=both[:, :, 1 : 1 + count],
        scores=both[:, :, 1 + count :],
        mean_shift=float(sums.mean[0]),
        base=plan.base,
        evaluations=plan.base * times,
        failed=failed,
        seed=plan.seed,
    )


def _evaluated(
    model: Model,
    factors: Factors,
    points: tuple[Floats, Floats],
    seed: np.random.SeedSequence,
    ranks: Floats,
    some: Any,
) -> Floats:
    """Outputs at A, at B and at A with each factor from B, ``(k + 2, n, 1 + 2·n_cities)``.

    The outputs are the shift, the ranks as moved from the published ones, and the scores.
    """
    first, second = points
    cubes = [first, second, *(crossed(first, second, at) for at in factors.groups.values())]
    choices = factors.choices(model, np.concatenate(cubes))
    again = None
    if model.noise:
        streams = [np.random.default_rng(child) for child in seed.spawn(2)]
        own, other = (model.noise.draw(rng, len(first)) for rng in streams)
        names = ["", "errors", *factors.groups]
        again = np.concatenate([other if name == "errors" else own for name in names], axis=1)
    index, _ = model.index(choices, again)
    places = model.ranks(index)[:, some] - ranks[some]
    shift = np.abs(places).sum(axis=1) / max(places.shape[1], 1)
    made = np.concatenate([shift[:, None], places, index[:, some]], axis=1)
    return made.reshape(len(cubes), len(first), -1)


def _intervals(every: Floats, resamples: int, seed: int) -> tuple[Floats, Floats]:
    """Ends of the bootstrap intervals, ``(2, n_factors)`` each: of first and of total order."""
    if resamples == 0 or every.shape[1] == 0:
        nothing = np.full((2, len(every) - 2), np.nan)
        return nothing, nothing
    drawn = resampled(every[0], every[1], every[2:], resamples=resamples, seed=seed)
    low, high = np.percentile(np.stack(drawn), LIMITS, axis=1)
    return low, high


def _told(value: float) -> float:
    """An estimate as it is published: its last bits are the processor's, and mean nothing."""
    return round(float(value), DECIMALS) + 0.0


def _by_order(factors: Sequence[str], values: Floats) -> dict[str, dict[str, float]]:
    return {
        order: {name: _told(value) for name, value in zip(factors, row, strict=True)}
        for order, row in zip(("first", "total"), values, strict=True)
    }
