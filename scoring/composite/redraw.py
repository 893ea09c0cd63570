"""Observations drawn again, brought through imputation, treatment and scale many at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scoring.composite.normalise import UNIT_SCALED, directed, keeps_unit, kinds, own_scale
from scoring.composite.policies import clips
from scoring.composite.scales import Columns, apply
from scoring.composite.treat_many import treat_many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.composite.observed import Observed
    from scoring.composite.policies import Normalise, Treat
    from scoring.composite.sheet import Bools, Floats, Tree

CENTRES = ("mean", "median", "group-mean", "group-median")


@dataclass(frozen=True)
class Redraw:
    """The steps from observations to normalised values for some indicators, in many draws.

    Arrays named ``x`` are ``(n_columns, n_draws, n_cities)`` and belong to the caller: a step
    may change them. ``columns`` are positions in ``tree.indicators``. A draw does what ``score``
    does, with one exception that is on record: a cell filled by a rule that looks at other
    indicators or periods keeps the value it was filled with.
    """

    tree: Tree
    cities: Sequence[str]
    observed: Observed
    imputed: Floats
    absent: Bools
    ranked: Bools
    zeros: Sequence[bool]
    columns: Sequence[int]

    def filled(self, x: Floats, common: str) -> Floats:
        """Fill what is missing, *common* being the rule of the indicators without their own."""
        rules = self.observed.rules_with(common)
        groups = np.array([name or "" for name in self.observed.groups or ()], dtype=object)
        for row, j in enumerate(self.columns):
            holes = np.isnan(self.observed.values[:, j]) & ~self.absent[:, j]
            if not holes.any() or rules[j] in ("none", "zero"):
                continue
            if rules[j] not in CENTRES:
                x[row][:, holes] = self.imputed[holes, j]
                continue
            centre = np.median if rules[j].endswith("median") else np.mean
            known = ~np.isnan(self.observed.values[:, j])
            if not rules[j].startswith("group-"):
                if known.any():
                    x[row][:, holes] = centre(x[row][:, known], axis=1)[:, None]
                continue
            for i in np.flatnonzero(holes):
                peers = known & (groups == groups[i]) & (groups != "")
                if not peers.any() and self.observed.empty_group == "overall":
                    peers = known
                if peers.any():
                    x[row][:, i] = centre(x[row][:, peers], axis=1)
        return x

    def treated(self, x: Floats, policy: Treat, scale: Normalise) -> Floats:
        """Treat the outliers of every draw; indicators with as many values go together."""
        if policy.method == "none":
            return x
        keep = keeps_unit(self.tree, scale)
        alike: dict[tuple[int, bool], list[tuple[int, Bools]]] = {}
        for row, j in enumerate(self.columns):
            known = ~np.isnan(x[row, 0])  # the gaps are those of every draw
            alike.setdefault((int(known.sum()), keep[j]), []).append((row, known))
        for (_count, kept), some in alike.items():
            rows = np.concatenate([x[row][:, known] for row, known in some])
            made = treat_many(rows, policy, keep_unit=kept)
            if made is not rows:
                for (row, known), part in zip(some, np.split(made, len(some)), strict=True):
                    x[row][:, known] = part
        return x

    def normalised(self, x: Floats, policy: Normalise) -> tuple[Floats, Bools]:
        """Normalise every draw; and in which draws a logarithm is not defined, ``(n_draws,)``."""
        chosen = kinds(self.tree, policy)
        at = {code: i for i, code in enumerate(self.tree.codes)}
        places = [at[self.tree.indicators[j]] for j in self.columns]
        own = [chosen[j] for j in self.columns]
        signs = np.array([self.tree.directions[i] for i in places], dtype=float)
        _, worst, best, target = directed(self.tree, places, np.ones((1, len(places))), own)
        undefined = np.zeros(x.shape[1], dtype=bool)
        for row, i in enumerate(places):
            if self.tree.transform and self.tree.transform[i] == "ln":
                bad = x[row] <= 0
                undefined |= bad.any(axis=1)
                x[row] = np.log(np.where(bad, 1.0, x[row]))
        reference = None
        if "distance-to-reference" in own:
            reference = list(self.cities).index(str(policy.reference))
        for kind in dict.fromkeys(own):
            rows = [row for row, name in enumerate(own) if name == kind]
            lower, upper = own_scale(policy, kind)
            some = slice(None) if len(rows) == len(own) else rows
            if kind == "goalposts":
                x[some] = _affine(
                    x[some], signs[some], worst[some], best[some], policy, lower, upper
                )
                continue
            part = x[some] * signs[some][:, None, None]
            wide = part.reshape(-1, x.shape[2]).T  # a draw of an indicator is a column
            peers = wide[self.ranked] if policy.reference_set == "ranked" else wide
            low, high = np.fmin.reduce(peers, axis=0), np.fmax.reduce(peers, axis=0)
            far, near, goal = (np.repeat(end[some], x.shape[1]) for end in (worst, best, target))
            city = np.full(low.shape, np.nan) if reference is None else wide[reference]
            made, _ = apply(
                kind, Columns(wide, peers, low, high, far, near, goal, city), policy, lower, upper
            )
            x[some] = made.T.reshape(part.shape)
        self._zeroed(x, own, policy)
        return x, undefined

    def _zeroed(self, x: Floats, own: Sequence[str], policy: Normalise) -> None:
        for row, j in enumerate(self.columns):
            if self.zeros[j]:
                holes = np.isnan(self.observed.values[:, j]) & ~self.absent[:, j]
                least = np.fmin.reduce(x[row], axis=1)[:, None]
                if own[row] in ("goalposts", "minmax", *UNIT_SCALED):
                    least = np.array(own_scale(policy, own[row])[0])
                x[row][:, holes] = least


def _affine(
    x: Floats, signs: Floats, worst: Floats, best: Floats, policy: Normalise,
    lower: float, upper: float,
) -> Floats:  # fmt: skip
    """Fixed goalposts are one multiplication and one addition a cell."""
    slope = (upper - lower) / (best - worst)
    x *= (slope * signs)[:, None, None]
    x += (lower - slope * worst)[:, None, None]
    if clips(policy, "goalposts"):
        np.clip(x, lower, upper, out=x)
    return x
