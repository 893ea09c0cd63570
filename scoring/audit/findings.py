"""What an audit finds: one judgement a subject, and the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scoring.audit.statistics import Statistics
from scoring.composite.leave_out import LeftOut
from scoring.composite.limits import Limits

PASS, WARN, FAIL, UNKNOWN = "pass", "warn", "fail", "not-applicable"
STATES = (FAIL, WARN, PASS, UNKNOWN)  # the gravest first
CHECKS = (
    "coverage",
    "city-coverage",
    "children",
    "shape",
    "zeros",
    "weights",
    "parent",
    "siblings",
    "alpha",
    "influence",
    "size",
    "omission",
    "components",
)


@dataclass(frozen=True, slots=True)
class Check:
    """One judgement.

    ``check`` is what was looked at (one of ``CHECKS``), ``subject`` the node or city it is about,
    ``state`` the verdict, ``reason`` a code that has words elsewhere, and ``facts`` the numbers
    compared and their limits.
    """

    check: str
    subject: str
    state: str
    reason: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CoherenceAudit:
    """The whole audit of one scoring.

    ``correlations`` are those of each node with each of its ancestors, by node and ancestor;
    ``siblings`` those of every two members of a family, by parent; ``alphas`` by parent;
    ``weights`` of each node in its parent, nominal and effective shares. ``critical`` is the
    least |r| that so many cities tell from 0 (5 %, two-sided).
    """

    cities: tuple[str, ...]
    checks: tuple[Check, ...]
    statistics: Statistics
    correlations: Mapping[str, Mapping[str, float]]
    siblings: Mapping[str, tuple[tuple[str, str, float], ...]]
    alphas: Mapping[str, float]
    weights: Mapping[str, tuple[float, float]]
    omissions: tuple[LeftOut, ...]
    critical: float
    limits: Limits

    @property
    def state(self) -> str:
        """The gravest verdict; not applicable when nothing could be judged."""
        held = {check.state for check in self.checks}
        return next((state for state in STATES if state in held), UNKNOWN)

    def counts(self, check: str = "") -> dict[str, int]:
        """How many judgements of each state, of one kind of check or of all."""
        some = [each for each in self.checks if check in ("", each.check)]
        return {state: sum(each.state == state for each in some) for state in STATES}

    def as_mapping(self) -> dict[str, Any]:
        """Plain dicts, lists and numbers for JSON; None where there is no number."""
        said = {
            "state": self.state,
            "counts": self.counts(),
            "summary": {name: self.counts(name) for name in CHECKS},
            "checks": [
                {
                    "check": each.check,
                    "subject": each.subject,
                    "state": each.state,
                    "reason": each.reason,
                    "facts": each.facts,
                }
                for each in self.checks
            ],
            "statistics": self.statistics.as_mapping(),
            "flags": self.statistics.flags(self.limits),
            "correlations": self.correlations,
            "siblings": self.siblings,
            "alphas": self.alphas,
            "weights": {
                code: {"nominal": nominal, "effective": effective}
                for code, (nominal, effective) in self.weights.items()
            },
            "omissions": {
                each.code: {
                    "mean_shift": each.mean_shift,
                    "largest_shift": each.largest,
                    "ranks": dict(zip(self.cities, each.after.tolist(), strict=True)),
                }
                for each in self.omissions
            },
            "critical": self.critical,
            "limits": {name: getattr(self.limits, name) for name in vars(self.limits)},
        }
        plain: dict[str, Any] = as_plain(said)
        return plain


def as_plain(value: Any) -> Any:
    """Mappings and tuples as dicts and lists, numpy numbers as Python's, NaN as None."""
    if isinstance(value, Mapping):
        return {str(key): as_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and value != value else value
