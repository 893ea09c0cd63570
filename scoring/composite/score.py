"""One scoring from raw values to ranks, every stage kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.composite.aggregate import aggregate
from scoring.composite.impute import impute
from scoring.composite.method import Method
from scoring.composite.normalise import keeps_unit, normalise
from scoring.composite.policies import MISSING_RULES, NORMALISATIONS
from scoring.composite.problems import Problem, ScoringError
from scoring.composite.rank import rank
from scoring.composite.sheet import ScoreSheet
from scoring.composite.treat import treat
from scoring.composite.tree_order import check
from scoring.composite.uncertainty import simulate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike

    from scoring.composite.sheet import Bools, Floats, Tree


LARGEST = 1e100  # beyond, differences and powers would silently overflow


def score(
    tree: Tree,
    cities: Sequence[str],
    values: ArrayLike,
    method: Method | None = None,
    *,
    not_applicable: ArrayLike | None = None,
    groups: Sequence[str | None] | None = None,
    ranked: ArrayLike | None = None,
) -> ScoreSheet:
    """Impute, treat, normalise, aggregate and rank.

    Parameters
    ----------
    tree : Tree
    cities : sequence of str, ``n_cities``
        Codes, each once.
    values : (n_cities, n_indicators) array
        Raw values in each indicator's own unit, columns in the order of ``tree.indicators``.
        NaN is "no value".
    method : Method, optional
        Without it: goalposts where given, else min–max 0–100; weighted arithmetic means over what
        is present; competition ranks on unrounded scores.
    not_applicable : (n_cities, n_indicators) bool array, optional
        Never imputed, and its weight goes to its siblings; a value there is disregarded.
    groups : sequence of str or None, one a city, optional
        For imputation by group.
    ranked : (n_cities,) bool array, optional
        False for a city evaluated but not ranked.

    Returns
    -------
    ScoreSheet
        Cities in the order given. The scores are the same bytes whatever that order is.

    Raises
    ------
    ScoringError
        With every reason why this cannot be scored: sizes that do not fit, a city twice, an
        value above 1e100, a tree or a method that lacks something (see ``normalise`` and
        ``aggregate``).

    References
    ----------
    .. [1] OECD/JRC, Handbook on Constructing Composite Indicators, 2008.
    """
    method = method or Method()
    raw = np.array(values, dtype=float, ndmin=2)
    nothing = np.zeros(raw.shape, dtype=bool)
    absent = nothing if not_applicable is None else np.asarray(not_applicable, dtype=bool)
    placed = np.ones(len(cities), bool) if ranked is None else np.asarray(ranked, dtype=bool)
    _check_input(tree, cities, raw, absent, groups, placed)
    check(tree)
    order = sorted(
        range(len(cities)), key=cities.__getitem__
    )  # one order for every sum over cities
    shuffled = order != list(range(len(cities)))
    rows: Any = order if shuffled else slice(None)
    names = [cities[i] for i in order]
    raw = raw[rows] + 0.0  # −0 is 0
    absent, placed = absent[rows], placed[rows]
    rules = _missing_rules(tree, method)
    usable = np.where(absent, np.nan, raw) if absent.any() else raw
    imputed = impute(
        usable,
        rules,
        not_applicable=absent,
        groups=None if groups is None else [groups[i] for i in order],
        empty_group=method.impute.empty_group,
    )
    treated, records = treat(
        imputed, method.treat, codes=tree.indicators, keep_unit=keeps_unit(tree, method.normalise)
    )
    zeros = [rule == "zero" for rule in rules]
    normalised, remarks = normalise(
        tree, names, treated, method.normalise,
        not_applicable=absent, ranked=placed, zero_when_missing=zeros,
    )  # fmt: skip
    scores, weights = aggregate(tree, normalised, method.aggregate, not_applicable=absent)
    ranks = rank(scores, ties=method.rank.ties, decimals=method.rank.decimals, ranked=placed)
    executed = method.as_mapping()
    executed["impute"]["by_indicator"] = _deviating(tree, rules, method.impute.method)
    executed["normalise"]["by_indicator"] = remarks
    executed["input"] = {"cities": len(cities), "ranked": int(placed.sum())}
    intervals: dict[str, Mapping[str, float]] = {}
    if method.uncertainty.draws:
        firmness = simulate(
            tree, names, imputed, method, not_applicable=absent, ranked=placed,
            zero_when_missing=zeros,
        )  # fmt: skip
        intervals = {name: firmness.interval(i) for i, name in enumerate(names) if placed[i]}
        executed["uncertainty"]["executed"] = firmness.executed()
    back: Any = np.argsort(order) if shuffled else slice(None)
    return ScoreSheet(
        cities=tuple(cities),
        indicators=tree.indicators,
        nodes=tree.codes,
        raw=raw[back],
        imputed=imputed[back],
        treated=treated[back],
        normalised=normalised[back],
        scores=scores[back],
        weights=weights[back],
        ranks=ranks[back],
        was_imputed=(np.isnan(usable) & ~np.isnan(imputed))[back],
        not_applicable=absent[back],
        method=executed,
        treatment=_with_cities(records, names),
        intervals={city: intervals[city] for city in cities if city in intervals},
    )


def _missing_rules(tree: Tree, method: Method) -> list[str]:
    """The rule for missing values of each indicator: its own, else the method's."""
    at = {code: i for i, code in enumerate(tree.codes)}
    own = tree.missing or ("",) * len(tree.codes)
    return [own[at[code]] or method.impute.method for code in tree.indicators]


def _deviating(tree: Tree, rules: Sequence[str], common: str) -> dict[str, str]:
    pairs = zip(tree.indicators, rules, strict=True)
    return {code: rule for code, rule in pairs if rule != common}


def _with_cities(
    records: Sequence[Mapping[str, Any]], names: Sequence[str]
) -> tuple[Mapping[str, Any], ...]:
    """Records of the treatment with city codes in the place of row numbers."""
    return tuple(
        {key: value for key, value in record.items() if key != "rows"}
        | {"cities": tuple(names[i] for i in record.get("rows", ()))}
        for record in records
    )


def _check_input(
    tree: Tree,
    cities: Sequence[str],
    raw: Floats,
    absent: Bools,
    groups: Sequence[str | None] | None,
    ranked: Bools,
) -> None:
    problems = []
    expected = (len(cities), len(tree.indicators))
    for name, shape in (("values", raw.shape), ("not_applicable", absent.shape)):
        if shape != expected:
            problems.append(Problem(name, "wrong-shape", {"value": shape, "expected": expected}))
    for name, given in (("groups", groups), ("ranked", ranked)):
        if given is not None and len(given) != len(cities):
            sizes = {"value": len(given), "expected": len(cities)}
            problems.append(Problem(name, "wrong-shape", sizes))
    if len(set(cities)) != len(cities):
        twice = tuple(sorted({city for city in cities if list(cities).count(city) > 1}))
        problems.append(Problem("cities", "twice", {"cities": twice}))
    if not problems and (np.abs(raw) > LARGEST).any():
        problems += [
            Problem(tree.indicators[j], "too-large", {"city": cities[i], "value": float(raw[i, j])})
            for i, j in np.argwhere(np.abs(raw) > LARGEST)
        ]
    for code, own in zip(tree.codes, tree.normalise, strict=False):
        if own and own not in NORMALISATIONS:
            problems.append(Problem(code, "not-allowed", {"value": own, "allowed": NORMALISATIONS}))
    for code, own in zip(tree.codes, tree.missing, strict=False):
        if own and own not in MISSING_RULES:
            problems.append(Problem(code, "not-allowed", {"value": own, "allowed": MISSING_RULES}))
    for code, own in zip(tree.codes, tree.transform, strict=False):
        if own not in ("", "none", "ln"):
            facts = {"value": own, "allowed": ("none", "ln")}
            problems.append(Problem(code, "not-allowed", facts))
    if problems:
        raise ScoringError(problems)
