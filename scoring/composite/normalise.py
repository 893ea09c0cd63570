"""Values of any unit to a common scale, higher always better."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.composite import elementary
from scoring.composite.policies import scale_of
from scoring.composite.problems import Problem, ScoringError
from scoring.composite.scales import Columns, apply

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scoring.composite.policies import Normalise
    from scoring.composite.sheet import Bools, Floats, Tree

FIXED = ("goalposts", "distance-to-target")
UNIT_SCALED = (
    "percentile-rank",
    "distance-to-max",
    "distance-to-target",
    "distance-to-reference",
    "fraction-of-max",
)


def kinds(tree: Tree, policy: Normalise) -> tuple[str, ...]:
    """The normalisation of each indicator: its own, else the method's, else what it can have.

    Raises
    ------
    ScoringError
        Naming every indicator that lacks the goalposts or the target its method needs.
    """
    at = {code: i for i, code in enumerate(tree.codes)}
    found, problems = [], []
    for code in tree.indicators:
        i = at[code]
        own = tree.normalise[i] if tree.normalise else ""
        kind = own or policy.method
        if kind == "goalposts" and (tree.best[i] is None or tree.worst[i] is None):
            if own or policy.without_goalposts == "refuse":
                problems.append(Problem(code, "no-goalposts"))
            kind = "minmax"
        elif kind == "goalposts" and tree.best[i] == tree.worst[i]:
            problems.append(Problem(code, "goalposts-coincide", {"value": tree.best[i]}))
        elif kind == "distance-to-target" and tree.target[i] is None:
            problems.append(Problem(code, "no-target"))
        elif kind == "distance-to-reference" and policy.reference is None:
            problems.append(Problem("normalise.reference", "missing-key", {"because": code}))
        found.append(kind)
    if problems:
        raise ScoringError(problems)
    return tuple(found)


def normalise(
    tree: Tree,
    cities: Sequence[str],
    values: Floats,
    policy: Normalise,
    *,
    not_applicable: Bools | None = None,
    ranked: Bools | None = None,
    zero_when_missing: Sequence[bool] | None = None,
) -> tuple[Floats, dict[str, Mapping[str, Any]]]:
    """Bring every indicator to its scale, higher better.

    Parameters
    ----------
    tree : Tree
        Gives direction, goalposts, target, transformation and own method of each indicator.
    cities : sequence of str
    values : (n_cities, n_indicators) array
        Treated values; NaN stays NaN.
    policy : Normalise
    not_applicable : (n_cities, n_indicators) bool array, optional
        Cells that ``zero_when_missing`` must not fill.
    ranked : (n_cities,) bool array, optional
        The reference set when ``policy.reference_set`` is "ranked".
    zero_when_missing : sequence of bool, one an indicator, optional
        True: a missing value scores the lower end of the scale (the lowest score of the
        reference set where the scale has no end).

    Returns
    -------
    normalised : (n_cities, n_indicators) array
    remarks : dict
        By indicator, what differs from the method: ``method``, ``no_spread`` and its outcome,
        ``zero_when_missing``, ``reversed`` (a fraction of a negative maximum rises as the value
        gets worse).

    Raises
    ------
    ScoringError
        If goalposts, a target or the reference city are missing, or a logarithm is not defined.

    Notes
    -----
    The direction multiplies the value by −1 first. With x the directed value, min, max, mean and
    sd (n − 1) over the reference set, s the scale:

    - goalposts ``(x − worst)/(best − worst)``, minmax ``(x − min)/(max − min)``, distance-to-max
      ``1 − (max − x)/(max − min)``, distance-to-target and -reference ``1 − (t − x)/(t − min)``,
      fraction-of-max ``x/max``, percentile-rank ``(r − 1)/(n − 1)``: put on s;
    - zscore ``mean + sd·(x − x̄)/σ``; rank ``r`` (1 is the lowest, ties share the lowest
      place), borda ``r − 1``; scaled ``100·(x − lower)/(upper − lower)``; none ``x``.

    An indicator with its own method in a framework of goalposts or minmax is put on the framework's
    scale when its method has one of 0–1. Without spread (max = min, or target or reference at the
    minimum) the policy ``constant`` decides: the middle of the scale, its upper end, or no value.

    References
    ----------
    .. [1] OECD/JRC, Handbook on Constructing Composite Indicators, 2008, step 5.
    .. [2] COINr 1.1, vignette "Normalisation".
    """
    chosen = kinds(tree, policy)
    at = {code: i for i, code in enumerate(tree.codes)}
    places = [at[code] for code in tree.indicators]
    x, worst, best, target = directed(tree, places, values, chosen)
    peers = x
    if policy.reference_set == "ranked" and ranked is not None:
        peers = x[ranked]
    low, high = np.fmin.reduce(peers, axis=0), np.fmax.reduce(peers, axis=0)
    reference = np.full(len(places), np.nan)
    if "distance-to-reference" in chosen:
        if policy.reference not in cities:
            facts = {"value": policy.reference}
            raise ScoringError([Problem("normalise.reference", "unknown-city", facts)])
        reference = x[list(cities).index(str(policy.reference))]
    result = np.empty_like(x)
    remarks: dict[str, dict[str, Any]] = {}
    for kind in dict.fromkeys(chosen):
        own = [j for j, k in enumerate(chosen) if k == kind]
        some: Any = slice(None) if len(own) == len(chosen) else own
        part = Columns(
            x[:, some], peers[:, some], low[some], high[some],
            worst[some], best[some], target[some], reference[some],
        )  # fmt: skip
        lower, upper = own_scale(policy, kind)
        made, flat = apply(kind, part, policy, lower, upper)
        result[:, some] = made
        for j, is_flat in zip(own, flat, strict=True):
            remark = remarks.setdefault(tree.indicators[j], {})
            if kind != policy.method:
                remark["method"] = kind
            if is_flat:
                remark["no_spread"] = policy.constant
            if kind == "fraction-of-max" and high[j] < 0:
                remark["reversed"] = True
    for j, filled in enumerate(zero_when_missing or ()):
        if filled:
            hole = np.isnan(values[:, j])
            if not_applicable is not None:
                hole &= ~not_applicable[:, j]
            bounded = chosen[j] in ("goalposts", "minmax", *UNIT_SCALED)
            least = own_scale(policy, chosen[j])[0] if bounded else np.fmin.reduce(result[:, j])
            result[hole, j] = least
            remarks[tree.indicators[j]]["zero_when_missing"] = int(hole.sum())
    return result, {code: remark for code, remark in remarks.items() if remark}


def keeps_unit(tree: Tree, policy: Normalise) -> tuple[bool, ...]:
    """Which indicators need their own unit: fixed goalposts, a target, or a transformation."""
    at = {code: i for i, code in enumerate(tree.codes)}
    transforms = tree.transform or ("",) * len(tree.codes)
    return tuple(
        kind in FIXED or transforms[at[code]] == "ln"
        for code, kind in zip(tree.indicators, kinds(tree, policy), strict=True)
    )


def own_scale(policy: Normalise, kind: str) -> tuple[float, float]:
    """An indicator's own 0–1 method is put on the framework's scale when that has one."""
    if kind in UNIT_SCALED and policy.method in ("goalposts", "minmax"):
        return scale_of(policy, policy.method)
    return scale_of(policy, kind)


def directed(
    tree: Tree, places: Sequence[int], values: Floats, chosen: Sequence[str]
) -> tuple[Floats, Floats, Floats, Floats]:
    """Values, worst, best and target after transformation and direction."""
    sign = np.array([tree.directions[i] for i in places], dtype=float)
    ends = [
        np.array([np.nan if side[i] is None else side[i] for i in places], dtype=float)
        for side in (tree.worst, tree.best, tree.target)
    ]
    problems = []
    for j, i in enumerate(places):
        if tree.transform and tree.transform[i] == "ln":
            column = values[:, j]
            needed = ends[2:] if chosen[j] == "distance-to-target" else ends[:2]
            given = [column, *([end[j : j + 1] for end in needed] if chosen[j] in FIXED else [])]
            if any((part <= 0).any() for part in given):
                problems.append(Problem(tree.codes[i], "not-positive"))
                continue
            values = values.copy()
            values[:, j] = elementary.log(column)
            for end in ends:
                end[j] = elementary.log(end[j]) if end[j] > 0 else np.nan
    if problems:
        raise ScoringError(problems)
    worst, best, target = (end * sign for end in ends)
    return values * sign, worst, best, target
