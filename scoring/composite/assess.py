"""What is said of a scoring beside its ranks: how firm they are, and what they depend on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.composite.observed import Observed
from scoring.composite.sensitivity import sensitivities
from scoring.composite.uncertainty import simulate

if TYPE_CHECKING:
    from scoring.composite.firmness import Firmness
    from scoring.composite.method import Method
    from scoring.composite.prepare import Prepared
    from scoring.composite.sheet import Bools, Floats, Tree


@dataclass(frozen=True)
class Assessed:
    """``intervals`` by city, ``firmness`` as published, ``draws`` with every draw.

    ``sensitivity`` is the summary of Sobol's indices; ``executed`` is what really ran, for the
    record of the method.
    """

    intervals: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    firmness: Mapping[str, Any] = field(default_factory=dict)
    draws: Firmness | None = None
    sensitivity: Mapping[str, Any] = field(default_factory=dict)
    executed: Mapping[str, Any] = field(default_factory=dict)


def assess(
    tree: Tree,
    cities: Sequence[str],
    ready: Prepared,
    method: Method,
    *,
    ranks: Floats,
    ranked: Bools,
    zeros: Sequence[bool],
    groups: Sequence[str | None] | None,
    errors: Floats | None,
    points: Floats | None = None,
    workers: int = 1,
) -> Assessed:
    """Draw and analyse as the method says; nothing where it says 0.

    Parameters
    ----------
    tree, cities, method, ranked, groups, workers
        As in ``score`` and ``simulate``, cities in the engine's own order.
    ready : Prepared
    ranks : (n_cities,) array
        The published ranks of the index.
    zeros : sequence of bool, one an indicator
        Where a missing value scores zero.
    errors : (n_cities, n_indicators) array or None
        Of the raw values; a denominator divides them as it divides the values.
    points : (n_cities,) array, optional
        What bonuses and deductions added to the published index: added in every draw.
    """
    if not method.uncertainty.draws and not method.sensitivity.base:
        return Assessed()
    observed = observed_of(ready, method, groups=groups, errors=errors)
    given: dict[str, Any] = {
        "not_applicable": ready.absent,
        "ranked": ranked,
        "zero_when_missing": zeros,
        "observed": observed,
        "points": points,
        "workers": workers,
    }
    found = Assessed()
    if method.uncertainty.draws:
        placed = ~np.isnan(ranks)
        firmness = simulate(tree, cities, ready.scored, method, placed=placed, **given)
        found = Assessed(
            intervals={city: firmness.interval(i) for i, city in enumerate(cities) if ranked[i]},
            firmness=firmness.summary(cities, ranks, method.uncertainty.tie_level),
            draws=firmness,
            executed={"uncertainty": firmness.executed()},
        )
    if method.sensitivity.base:
        indices = sensitivities(tree, cities, ready.scored, method, ranks=ranks, **given)
        executed = {**found.executed, "sensitivity": indices.executed()}
        found = replace(found, sensitivity=indices.summary(), executed=executed)
    return found


def observed_of(
    ready: Prepared,
    method: Method,
    *,
    groups: Sequence[str | None] | None,
    errors: Floats | None,
) -> Observed:
    """What the imputation started from, without what does not count."""
    if errors is not None and ready.denominated is not None:
        divisors = ready.denominated.divisors
        errors = errors / np.where(np.isnan(divisors), 1.0, divisors)
    values = np.where(ready.absent, np.nan, ready.usable)
    if errors is not None:
        errors = np.where(np.isnan(values), 0.0, errors)
    return Observed(
        values, ready.rules, method.impute.method, errors, groups, method.impute.empty_group
    )
