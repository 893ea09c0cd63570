"""The index as a function of what is uncertain: many draws in, the indices of all cities out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scoring.composite.index import Families, families, index_of
from scoring.composite.normalise import keeps_unit, normalise
from scoring.composite.observed import Noise, Observed, noise
from scoring.composite.problems import ScoringError
from scoring.composite.rank import rank_rows, rounded
from scoring.composite.redraw import Redraw
from scoring.composite.treat import treat
from scoring.composite.tree_order import levels
from scoring.composite.variants import aggregations, imputations, normalisations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scoring.composite.method import Method
    from scoring.composite.policies import Normalise, Treat
    from scoring.composite.sheet import Bools, Floats, Tree

Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Choices:
    """What runs in each draw; arrays are ``(n_draws,)``, ``weights`` ``(n_draws, n_nodes)``.

    ``fill``, ``scale`` and ``mean`` are positions in the model's ``fills``, ``scales`` and
    ``means``; ``points`` is the number of winsorised points, 0 for the method's own treatment.
    """

    weights: Floats
    fill: Ints
    points: Ints
    scale: Ints
    mean: Ints

    def __getitem__(self, some: slice | Ints) -> Choices:
        return Choices(
            self.weights[some], self.fill[some], self.points[some], self.scale[some],
            self.mean[some],
        )  # fmt: skip

    def order(self) -> Ints:
        """Draws with equal choices side by side."""
        return np.lexsort((self.mean, self.scale, self.points, self.fill))

    def groups(self) -> Iterator[tuple[list[int], slice | Ints]]:
        """Each combination of choices and the draws that have it; a slice where it is all."""
        rows = np.stack([self.fill, self.points, self.scale, self.mean], axis=1)
        if (rows == rows[0]).all():
            yield rows[0].tolist(), slice(None)
            return
        found, which = np.unique(rows, axis=0, return_inverse=True)
        for number, row in enumerate(found):
            yield row.tolist(), np.flatnonzero(which.reshape(-1) == number)


@dataclass
class Model:
    """A tree, a method and what was observed, ready to be scored in many ways.

    Cities are in the order given, which must not depend on the input's. ``stage`` remembers the
    normalised values of each combination of choices: the draws without errors share them.
    """

    tree: Tree
    cities: Sequence[str]
    imputed: Floats
    method: Method
    observed: Observed
    absent: Bools
    ranked: Bools
    zeros: Sequence[bool]
    added: Floats | None = None  # (n_cities,): bonuses and deductions
    placed: Bools | None = None  # who takes a place, where that is fewer than ``ranked``
    scales: Mapping[str, Normalise] = field(init=False)
    means: Mapping[str, tuple[str, ...]] = field(init=False)
    fills: tuple[str, ...] = field(init=False)
    noise: Noise | None = field(init=False)
    families: Families = field(init=False)
    takers: Bools = field(init=False)
    expected: Bools = field(init=False)
    stages: dict[tuple[int, int, int], Floats | str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.scales = normalisations(self.method)
        self.means = aggregations(self.method, len(levels(self.tree)))
        self.fills = imputations(self.method)
        self.noise = noise(self.tree, self.observed, self.method.uncertainty)
        self.families = families(self.tree, self.method.aggregate, ~self.absent)
        self.takers = self.ranked if self.placed is None else self.placed & self.ranked
        self.expected = self.takers & ~np.isnan(self.imputed).all(axis=1)

    def prepare(self, choices: Choices) -> None:
        """Compute every stage that *choices* need, so that workers only read them."""
        rows = np.stack([choices.fill, choices.points, choices.scale], axis=1)
        for fill, points, scale in np.unique(rows, axis=0).tolist():
            self.stage(fill, points, scale)

    def index(self, choices: Choices, x: Floats | None = None) -> tuple[Floats, NDArray[np.str_]]:
        """The index of every city in some draws.

        Parameters
        ----------
        choices : Choices
        x : (n_noisy, n_draws, n_cities) array, optional
            Observations drawn again, of the columns of ``noise``; not kept, but changed.

        Returns
        -------
        index : (n_draws, n_cities) array
            Rounded if the method ranks rounded scores. NaN where a city has no score.
        because : (n_draws,) array of str
            Why a draw failed, a problem's code; empty where it did not. A draw fails when a
            ranked city has no score although it has values.
        """
        draws = choices.weights.shape[0]
        index = np.full((draws, len(self.cities)), np.nan)
        because = np.full(draws, "", dtype="U24")
        for (fill, points, scale, mean), some in choices.groups():
            stage = self.stage(fill, points, scale)
            if isinstance(stage, str):
                because[some] = stage
                continue
            columns: list[Floats] = list(np.ascontiguousarray(stage.T)[:, None, :])
            undefined: Bools | None = None
            if x is not None and self.noise is not None:
                own = x if isinstance(some, slice) else np.ascontiguousarray(x[:, some])
                again, undefined = self._again(own, fill, points, scale)
                for row, j in enumerate(self.noise.columns):
                    columns[j] = again[row]
            ladder = list(self.means.values())[mean]
            made = index_of(self.families, columns, choices.weights[some], ladder)
            failed = np.isnan(made[:, self.expected]).any(axis=1)
            if failed.any():
                reason = np.full(made.shape[0], "no-score", dtype="U24")
                if set(ladder) - {"arithmetic", "copeland"}:
                    below = [(column < 0).any(axis=1) for column in columns]
                    negative = np.any(np.broadcast_arrays(*below), axis=0)
                    reason[np.broadcast_to(negative, reason.shape)] = "negative-score"
                because[some] = np.where(failed, reason, "")
            if undefined is not None and undefined.any():
                because[some] = np.where(undefined, "not-positive", because[some])
            index[some] = made
        index[because != ""] = np.nan
        if self.added is not None:
            index += self.added
        decimals = self.method.rank.decimals
        return (index if decimals is None else rounded(index, decimals)), because

    def ranks(self, index: Floats) -> Floats:
        """Places in each draw, ``(n_draws, n_cities)``; NaN for a city that is not ranked."""
        return rank_rows(np.where(self.takers, index, np.nan), self.method.rank.ties)

    def stage(self, fill: int, points: int, scale: int) -> Floats | str:
        """Normalised values ``(n_cities, n_indicators)``, or the code of why there are none."""
        key = (fill, points, scale)
        if key not in self.stages:
            self.stages[key] = self._stage(*key)
        return self.stages[key]

    def _stage(self, fill: int, points: int, scale: int) -> Floats | str:
        imputed = self.imputed
        if fill:
            every = self._redraw(range(len(self.tree.indicators)))
            x = np.ascontiguousarray(self.observed.values.T)[:, None, :]
            imputed = every.filled(x, self.fills[fill])[:, 0].T
        treated, _ = treat(
            imputed, self._treat(points), codes=self.tree.indicators,
            keep_unit=keeps_unit(self.tree, self.method.normalise),
        )  # fmt: skip
        try:
            scaled, _ = normalise(
                self.tree, self.cities, treated, list(self.scales.values())[scale],
                not_applicable=self.absent, ranked=self.ranked, zero_when_missing=self.zeros,
            )  # fmt: skip
        except ScoringError as error:
            return error.problems[0].code
        return scaled

    def _again(self, x: Floats, fill: int, points: int, scale: int) -> tuple[Floats, Bools]:
        assert self.noise is not None
        steps = self._redraw(self.noise.columns)
        x = steps.filled(x, self.fills[fill])
        x = steps.treated(x, self._treat(points), self.method.normalise)
        return steps.normalised(x, list(self.scales.values())[scale])

    def _redraw(self, columns: Sequence[int]) -> Redraw:
        return Redraw(
            self.tree, self.cities, self.observed, self.imputed, self.absent, self.ranked,
            self.zeros, columns,
        )  # fmt: skip

    def _treat(self, points: int) -> Treat:
        own = self.method.treat
        return replace(own, method="winsorise", max_points=points) if points else own
