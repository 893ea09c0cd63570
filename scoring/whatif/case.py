"""Everything that a scoring starts from, as one value that can be changed and scored again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from scoring.composite.challengers.policy import Challengers
from scoring.composite.grades import Grades
from scoring.composite.method import Method
from scoring.composite.plan import Sensitivity, Uncertainty
from scoring.composite.problems import Problem, ScoringError
from scoring.composite.score import score
from scoring.composite.sheet import Bools, Floats, ScoreSheet, Tree


@dataclass(frozen=True)
class Case:
    """The arguments of ``score``; ``more`` holds those that this package only hands on.

    ``values`` and ``not_applicable`` are ``(n_cities, n_indicators)``, ``ranked`` is
    ``(n_cities,)``; None is what ``score`` takes when it is not told. Nothing in a case is ever
    written to.
    """

    tree: Tree
    cities: tuple[str, ...]
    values: Floats
    method: Method = field(default_factory=Method)
    not_applicable: Bools | None = None
    groups: tuple[str | None, ...] | None = None
    ranked: Bools | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def absent(self) -> Bools:
        """What is not applicable, spelled out."""
        if self.not_applicable is None:
            return np.zeros(self.values.shape, dtype=bool)
        return self.not_applicable

    @property
    def placed(self) -> Bools:
        """Who is ranked, spelled out."""
        return np.ones(len(self.cities), bool) if self.ranked is None else self.ranked

    def row(self, city: str) -> int:
        """Where a city stands; ScoringError when it is not there."""
        if city not in self.cities:
            raise ScoringError([Problem(city, "city-unknown", {"value": city})])
        return self.cities.index(city)

    def score(self, *, draws: bool = False) -> ScoreSheet:
        """Score it; what is only said beside the ranks, draws first of all, when asked for.

        Raises
        ------
        ScoringError
            As ``score``.
        """
        method = self.method
        if not draws:
            method = replace(
                method,
                uncertainty=Uncertainty(),
                sensitivity=Sensitivity(),
                challengers=Challengers(),
                grades=Grades(),
            )
        return score(
            self.tree,
            self.cities,
            self.values,
            method,
            not_applicable=self.not_applicable,
            groups=self.groups,
            ranked=self.ranked,
            **self.more,
        )

    def with_values(self, city: str, values: Mapping[str, float | None]) -> Case:
        """The same with other raw values of one city; None is "no value".

        A cell that is not applicable becomes applicable by getting a value.

        Raises
        ------
        ScoringError
            Naming an unknown city and every code that is no indicator or value that is no number.
        """
        problems = list(self._wrong(city, values))
        if problems:
            raise ScoringError(problems)
        i = self.cities.index(city)
        raw, absent = np.array(self.values, dtype=float), self.absent.copy()
        at = {code: j for j, code in enumerate(self.tree.indicators)}
        for code, value in values.items():
            raw[i, at[code]] = np.nan if value is None else value
            absent[i, at[code]] &= value is None
        return replace(self, values=raw, not_applicable=absent if absent.any() else None)

    def _wrong(self, city: str, values: Mapping[str, float | None]) -> Sequence[Problem]:
        found = []
        if city not in self.cities:
            found.append(Problem(city, "city-unknown", {"value": city}))
        for code, value in values.items():
            if code not in self.tree.codes:
                found.append(Problem(code, "indicator-unknown", {"value": code}))
            elif code not in self.tree.indicators:
                found.append(Problem(code, "not-an-indicator", {"value": code}))
            elif value is not None and not abs(value) < float("inf"):
                found.append(Problem(code, "not-finite", {"value": value}))
        return found
