"""One scoring from raw values to ranks, every stage kept."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.composite.aggregate import aggregate
from scoring.composite.assess import assess
from scoring.composite.finish import alone, finish
from scoring.composite.inputs import check_input
from scoring.composite.method import Method
from scoring.composite.normalise import normalise
from scoring.composite.observed import errors_of
from scoring.composite.prepare import prepare
from scoring.composite.problems import ScoringError
from scoring.composite.sheet import ScoreSheet
from scoring.composite.tree_order import check
from scoring.composite.weighting.executed import weigh

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike

    from scoring.composite.panel import Panel
    from scoring.composite.prepare import Prepared
    from scoring.composite.sheet import Bools, Floats, Tree


def score(
    tree: Tree,
    cities: Sequence[str],
    values: ArrayLike,
    method: Method | None = None,
    *,
    not_applicable: ArrayLike | None = None,
    groups: Sequence[str | None] | None = None,
    ranked: ArrayLike | None = None,
    denominators: Mapping[str, ArrayLike] | None = None,
    panel: Panel | None = None,
    errors: ArrayLike | None = None,
    workers: int = 1,
) -> ScoreSheet:
    """Denominate, impute, screen, treat, normalise, aggregate and rank.

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
    denominators : mapping of str to (n_cities,) array, optional
        The columns that ``tree.denominators`` name.
    panel : Panel, optional
        Other periods, for the rules "latest" and "linear".
    errors : (n_cities, n_indicators) array, optional
        The standard error of each raw value, in its unit, ≥ 0; NaN is none. Every draw of
        ``method.uncertainty`` observes again with it.
    workers : int
        Threads for the draws; their number changes no byte.

    Returns
    -------
    ScoreSheet
        Cities in the order given, each of them: one without a score says why in ``unscored``.
        The scores are the same bytes whatever that order is.

    Raises
    ------
    ScoringError
        With every reason why this cannot be scored: sizes that do not fit, a city twice, a
        value above 1e100, a denominator of zero, a tree or a method that lacks something (see
        ``prepare``, ``normalise`` and ``aggregate``).

    References
    ----------
    .. [1] OECD/JRC, Handbook on Constructing Composite Indicators, 2008.
    """
    method = method or Method()
    raw = np.array(values, dtype=float, ndmin=2)
    nothing = np.zeros(raw.shape, dtype=bool)
    gone = nothing if not_applicable is None else np.asarray(not_applicable, dtype=bool)
    placed = np.ones(len(cities), bool) if ranked is None else np.asarray(ranked, dtype=bool)
    under = {
        name: np.array(column, dtype=float, ndmin=1)
        for name, column in (denominators or {}).items()
    }
    check_input(tree, cities, raw, gone, groups, placed, under, panel)
    check(tree)
    known, wrong = errors_of(errors, raw, tree, cities)
    if wrong:
        raise ScoringError(wrong)
    order = sorted(
        range(len(cities)), key=cities.__getitem__
    )  # one order for every sum over cities
    shuffled = order != list(range(len(cities)))
    rows: Any = order if shuffled else slice(None)
    names = [cities[i] for i in order]
    raw = raw[rows] + 0.0  # −0 is 0
    gone, placed = gone[rows], placed[rows]
    ready = prepare(
        tree, names, raw, method,
        not_applicable=gone,
        groups=None if groups is None else [groups[i] for i in order],
        denominators={name: column[rows] for name, column in under.items()},
        panel=_in_order(panel, rows),
    )  # fmt: skip
    absent = ready.absent
    zeros = [rule == "zero" for rule in ready.rules]
    normalised, remarks = normalise(
        tree, names, ready.treated, method.normalise,
        not_applicable=absent, ranked=placed, zero_when_missing=zeros,
    )  # fmt: skip
    given = tree
    tree, weighed = weigh(tree, normalised, method, not_applicable=absent, ranked=placed)
    scores, weights = aggregate(tree, normalised, method.aggregate, not_applicable=absent)

    def without(kept: Bools) -> ScoreSheet:
        """The same scoring of some of the cities."""
        some = np.flatnonzero(kept)
        there = [names[i] for i in some]
        return score(
            given, there, raw[some], _among(alone(method), there), not_applicable=gone[some],
            groups=None if groups is None else [groups[order[i]] for i in some],
            ranked=placed[some],
            denominators={name: column[rows][some] for name, column in under.items()},
            panel=_in_order(_in_order(panel, rows), some),
        )  # fmt: skip

    asked = placed
    done = finish(tree, names, normalised, scores, placed, method, without)
    points = (done.scores - scores)[:, tree.codes.index(tree.root)]
    scores, ranks, placed = done.scores, done.ranks, done.ranked
    executed = _executed(tree, method, ready, remarks)
    if weighed:
        executed["weights"]["executed"] = weighed
    executed["input"] = {"cities": len(cities), "ranked": int(placed.sum())}
    firm = assess(
        tree, names, ready, method,
        ranks=ranks[:, tree.codes.index(tree.root)], ranked=placed, zeros=zeros,
        groups=None if groups is None else [groups[i] for i in order],
        errors=None if known is None else known[rows], points=points, workers=workers,
    )  # fmt: skip
    for section, ran in firm.executed.items():
        executed[section]["executed"] = ran
    unscored = _unscored(tree, names, ready, scores)
    back: Any = np.argsort(order) if shuffled else slice(None)
    divided = ready.denominated
    return ScoreSheet(
        cities=tuple(cities),
        indicators=tree.indicators,
        nodes=tree.codes,
        raw=raw[back],
        imputed=ready.imputed[back],
        treated=ready.treated[back],
        normalised=normalised[back],
        scores=scores[back],
        weights=weights[back],
        ranks=ranks[back],
        was_imputed=(np.isnan(ready.usable) & ~np.isnan(ready.imputed))[back],
        not_applicable=gone[back],
        method=executed,
        treatment=tuple(_treated_cells(record, names) for record in ready.treatment),
        intervals={city: firm.intervals[city] for city in cities if city in firm.intervals},
        firmness=firm.firmness,
        draws=firm.draws,
        sensitivity=firm.sensitivity,
        denominated=None if divided is None else divided.values[back],
        divisors=None if divided is None else divided.divisors[back],
        imputation=tuple(_filled_cell(record, tree, names) for record in ready.imputation),
        unscored={city: unscored[city] for city in cities if city in unscored},
        ranked=asked[back],
        tree=tree,
        further=done.record,
    )


def _among(method: Method, cities: Sequence[str]) -> Method:
    """The method with the lists of the screening cut down to *cities*."""
    lists = (method.screen.keep, method.screen.drop)
    keep, drop = (tuple(city for city in listed if city in cities) for listed in lists)
    return replace(method, screen=replace(method.screen, keep=keep, drop=drop))


def _in_order(panel: Panel | None, rows: Any) -> Panel | None:
    if panel is None:
        return None
    under = {name: np.asarray(table)[:, rows] for name, table in panel.denominators.items()}
    return replace(panel, values=panel.values[:, rows], denominators=under)


def _executed(
    tree: Tree, method: Method, ready: Prepared, remarks: Mapping[str, Any]
) -> dict[str, Any]:
    """What was executed, every policy spelled out, and what differs by indicator."""
    said = method.as_mapping()
    pairs = zip(tree.indicators, ready.rules, strict=True)
    common = method.impute.method
    said["impute"]["by_indicator"] = {code: rule for code, rule in pairs if rule != common}
    said["normalise"]["by_indicator"] = dict(remarks)
    empty = np.isnan(ready.scored).all(axis=0)
    if empty.any():
        said["impute"]["without_values"] = [tree.indicators[j] for j in np.flatnonzero(empty)]
    if ready.denominated is not None:
        at = {code: i for i, code in enumerate(tree.codes)}
        said["denominate"] = asdict(method.denominate) | {
            "by_indicator": {
                code: {
                    "column": tree.denominators[at[code]],
                    "per": tree.per[at[code]] if tree.per else 1.0,
                }
                for code in tree.indicators
                if tree.denominators[at[code]]
            },
            "made_missing": int(ready.denominated.lost.sum()),
        }
    if ready.screened is not None:
        said["screen"]["left_out"] = {city: dict(r) for city, r in ready.screened.reasons.items()}
        said["screen"]["indicators"] = {c: dict(r) for c, r in ready.screened.indicators.items()}
    return said


def _unscored(
    tree: Tree, names: Sequence[str], ready: Prepared, scores: Floats
) -> dict[str, Mapping[str, Any]]:
    """Why each city without a score of the index has none."""
    index = scores[:, tree.codes.index(tree.root)]
    screened = {} if ready.screened is None else ready.screened.reasons
    found: dict[str, Mapping[str, Any]] = {}
    for i in np.flatnonzero(np.isnan(index)):
        nothing = bool(np.isnan(ready.usable[i]).all())
        default = {"reason": "no-values" if nothing else "no-score"}
        city = names[int(i)]
        found[city] = screened.get(city, default)
    return found


def _treated_cells(record: Mapping[str, Any], names: Sequence[str]) -> Mapping[str, Any]:
    """A record of the treatment with city codes in the place of row numbers."""
    said = {key: value for key, value in record.items() if key not in ("rows", "cells")}
    said["cities"] = tuple(names[i] for i in record.get("rows", ()))
    if record.get("cells"):
        said["cells"] = tuple(
            {"city": names[cell["row"]]} | {k: v for k, v in cell.items() if k != "row"}
            for cell in record["cells"]
        )
    return said


def _filled_cell(record: Mapping[str, Any], tree: Tree, names: Sequence[str]) -> Mapping[str, Any]:
    """A record of an imputed cell with codes in the place of row and column numbers."""
    source = dict(record["from"])
    if "columns" in source:
        source["indicators"] = [tree.indicators[k] for k in source.pop("columns")]
    return {
        "city": names[record["row"]],
        "indicator": tree.indicators[record["column"]],
        "rule": record["rule"],
        "value": record["value"],
        "from": source,
    }
