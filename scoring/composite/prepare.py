"""The steps before normalising: denominate, screen, impute, treat, each stage kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from scoring.composite.denominate import Denominate, Denominated, denominate
from scoring.composite.impute import Sources, fill
from scoring.composite.inputs import too_large
from scoring.composite.method import Method
from scoring.composite.normalise import keeps_unit
from scoring.composite.panel import Panel
from scoring.composite.problems import ScoringError
from scoring.composite.screen import Screen, Screened, screen
from scoring.composite.sheet import Bools, Floats, Tree
from scoring.composite.treat import treat


@dataclass(frozen=True)
class Prepared:
    """Everything that is known before normalising; arrays are ``(n_cities, n_indicators)``.

    ``usable`` is what was imputed from: raw without what is not applicable, or denominated.
    ``imputed`` still has the cities that are screened only before treating; ``scored`` has
    not, and is what treating and the simulation start from. ``absent`` marks what does not
    count from normalising on: not applicable, or of a city that is screened out.
    """

    usable: Floats
    denominated: Denominated | None
    imputed: Floats
    scored: Floats
    treated: Floats
    absent: Bools
    rules: tuple[str, ...]
    imputation: tuple[dict[str, Any], ...]
    treatment: tuple[Mapping[str, Any], ...]
    screened: Screened | None


def prepare(
    tree: Tree,
    cities: Sequence[str],
    raw: Floats,
    method: Method,
    *,
    not_applicable: Bools,
    groups: Sequence[str | None] | None = None,
    denominators: Mapping[str, Floats] | None = None,
    panel: Panel | None = None,
) -> Prepared:
    """Denominate, screen, impute and treat.

    Parameters
    ----------
    tree, cities, raw, method, not_applicable, groups, denominators, panel
        As in `scoring.composite.score.score`, checked, cities in the engine's own order.

    Returns
    -------
    Prepared

    Raises
    ------
    ScoringError
        See `denominate`, `screen` and `fill`; also for a quotient above 1e100.
    """
    usable = np.where(not_applicable, np.nan, raw) if not_applicable.any() else raw
    divided = denominate(
        usable, method.denominate, tree=tree, cities=cities, denominators=denominators or {}
    )
    if divided is not None:
        usable = divided.values
        problems = too_large(usable, tree.indicators, cities)
        if problems:
            raise ScoringError(problems)
        panel = panel and _divided(panel, tree, cities)
    rules = missing_rules(tree, method)
    absent, wanted = not_applicable, method.screen
    active = wanted.method != "none" or bool(wanted.drop or wanted.keep)
    screened = None
    if active and wanted.before == "impute":
        screened = _screen(usable, wanted, tree, cities, absent)
        absent = absent | screened.out[:, None]
        usable_here = np.where(screened.out[:, None], np.nan, usable)
    else:
        usable_here = usable
    at = {code: i for i, code in enumerate(tree.codes)}
    places = [at[code] for code in tree.indicators]
    imputed, imputation = fill(
        usable_here,
        rules,
        method.impute,
        Sources(
            groups=groups,
            parents=[tree.parents[i] or "" for i in places],
            directions=[tree.directions[i] for i in places],
            constants=[tree.constants[i] for i in places] if tree.constants else (),
            panel=panel,
        ),
        not_applicable=absent,
    )
    scored = imputed
    if active and wanted.before == "treat":
        screened = _screen(imputed, wanted, tree, cities, absent)
        absent = absent | screened.out[:, None]
        scored = np.where(screened.out[:, None], np.nan, imputed)
    treated, treatment = treat(
        scored, method.treat, codes=tree.indicators, keep_unit=keeps_unit(tree, method.normalise)
    )
    return Prepared(
        usable, divided, imputed, scored, treated, absent, rules, imputation, treatment, screened
    )


def missing_rules(tree: Tree, method: Method) -> tuple[str, ...]:
    """The rule for missing values of each indicator: its own, else the method's."""
    at = {code: i for i, code in enumerate(tree.codes)}
    own = tree.missing or ("",) * len(tree.codes)
    return tuple(own[at[code]] or method.impute.method for code in tree.indicators)


def _screen(
    values: Floats, policy: Screen, tree: Tree, cities: Sequence[str], absent: Bools
) -> Screened:
    return screen(values, policy, cities=cities, indicators=tree.indicators, not_applicable=absent)


def _divided(panel: Panel, tree: Tree, cities: Sequence[str]) -> Panel:
    """Other periods divided by their own denominators; where one is bad nothing is known."""
    lenient = Denominate(zero="missing", missing="missing")
    values = panel.values.copy()
    for k in range(len(panel.periods)):
        under = {name: table[k] for name, table in panel.denominators.items()}
        made = denominate(values[k], lenient, tree=tree, cities=cities, denominators=under)
        if made is not None:
            values[k] = made.values
    return replace(panel, values=values)
