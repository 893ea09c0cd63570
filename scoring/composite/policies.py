"""The policy of each step as a value: one dataclass a section of the method."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.composite.keys import flag, key, number, one_of, some_of, text, whole

IMPUTATIONS = (
    "none",
    "mean",
    "median",
    "group-mean",
    "group-median",
    "siblings-mean",
    "siblings-median",
    "latest",
    "linear",
    "constant",
)
MISSING_RULES = (*IMPUTATIONS, "zero")
NORMALISATIONS = (
    "goalposts",
    "minmax",
    "zscore",
    "scaled",
    "rank",
    "percentile-rank",
    "borda",
    "distance-to-max",
    "distance-to-target",
    "distance-to-reference",
    "fraction-of-max",
    "none",
)
UNSCALED = ("zscore", "rank", "borda", "none")  # lower and upper mean nothing to them
MEANS = ("arithmetic", "geometric", "harmonic", "generalised")
AGGREGATIONS = (*MEANS, "copeland")
TIES = ("min", "max", "average", "dense")
CURVES = ("log", "mirrored-log", "box-cox", "mirrored-box-cox")


@dataclass(frozen=True)
class Impute:
    """How missing values are filled. Not applicable is never filled.

    ``empty_group``: what a group or siblings rule does where the city's group (or the city's
    siblings of the indicator) has no value: leave it "missing" (as COINr does) or use the
    "overall" mean or median. ``value`` is what "constant" fills in, in each indicator's unit.
    "latest" and "linear" look at other ``period``s, at most ``max_age`` away; ``extrapolate``
    says what "linear" does beyond the last value: "hold" it, or follow the "trend".
    """

    method: str = key("none", one_of(*IMPUTATIONS))
    group: str | None = key(None, text)  # a column of VALUES
    empty_group: str = key("missing", one_of("missing", "overall"))
    value: float | None = key(None, number())
    period: float | None = key(None, number())
    max_age: float | None = key(None, number(0, above=True))
    extrapolate: str = key("hold", one_of("hold", "trend"))


@dataclass(frozen=True)
class Treat:
    """How outliers are treated, while |skew| ≥ ``skew`` and kurtosis ≥ ``kurtosis``.

    ``method``: "winsorise" first, or a curve at once for each indicator that fails.
    ``then``: the curve that follows when ``max_points`` winsorised points do not cure it: of
    the raw values the "log" or "box-cox" (``power`` is its λ; absent chooses the likeliest),
    "mirrored" for negative skew from the top, or "none".
    """

    method: str = key("none", one_of("none", "winsorise", *CURVES))
    max_points: int = key(5, whole(1, 10_000))
    skew: float = key(2.0, number(0))
    kurtosis: float = key(3.5, number())
    then: str = key("log", one_of(*CURVES, "none"))
    power: float | None = key(None, number(-5, 5))


@dataclass(frozen=True)
class Normalise:
    """How values become comparable.

    ``lower`` and ``upper`` absent mean the method's own: 0–100 for goalposts, minmax and
    scaled, 0–1 for distances, fraction-of-max and percentile-rank. ``clip`` absent means yes
    for goalposts and no for the others. ``constant``: what an indicator without spread gets.
    ``reference_set``: whose values make the minimum, maximum, mean and ranks.
    """

    method: str = key("goalposts", one_of(*NORMALISATIONS))
    lower: float | None = key(None, number())
    upper: float | None = key(None, number())
    mean: float = key(0.0, number())
    sd: float = key(1.0, number(0, above=True))
    reference: str | None = key(None, text)  # a city code
    clip: bool | None = key(None, flag)
    without_goalposts: str = key("minmax", one_of("minmax", "refuse"))
    constant: str = key("midpoint", one_of("midpoint", "upper", "missing"))
    reference_set: str = key("all", one_of("all", "ranked"))


@dataclass(frozen=True)
class Aggregate:
    """How children make a parent; ``levels`` from the leaves up replaces ``method``.

    ``threshold`` is the least share of applicable children with a value, else no score.
    ``floor`` lifts scores before geometric, harmonic and generalised means; without it a
    zero makes a geometric or harmonic mean zero.
    """

    method: str = key("arithmetic", one_of(*AGGREGATIONS))
    levels: tuple[str, ...] = key((), some_of(*AGGREGATIONS, empty=False))
    power: float = key(0.5, number(-100, 100))
    threshold: float = key(0.0, number(0, 1))
    floor: float | None = key(None, number(0, above=True))


@dataclass(frozen=True)
class Rank:
    """How scores become places. ``decimals`` rounds the score first (half up); absent does not."""

    ties: str = key("min", one_of(*TIES))
    decimals: int | None = key(None, whole(0, 12))


def clips(normalise: Normalise, method: str) -> bool:
    """Whether *method* keeps its result inside its scale."""
    return method == "goalposts" if normalise.clip is None else normalise.clip


def scale_of(normalise: Normalise, method: str) -> tuple[float, float]:
    """Lower and upper end of *method*'s scale: the configured ones, else the method's own."""
    hundred = method in ("goalposts", "minmax", "scaled")
    lower = 0.0 if normalise.lower is None else normalise.lower
    upper = (100.0 if hundred else 1.0) if normalise.upper is None else normalise.upper
    return lower, upper
