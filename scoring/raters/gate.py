"""The agreement gate: what a round may require of its raters, as data, and its verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from scoring.composite.keys import flag, key, number, one_of, some_of, whole
from scoring.composite.problems import MethodError, Problem
from scoring.raters.agreement import Agreement
from scoring.raters.ratings import LEVELS

STATISTICS = (
    "alpha", "kappa", "ac1", "percent",
    "icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k",
)  # fmt: skip
FORMS = dict(zip(STATISTICS[4:], (
    "ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)",
), strict=True))  # fmt: skip
PASS, WARN, FAIL = "pass", "warn", "fail"


@dataclass(frozen=True)
class Gate:
    """What agreement is asked for.

    ``least`` is what must be reached, below ``warn_below`` a pass is a warning; percent is asked
    as 0–100. ``lower_bound`` asks it of the lower end of the 95 % interval. With fewer than
    ``least_pairs`` pairs of ratings nothing is known: ``few`` says whether that warns or fails,
    ``undefined`` the same for a statistic without a value (everybody said the same). ``scope``
    asks each item, all together, or both. ``level`` is alpha's, ``draws`` and ``seed`` those of
    its interval. The defaults are Krippendorff's: 0.667 for tentative conclusions, 0.8 for firm.

    References
    ----------
    .. [1] K. Krippendorff, Content Analysis, 2nd ed., 2004, p. 241.
    """

    statistic: str = key("alpha", one_of(*STATISTICS))
    scope: tuple[str, ...] = key(("items",), some_of("items", "overall", empty=False))
    least: float = key(0.667, number(-1, 100))
    warn_below: float | None = key(0.8, number(-1, 100))
    lower_bound: bool = key(False, flag)
    least_pairs: int = key(20, whole(1, 10**9))
    few: str = key(WARN, one_of(WARN, FAIL))
    undefined: str = key(WARN, one_of(WARN, FAIL))
    level: str = key("ordinal", one_of(*LEVELS))
    draws: int = key(1000, whole(0, 100_000))
    seed: int = key(42, whole(0, 2**63 - 1))


@dataclass(frozen=True)
class Verdict:
    """``outcome`` of one item (or of all, ``item`` empty): pass, warn or fail, and why.

    ``value`` is what was compared with ``least``: the statistic or its lower bound, None when
    there is none. ``reasons`` are codes with facts: ``below-least``, ``below-warning``,
    ``few-pairs``, ``no-bound``, ``paradox``, or why the statistic has no value.
    """

    item: str
    outcome: str
    value: float | None
    reasons: tuple[Problem, ...]


def parse_gate(mapping: Mapping[str, Any]) -> Gate:
    """Read a gate from a mapping, as TOML or JSON give it.

    Raises
    ------
    MethodError
        With every unknown key, wrong type, value out of range and contradiction.
    """
    known = {item.name: item for item in fields(Gate)}
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for name, given in mapping.items():
        path = f"gate.{name}"
        if name not in known:
            problems.append(Problem(path, "unknown-key", {"allowed": tuple(known)}))
            continue
        if given is None and name == "warn_below":
            values[name] = None
            continue
        values[name], problem = known[name].metadata["check"](path, given)
        if problem:
            problems.append(problem)
    if problems:
        raise MethodError(problems)
    gate = Gate(**values)
    top = 100.0 if gate.statistic == "percent" else 1.0
    if "warn_below" not in values and gate.warn_below is not None:
        firm = gate.warn_below if gate.statistic != "percent" and gate.least <= 0.8 else None
        gate = Gate(**{**values, "warn_below": firm})
    for name in ("least", "warn_below"):
        value = getattr(gate, name)
        if value is not None and value > top:
            facts = {"value": value, "low": -1.0, "high": top, "above": False}
            problems.append(Problem(f"gate.{name}", "out-of-range", facts))
    if gate.warn_below is not None and gate.warn_below < gate.least:
        facts = {"value": gate.warn_below, "low": gate.least, "high": top, "above": False}
        problems.append(Problem("gate.warn_below", "out-of-range", facts))
    if gate.lower_bound and gate.statistic == "percent":
        facts = {"value": True, "allowed": (False,)}
        problems.append(Problem("gate.lower_bound", "not-allowed", facts))
    if problems:
        raise MethodError(problems)
    return gate


def judge(gate: Gate, overall: Agreement, by_item: Mapping[str, Agreement]) -> tuple[Verdict, ...]:
    """Hold what was found against what is asked.

    Parameters
    ----------
    gate : Gate
    overall, by_item
        As `scoring.raters.agreement.agreement` gives them, at the gate's level and draws.

    Returns
    -------
    tuple of Verdict
        Of all items together first, where the gate asks it, then of each item in order.
    """
    asked = [overall] if "overall" in gate.scope else []
    if "items" in gate.scope:
        asked += by_item.values()
    return tuple(_verdict(gate, found) for found in asked)


def worst(verdicts: Iterable[Verdict]) -> str:
    """The outcome of all together: the worst of them."""
    found = {verdict.outcome for verdict in verdicts}
    return FAIL if FAIL in found else WARN if WARN in found else PASS


def _verdict(gate: Gate, found: Agreement) -> Verdict:
    value, low = _value(gate, found)
    reasons: list[Problem] = []
    outcome = PASS

    def blame(code: str, worse: str, **facts: Any) -> None:
        nonlocal outcome
        reasons.append(Problem(found.item, code, {"statistic": gate.statistic, **facts}))
        outcome = worse if outcome != FAIL else FAIL

    if found.pairs < gate.least_pairs:
        blame("few-pairs", gate.few, pairs=found.pairs, least=gate.least_pairs)
    if value is None:
        why = [each.code for each in found.problems if each.code != "incomplete"]
        if gate.statistic in FORMS:
            why = [each.code for each in found.problems] or why
        blame("no-value", gate.undefined, because=tuple(why))
        return Verdict(found.item, outcome, None, tuple(reasons))
    held = low if gate.lower_bound else value
    if held is None:
        blame("no-bound", gate.undefined)
        return Verdict(found.item, outcome, None, tuple(reasons))
    if held < gate.least:
        blame("below-least", FAIL, value=held, least=gate.least, bound=gate.lower_bound)
    elif gate.warn_below is not None and held < gate.warn_below:
        blame("below-warning", WARN, value=held, least=gate.warn_below, bound=gate.lower_bound)
    if outcome != PASS and gate.statistic in ("alpha", "kappa") and found.paradox:
        assert found.ac1 is not None
        reasons.append(Problem(found.item, "paradox", {"ac1": found.ac1.value}))
    return Verdict(found.item, outcome, held, tuple(reasons))


def _value(gate: Gate, found: Agreement) -> tuple[float | None, float | None]:
    """The statistic that the gate looks at, and its lower bound."""
    if gate.statistic == "percent":
        return found.percent, None
    if gate.statistic in FORMS:
        forms = [form for form in found.icc if form.form == FORMS[gate.statistic]]
        return (forms[0].value, forms[0].low) if forms else (None, None)
    each = {"alpha": found.alpha, "kappa": found.kappa, "ac1": found.ac1}[gate.statistic]
    return (None, None) if each is None else (each.value, each.low)
