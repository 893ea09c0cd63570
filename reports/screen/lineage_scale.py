"""One value's way to the common scale, as a sum in the indicator's own unit. Pure."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from reports.ranking import RankingFacts
from reports.screen.arithmetic import Number, Term, ln
from scoring.composite.trace import Step


class Scale:
    """The sum of one normalisation; called with how a number is written."""

    def __init__(self, facts: RankingFacts, unit: str, step: Step, before: float) -> None:
        self.facts, self.unit, self.step, self.before = facts, unit, step, before
        self.said, self.kind = step.parameters, step.rule
        self.sign = float(self.said["direction"])

    def __call__(self, n: Number) -> Term:
        if self.kind == "none":
            return self._directed(n)
        if self.kind == "rank":
            return n(1.0) + n(float(self._below()))
        if self.kind == "borda":
            return n(float(self._below()))
        if self.kind == "zscore":
            return n(self.said["to_mean"]) + self.share(n) * n(self.said["to_sd"])
        if self.kind == "scaled":
            low, high = float(self.said["lower"]), float(self.said["upper"])
            return (self._directed(n) - n(low)) / (n(high) - n(low)) * n(100.0)
        return self._on_scale(self.share(n), n)

    def at_the_edge(self, n: Number) -> Term:
        """For a share beyond 0–1 that was cut off there."""
        return self._on_scale(n(1.0 if self.share(n).value > 1 else 0.0), n)

    def share(self, n: Number) -> Term:
        """The part of the scale before it is stretched to its ends."""
        said, x = self.said, self._own(n, self.before)
        if self.kind == "zscore":
            middle = n(self.sign * said["mean"])
            away = x - middle if self.sign > 0 else middle - x
            return away / n(said["sd"])
        if self.kind == "percentile-rank":
            return n(float(self._below())) / (n(float(said["count"])) - n(1.0))
        if self.kind == "fraction-of-max":
            return self._directed(n) / n(said["maximum"])
        if self.kind == "goalposts":
            worst, best = self._own(n, said["worst"]), self._own(n, said["best"])
            return (x - worst) / (best - worst)
        low = n(self.sign * said["minimum"]) if "minimum" in said else n(0.0)
        if self.kind == "distance-to-target":
            top = self._own(n, said["target"])
        elif self.kind == "distance-to-reference":
            top = self._own(n, self._reference())
        else:
            top = n(self.sign * said["maximum"]) if "maximum" in said else n(1.0)
        return (x - low) / (top - low)

    def _on_scale(self, share: Term, n: Number) -> Term:
        lower, upper = (self.said.get(name) for name in ("lower", "upper"))
        low = 0.0 if lower is None else float(lower)
        high = 1.0 if upper is None else float(upper)
        stretched = share if high - low == 1 else share * n(high - low)
        return stretched if not low else n(low) + stretched

    def _own(self, n: Number, value: float) -> Term:
        """A value in the indicator's own unit, as it stands on the scale."""
        return ln(n(value)) if "transform" in self.said else n(value)

    def _directed(self, n: Number) -> Term:
        own = self._own(n, self.before)
        return own if self.sign > 0 else n(0.0) - own

    def _column(self) -> Any:
        column = self.facts.sheet.treated[:, self.facts.indicator_at[self.step.node]]
        return self.sign * column

    def _below(self) -> int:
        column, peers = self._column(), self.facts.sheet.ranked
        own = column[self.facts.row_of[self.unit]]
        said = self.facts.sheet.method["normalise"].get("reference_set")
        some = column[peers] if said == "ranked" and peers is not None else column
        return int(np.sum(some < own))

    def _reference(self) -> float:
        row = self.facts.row_of.get(str(self.said.get("reference")))
        return math.nan if row is None else float(self.sign * self._column()[row])
