"""How firm the ranks are: many scorings with other weights, scales, means and observations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from scoring.composite.firmness import Firmness
from scoring.composite.model import Choices, Model
from scoring.composite.observed import Observed, said
from scoring.composite.variants import drawn_weights, rescales

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.composite.method import Method
    from scoring.composite.sheet import Bools, Floats, Tree

BATCH = 1_500_000  # numbers in one array: bounds the memory of a simulation to some 200 MB
BLOCK = 600_000  # observations drawn again at a time; a part of what a seed means: never change it
Given = TypeVar("Given")
Found = TypeVar("Found")


def simulate(
    tree: Tree,
    cities: Sequence[str],
    imputed: Floats,
    method: Method,
    *,
    not_applicable: Bools | None = None,
    ranked: Bools | None = None,
    zero_when_missing: Sequence[bool] | None = None,
    observed: Observed | None = None,
    points: Floats | None = None,
    placed: Bools | None = None,
    workers: int = 1,
) -> Firmness:
    """Score ``method.uncertainty.draws`` times and rank each time.

    Parameters
    ----------
    tree : Tree
    cities : sequence of str, ``n_cities``
        In an order that does not depend on the input's (``score`` sorts by code).
    imputed : (n_cities, n_indicators) array
    method : Method
        ``uncertainty`` says what is varied; what is not varied runs as configured.
    not_applicable, ranked, zero_when_missing
        As in ``normalise``.
    observed : Observed, optional
        What was imputed from, with its errors: needed to vary the imputation or to draw the
        observations again.
    points : (n_cities,) array, optional
        Added to the index in every draw: bonuses and deductions.
    placed : (n_cities,) bool array, optional
        Who has a published place, where that is fewer than *ranked*: the others take none in
        any draw, and a draw does not fail for want of their scores.
    workers : int
        Threads. Their number changes no byte of the result.

    Returns
    -------
    Firmness

    Notes
    -----
    A draw multiplies weights by independent factors uniform on [1 − spread, 1 + spread], picks a
    normalisation, a mean and an imputation with equal chance, and a number of winsorised points.
    Without errors of observations normalisation and treatment are computed once for each
    combination. With them every draw observes again: value plus error times a standard normal,
    before imputation, treatment and normalisation. Draws are sorted by what they picked and cut
    into blocks; each block has a random stream of its own, spawned from the seed.

    When normalisation or the mean is varied, every bounded scale runs from 1 to 100 and z-scores
    have mean 50 and deviation 10, so that a geometric mean is defined whichever is picked. A draw
    in which a ranked city has no score although it had values (the mean of negative numbers,
    say) has failed: counted with its reason, left out.

    References
    ----------
    .. [1] M. Saisana, A. Saltelli, S. Tarantola, J. R. Statist. Soc. A 168 (2005) 307–323.
    .. [2] COINr 1.1, vignette "Sensitivity analysis".
    .. [3] JCGM 101:2008, Propagation of distributions using a Monte Carlo method.
    """
    model = model_of(
        tree, cities, imputed, method, not_applicable=not_applicable, ranked=ranked,
        zero_when_missing=zero_when_missing, observed=observed, points=points, placed=placed,
    )  # fmt: skip
    choices = choose(model)
    draws = choices.fill.size
    ranks = np.full((draws, len(cities)), np.nan, dtype=np.float32)  # exact to 16 million
    because = np.full(draws, "", dtype="U24")
    block = np.full(draws, -1, dtype=np.intp)
    model.prepare(choices)
    order, noisy = choices.order(), model.noise
    cells = len(cities) * len(noisy.columns) if noisy else len(cities)
    size = max(1, (BLOCK if noisy else BATCH) // max(1, cells))
    parts = [order[start : start + size] for start in range(0, draws, size)]
    seeds = np.random.SeedSequence(method.uncertainty.seed).spawn(len(parts))

    def run(number: int) -> None:
        part = parts[number]
        again = None
        if noisy:
            again = noisy.draw(np.random.default_rng(seeds[number]), part.size)
            block[part] = number
        index, because[part] = model.index(choices[part], again)
        ranks[part] = model.ranks(index)

    in_order(run, range(len(parts)), workers)
    failed: Bools = np.asarray(because != "")
    ranks[failed] = np.nan
    return Firmness(
        ranks=ranks,
        failed=failed,
        normalisations=tuple(model.scales),
        aggregations=tuple(model.means),
        normalisation=choices.scale,
        aggregation=choices.mean,
        points=choices.points,
        seed=method.uncertainty.seed,
        rescaled=rescales(method),
        imputations=model.fills,
        imputation=choices.fill,
        because=because,
        block=block,
        errors=said(model.observed, method.uncertainty) if noisy else None,
    )


def model_of(
    tree: Tree,
    cities: Sequence[str],
    imputed: Floats,
    method: Method,
    *,
    not_applicable: Bools | None = None,
    ranked: Bools | None = None,
    zero_when_missing: Sequence[bool] | None = None,
    observed: Observed | None = None,
    points: Floats | None = None,
    placed: Bools | None = None,
) -> Model:
    """The model behind ``simulate``, which has the parameters explained."""
    rule = method.impute.method
    rules = (rule,) * len(tree.indicators)
    return Model(
        tree=tree,
        cities=cities,
        imputed=imputed,
        method=method,
        observed=observed or Observed(imputed, rules, rule),
        absent=np.zeros(imputed.shape, bool) if not_applicable is None else not_applicable,
        ranked=np.ones(len(cities), bool) if ranked is None else ranked,
        zeros=zero_when_missing or (False,) * len(tree.indicators),
        added=None if points is None or not np.nan_to_num(points).any() else points,
        placed=placed,
    )


def choose(model: Model) -> Choices:
    """What each draw varies, drawn from the seed of the method."""
    plan, tree = model.method.uncertainty, model.tree
    rng = np.random.default_rng(plan.seed)
    # always drawn in the same sequence, so that varying one thing leaves the others' draws alone
    factors = 1.0 + plan.weight_spread * (2.0 * rng.random((plan.draws, len(tree.codes))) - 1.0)
    scale = rng.integers(0, len(model.scales), plan.draws)
    mean = rng.integers(0, len(model.means), plan.draws)
    least, most = plan.treat_points
    points = rng.integers(least, most + 1, plan.draws)
    fill = rng.integers(0, len(model.fills), plan.draws)
    if "treat" not in plan.vary:
        points = np.zeros(plan.draws, dtype=points.dtype)
    weights = drawn_weights(tree, model.method, factors)
    picked: list[NDArray[np.intp]] = [each.astype(np.intp) for each in (fill, points, scale, mean)]
    return Choices(weights, *picked)


def in_order(work: Callable[[Given], Found], parts: Iterable[Given], workers: int) -> list[Found]:
    """Do *work* on every part, by threads when there are several workers; results in order."""
    if workers <= 1:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(work, parts))
