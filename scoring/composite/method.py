"""The method of a scoring as a value: one dataclass a step, every policy spelled out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from scoring.composite.keys import flag, key, number, one_of, some_of, text, whole, wholes
from scoring.composite.problems import MethodError, Problem

IMPUTATIONS = ("none", "mean", "median", "group-mean", "group-median")
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
VARIABLE = ("weights", "normalise", "aggregate", "treat")
VARIED_NORMALISATIONS = ("minmax", "zscore", "percentile-rank")


@dataclass(frozen=True)
class Impute:
    """How missing values are filled. Not applicable is never filled.

    ``empty_group``: what a group-mean or group-median does where the city's group has no value
    (or the city has no group): leave it "missing" (as COINr does) or use the "overall" one.
    """

    method: str = key("none", one_of(*IMPUTATIONS))
    group: str | None = key(None, text)  # a column of VALUES
    empty_group: str = key("missing", one_of("missing", "overall"))


@dataclass(frozen=True)
class Treat:
    """How outliers are treated, while |skew| ≥ ``skew`` and kurtosis ≥ ``kurtosis``.

    ``then``: what follows when ``max_points`` winsorised points do not cure it: the "log" of
    the raw values, a "mirrored-log" (for negative skew the logarithm from the top), or "none".
    """

    method: str = key("none", one_of("none", "winsorise"))
    max_points: int = key(5, whole(1, 10_000))
    skew: float = key(2.0, number(0))
    kurtosis: float = key(3.5, number())
    then: str = key("log", one_of("log", "mirrored-log", "none"))


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


@dataclass(frozen=True)
class Uncertainty:
    """What is varied to see how firm the ranks are. ``draws = 0`` switches it off.

    ``normalise`` and ``aggregate`` list the alternatives beside the method's own; a draw
    multiplies each weight of the levels in ``weight_levels`` (1 = leaves; empty = all below the
    index) by a factor between 1 − spread and 1 + spread. ``treat_points`` is the [least, most]
    number of winsorised points.
    """

    draws: int = key(0, whole(0, 100_000))
    seed: int = key(42, whole(0, 2**63 - 1))
    vary: tuple[str, ...] = key(("weights", "normalise", "aggregate"), some_of(*VARIABLE))
    weight_spread: float = key(0.25, number(0, 1))
    weight_levels: tuple[int, ...] = key((), wholes(1, 100))
    normalise: tuple[str, ...] = key(("minmax", "zscore"), some_of(*VARIED_NORMALISATIONS))
    aggregate: tuple[str, ...] = key(("arithmetic", "geometric"), some_of(*MEANS))
    treat_points: tuple[int, ...] = key((1, 5), wholes(1, 10_000))


@dataclass(frozen=True)
class Method:
    """The whole method: what ``METHOD.toml`` says, with the house's defaults."""

    impute: Impute = field(default_factory=Impute)
    treat: Treat = field(default_factory=Treat)
    normalise: Normalise = field(default_factory=Normalise)
    aggregate: Aggregate = field(default_factory=Aggregate)
    rank: Rank = field(default_factory=Rank)
    uncertainty: Uncertainty = field(default_factory=Uncertainty)

    def as_mapping(self) -> dict[str, Any]:
        """The configuration that is executed, with every policy that was left to its default.

        ``lower`` and ``upper`` are None where the method has no use for them.
        """
        said: dict[str, Any] = asdict(self)
        lower, upper = scale_of(self.normalise, self.normalise.method)
        said["impute"]["not_applicable"] = "never imputed; its weight goes to its siblings"
        scaled = self.normalise.method not in UNSCALED
        said["normalise"] |= {
            "lower": lower if scaled else None,
            "upper": upper if scaled else None,
            "clip": clips(self.normalise, self.normalise.method),
        }
        floor = self.aggregate.floor
        said["aggregate"] |= {
            "levels": list(self.aggregate.levels),
            "missing": "weights redistribute over what is present",
            "zero": "gives zero" if floor is None else f"lifted to {floor:g}",
        }
        said["rank"] |= {
            "order": "descending",
            "rounding": "none" if self.rank.decimals is None else "half-up",
            "no_score": "not ranked",
        }
        for name in ("vary", "weight_levels", "normalise", "aggregate", "treat_points"):
            said["uncertainty"][name] = list(said["uncertainty"][name])
        return said


def clips(normalise: Normalise, method: str) -> bool:
    """Whether *method* keeps its result inside its scale."""
    return method == "goalposts" if normalise.clip is None else normalise.clip


def scale_of(normalise: Normalise, method: str) -> tuple[float, float]:
    """Lower and upper end of *method*'s scale: the configured ones, else the method's own."""
    hundred = method in ("goalposts", "minmax", "scaled")
    lower = 0.0 if normalise.lower is None else normalise.lower
    upper = (100.0 if hundred else 1.0) if normalise.upper is None else normalise.upper
    return lower, upper


SECTIONS: dict[str, type] = {
    "impute": Impute,
    "treat": Treat,
    "normalise": Normalise,
    "aggregate": Aggregate,
    "rank": Rank,
    "uncertainty": Uncertainty,
}


def parse_method(mapping: Mapping[str, Any]) -> Method:
    """Read the nested mapping of a ``METHOD.toml``.

    Parameters
    ----------
    mapping : Mapping
        Sections ``impute``, ``treat``, ``normalise``, ``aggregate``, ``rank`` and
        ``uncertainty``, each a mapping; any of them may be absent. A ``[uncertainty]`` section
        that does not say how many draws means 4,000.

    Returns
    -------
    Method

    Raises
    ------
    MethodError
        With every unknown section or key, wrong type, value out of range and contradiction.
    """
    problems: list[Problem] = []
    parts: dict[str, Any] = {}
    for name, given in mapping.items():
        if name not in SECTIONS:
            problems.append(Problem(str(name), "unknown-section", {"allowed": tuple(SECTIONS)}))
        elif not isinstance(given, Mapping):
            problems.append(Problem(name, "wrong-type", {"value": given, "expected": "section"}))
        else:
            parts[name] = _parse_section(name, given, problems)
    if "uncertainty" in parts and "draws" not in mapping["uncertainty"]:
        parts["uncertainty"]["draws"] = 4000
    if problems:
        raise MethodError(problems)
    method = Method(**{name: SECTIONS[name](**values) for name, values in parts.items()})
    contradictions = list(_contradictions(method))
    if contradictions:
        raise MethodError(contradictions)
    return method


def _parse_section(name: str, given: Mapping[str, Any], problems: list[Problem]) -> dict[str, Any]:
    known = {item.name: item for item in fields(SECTIONS[name])}
    values: dict[str, Any] = {}
    for said, value in given.items():
        path = f"{name}.{said}"
        if said not in known:
            problems.append(Problem(path, "unknown-key", {"allowed": tuple(known)}))
            continue
        if value is None and known[said].default is None:
            continue  # a mapping read back from storage may spell out "absent"
        value, problem = known[said].metadata["check"](path, value)
        if problem:
            problems.append(problem)
        values[said] = value
    return values


def _contradictions(method: Method) -> list[Problem]:
    """What single keys cannot show: keys that need or exclude each other."""
    found: list[Problem] = []
    norm, unsure = method.normalise, method.uncertainty
    lower, upper = scale_of(norm, norm.method)
    if lower >= upper:
        facts = {"value": upper, "low": lower, "high": None, "above": True}
        found.append(Problem("normalise.upper", "out-of-range", facts))
    if method.impute.method.startswith("group") and method.impute.group is None:
        found.append(Problem("impute.group", "missing-key", {"because": method.impute.method}))
    if norm.method == "distance-to-reference" and norm.reference is None:
        found.append(Problem("normalise.reference", "missing-key", {"because": norm.method}))
    points = unsure.treat_points
    if len(points) != 2 or points[0] > points[1]:
        found.append(Problem("uncertainty.treat_points", "not-a-range", {"value": list(points)}))
    return found
