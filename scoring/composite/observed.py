"""What was observed, how uncertain it is, and what it could have been instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.composite.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from scoring.composite.plan import Uncertainty
    from scoring.composite.sheet import Floats, Tree

FAR = 8.0  # deviations: a normal draw passes a limit so far away once in 10¹⁵


@dataclass(frozen=True)
class Observed:
    """What enters the imputation: the start of every draw that imputes or observes again.

    ``values`` and ``errors`` are ``(n_cities, n_indicators)``, in the indicators' units;
    NaN in ``values`` is missing or not applicable. ``rules`` is one imputation rule an
    indicator; those equal to ``common`` are the method's own and may be varied.
    """

    values: Floats
    rules: tuple[str, ...]
    common: str
    errors: Floats | None = None
    groups: Sequence[str | None] | None = None
    empty_group: str = "missing"

    def rules_with(self, common: str) -> tuple[str, ...]:
        """The rules when the method's own is another one."""
        return tuple(common if rule == self.common else rule for rule in self.rules)


def errors_of(
    errors: ArrayLike | None, values: Floats, tree: Tree, cities: Sequence[str]
) -> tuple[Floats | None, list[Problem]]:
    """Errors checked: ``(n_cities, n_indicators)`` with 0 where none is stated or nothing observed.

    None when there is no error anywhere. NaN means that no error is stated.
    """
    if errors is None:
        return None, []
    given = np.array(errors, dtype=float, ndmin=2)
    if given.shape != values.shape:
        facts = {"value": given.shape, "expected": values.shape}
        return None, [Problem("errors", "wrong-shape", facts)]
    wrong = (given < 0) | np.isinf(given)
    problems = [
        Problem(
            tree.indicators[j],
            "bad-error",
            {"city": cities[i], "value": float(given[i, j]), "column": f"{tree.indicators[j]}.se"},
        )
        for i, j in np.argwhere(wrong)
    ]
    known = np.where(np.isnan(given) | np.isnan(values) | wrong, 0.0, given)
    return (known if known.any() else None), problems


@dataclass(frozen=True)
class Noise:
    """How observations of some indicators are drawn again; arrays are ``(n_noisy, n_cities)``.

    ``columns`` are the positions of the indicators with an error. ``near`` are the row and the
    city of each cell that a draw could take past a limit, ``low`` and ``high`` its limits in
    units of its error.
    """

    columns: tuple[int, ...]
    values: Floats
    errors: Floats
    near: tuple[NDArray[np.intp], NDArray[np.intp]]
    low: Floats
    high: Floats
    shape: str

    def draw(self, rng: np.random.Generator, draws: int) -> Floats:
        """Values that could have been observed, ``(n_noisy, n_draws, n_cities)``.

        The same generator gives the same bytes. NaN where nothing was observed.
        """
        made = np.empty((len(self.columns), draws, self.values.shape[1]))
        if self.shape == "uniform":
            rng.random(out=made)
            made *= 2.0
            made -= 1.0
        else:
            rng.standard_normal(out=made)
        rows, cities = self.near
        if rows.size:
            made[rows, :, cities] = self._between(rng.random((rows.size, draws)))
        made *= self.errors[:, None, :]
        made += self.values[:, None, :]
        return made

    def _between(self, share: Floats) -> Floats:
        """Draws of the standard distribution kept within the limits, by inverting it."""
        from scipy.special import ndtr, ndtri  # slow to import, and seldom needed

        low, high = self.low[:, None], self.high[:, None]
        if self.shape == "uniform":
            low, high = np.maximum(low, -1.0), np.minimum(high, 1.0)
            return np.asarray(low + share * (high - low))
        first, last = ndtr(low), ndtr(high)
        return np.asarray(np.clip(ndtri(first + share * (last - first)), low, high))


def noise(tree: Tree, observed: Observed, plan: Uncertainty) -> Noise | None:
    """The noise of what was observed; None without errors.

    Notes
    -----
    A value x with error e becomes x + e·z, z standard normal (or uniform on [−1, 1]),
    truncated to the limits that ``plan.error_limits`` gives to its indicator.

    References
    ----------
    .. [1] JCGM 101:2008, Propagation of distributions using a Monte Carlo method, 6.4.
    """
    if observed.errors is None or not observed.errors.any():
        return None
    columns = tuple(int(j) for j in np.flatnonzero(observed.errors.any(axis=0)))
    values = np.ascontiguousarray(observed.values[:, columns].T)
    errors = np.ascontiguousarray(observed.errors[:, columns].T)
    ends = np.array(list(_limits(tree, observed, plan.error_limits, columns)))[:, :, None]
    own = np.where(errors > 0, errors, 1.0)
    low, high = (ends[:, 0] - values) / own, (ends[:, 1] - values) / own
    reach = 1.0 if plan.error_shape == "uniform" else FAR
    rows, cities = np.nonzero((errors > 0) & ((low > -reach) | (high < reach)))
    near = (rows, cities)
    return Noise(columns, values, errors, near, low[near], high[near], plan.error_shape)


def _limits(
    tree: Tree, observed: Observed, kind: str, columns: Sequence[int]
) -> Iterator[tuple[float, float]]:
    at = {code: i for i, code in enumerate(tree.codes)}
    for j in columns:
        column = observed.values[:, j]
        known = column[~np.isnan(column)]
        low, high = -np.inf, np.inf
        if kind != "none" and known.min() >= 0:
            low = 0.0
        elif kind != "none" and known.max() <= 0:
            high = 0.0
        i = at[tree.indicators[j]]
        ends = [end for end in (tree.worst[i], tree.best[i]) if end is not None]
        within = len(ends) == 2 and known.min() >= min(ends) and known.max() <= max(ends)
        if kind == "goalposts" and within:
            low, high = max(low, min(ends)), min(high, max(ends))
        yield low, high


def said(observed: Observed, plan: Uncertainty) -> Mapping[str, Any]:
    """For the record: how many observations were drawn again, and how."""
    errors = observed.errors
    return {
        "observations": 0 if errors is None else int(np.count_nonzero(errors)),
        "error_shape": plan.error_shape,
        "error_limits": plan.error_limits,
    }
