"""The method of a scoring as a value: every section, every policy spelled out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from scoring.composite.adjust_policy import Adjust, adjust_problems, without_cities
from scoring.composite.challengers.policy import Challengers, challengers_problems
from scoring.composite.denominate import Denominate
from scoring.composite.grades import Grades, grades_problems
from scoring.composite.limits import Limits
from scoring.composite.plan import Sensitivity, Uncertainty
from scoring.composite.policies import (
    UNSCALED,
    Aggregate,
    Impute,
    Normalise,
    Rank,
    Treat,
    clips,
    scale_of,
)
from scoring.composite.problems import MethodError, Problem
from scoring.composite.screen import Screen
from scoring.composite.weighting.policy import (
    Weights,
    weights_problems,
    without_judges,
)


@dataclass(frozen=True)
class Method:
    """The whole method: what ``METHOD.toml`` says, with the house's defaults."""

    denominate: Denominate = field(default_factory=Denominate)
    impute: Impute = field(default_factory=Impute)
    screen: Screen = field(default_factory=Screen)
    treat: Treat = field(default_factory=Treat)
    normalise: Normalise = field(default_factory=Normalise)
    weights: Weights = field(default_factory=Weights)
    aggregate: Aggregate = field(default_factory=Aggregate)
    rank: Rank = field(default_factory=Rank)
    adjust: Adjust = field(default_factory=Adjust)
    grades: Grades = field(default_factory=Grades)
    challengers: Challengers = field(default_factory=Challengers)
    uncertainty: Uncertainty = field(default_factory=Uncertainty)
    sensitivity: Sensitivity = field(default_factory=Sensitivity)
    audit: Limits = field(default_factory=Limits)

    def as_mapping(self) -> dict[str, Any]:
        """The configuration that is executed, with every policy that was left to its default.

        ``lower`` and ``upper`` are None where the method has no use for them.
        """
        said: dict[str, Any] = asdict(self)
        if self.audit == Limits():
            del said["audit"]  # judges results, changes none: left out unless it was given
        if self.denominate == Denominate():
            del said["denominate"]  # spelled out where an indicator is divided
        if self.screen == Screen():
            del said["screen"]
        else:
            said["screen"] |= {name: list(said["screen"][name]) for name in ("keep", "drop")}
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
        for section in ("uncertainty", "sensitivity"):
            pairs = said[section].items()
            said[section] = {k: list(v) if isinstance(v, tuple) else v for k, v in pairs}
        if self.sensitivity == Sensitivity():
            del said["sensitivity"]  # as above
        for name in ("weights", "adjust", "grades", "challengers"):
            if getattr(self, name) == SECTIONS[name]():
                del said[name]  # does nothing unless it is given
        if "adjust" in said:
            said["adjust"] |= without_cities(self.adjust)
        if "weights" in said:
            said["weights"]["judgements"] = without_judges(self.weights)
        return said


SECTIONS: dict[str, type] = {
    "denominate": Denominate,
    "impute": Impute,
    "screen": Screen,
    "treat": Treat,
    "normalise": Normalise,
    "weights": Weights,
    "aggregate": Aggregate,
    "rank": Rank,
    "adjust": Adjust,
    "grades": Grades,
    "challengers": Challengers,
    "uncertainty": Uncertainty,
    "sensitivity": Sensitivity,
    "audit": Limits,
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
    if "sensitivity" in parts and "base" not in mapping["sensitivity"]:
        parts["sensitivity"]["base"] = 1024
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
    rules = [method.impute.method, *(unsure.impute if "impute" in unsure.vary else ())]
    grouped = [rule for rule in rules if rule.startswith("group")]
    if grouped and method.impute.group is None:
        found.append(Problem("impute.group", "missing-key", {"because": grouped[0]}))
    both = tuple(city for city in method.screen.keep if city in method.screen.drop)
    if both:
        found.append(Problem("screen.drop", "kept-and-dropped", {"cities": both}))
    if norm.method == "distance-to-reference" and norm.reference is None:
        found.append(Problem("normalise.reference", "missing-key", {"because": norm.method}))
    points = unsure.treat_points
    if len(points) != 2 or points[0] > points[1]:
        found.append(Problem("uncertainty.treat_points", "not-a-range", {"value": list(points)}))
    base = method.sensitivity.base
    if base & (base - 1):
        found.append(Problem("sensitivity.base", "not-a-power-of-two", {"value": base}))
    some = method.audit.children
    if len(some) != 2 or some[0] > some[1]:
        found.append(Problem("audit.children", "not-a-range", {"value": list(some)}))
    found += weights_problems(method.weights) + grades_problems(method.grades)
    found += adjust_problems(method.adjust, method.grades.names)
    found += challengers_problems(method.challengers)
    return found
