"""The section ``[weights]``: where the weights come from, and the judgements they are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scoring.composite.keys import key, number, one_of, some_of, text, wholes
from scoring.composite.problems import Problem
from scoring.composite.records import fraction, needed, numbers_by_code, records, tables
from scoring.composite.weighting.objective import METHODS

if TYPE_CHECKING:
    from collections.abc import Mapping

JUDGED = ("ahp", "best-worst")
WEIGHTINGS = ("given", "equal", *METHODS, *JUDGED)
ADVICE = ("pca", "optimised")  # shown, never applied: neither keeps weights from being negative


@dataclass(frozen=True)
class Weights:
    """Where the weights come from.

    ``levels`` are those that ``method`` weighs (1 = the leaves; empty = all); the others keep the
    given weights. ``judgements`` are for "ahp" and "best-worst"; a family without any keeps the
    given ones. ``consistency`` is the greatest consistency ratio of AHP; ``inconsistent`` says what
    is done beyond it. ``join`` is how several judges become one: the geometric mean of their
    "judgements" or of their "priorities". ``advisory`` weights are shown beside, never applied.
    """

    method: str = key("given", one_of(*WEIGHTINGS))
    levels: tuple[int, ...] = key((), wholes(1, 100))
    judgements: tuple[Mapping[str, Any], ...] = key((), tables)
    consistency: float = key(0.1, number(0, 1))
    inconsistent: str = key("refuse", one_of("refuse", "flag"))
    join: str = key("judgements", one_of("judgements", "priorities"))
    advisory: tuple[str, ...] = key((), some_of(*ADVICE))


def _pairs(path: str, value: Any) -> tuple[Any, Problem | None]:
    """A list of [code, code, how many times the first is as important]."""
    if not isinstance(value, list | tuple):
        return value, Problem(path, "wrong-type", {"value": value, "expected": "list"})
    made = []
    for item in value:
        told = list(item) if isinstance(item, list | tuple) else []
        times = fraction(told[2]) if len(told) == 3 else None
        if times is None or not all(isinstance(code, str) for code in told[:2]):
            return value, Problem(path, "wrong-type", {"value": item, "expected": "comparison"})
        made.append((told[0], told[1], times))
    return tuple(made), None


def _codes(path: str, value: Any) -> tuple[Any, Problem | None]:
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return tuple(value), None
    return value, Problem(path, "wrong-type", {"value": value, "expected": "list"})


def _matrix(path: str, value: Any) -> tuple[Any, Problem | None]:
    """A square list of lists of numbers."""
    rows = list(value) if isinstance(value, list | tuple) else []
    made = [
        tuple(map(fraction, row)) if isinstance(row, list | tuple) and len(row) == len(rows) else ()
        for row in rows
    ]
    if not rows or any(not row or None in row for row in made):
        return value, Problem(path, "wrong-type", {"value": value, "expected": "matrix"})
    return tuple(made), None


@dataclass(frozen=True)
class Judgement:
    """What one judge says of the children of ``parent``.

    For AHP ``pairs`` or ``codes`` with ``matrix``; for best–worst ``from_best`` and ``to_worst``.
    """

    parent: str = needed(text)
    judge: str = key("", text)
    pairs: tuple[tuple[str, str, float], ...] = key((), _pairs)
    codes: tuple[str, ...] = key((), _codes)
    matrix: tuple[tuple[float, ...], ...] = key((), _matrix)
    from_best: Mapping[str, float] = field(
        default_factory=dict, metadata={"check": numbers_by_code}
    )
    to_worst: Mapping[str, float] = field(default_factory=dict, metadata={"check": numbers_by_code})


def judgements(policy: Weights, problems: list[Problem]) -> list[Judgement]:
    """The judgements of a policy; what is wrong with one is added to *problems*."""
    return records(Judgement, "weights.judgements", policy.judgements, problems)


def without_judges(policy: Weights) -> list[dict[str, Any]]:
    """The judgements as the executed configuration shows them: what was said, not by whom."""
    return [
        {key: value for key, value in each.items() if key != "judge"} for each in policy.judgements
    ]


def weights_problems(policy: Weights) -> list[Problem]:
    """What single keys cannot show."""
    found: list[Problem] = []
    made = judgements(policy, found)
    if policy.method in JUDGED and not policy.judgements:
        found.append(Problem("weights.judgements", "missing-key", {"because": policy.method}))
    for at, each in enumerate(made, start=1):
        path = f"weights.judgements[{at}]"
        compared = bool(each.pairs) != bool(each.matrix and each.codes)
        if policy.method == "ahp" and (not compared or len(each.codes) != len(each.matrix)):
            found.append(Problem(path, "judgement-form", {"expected": "pairs | codes + matrix"}))
        if policy.method == "best-worst" and not (each.from_best and each.to_worst):
            found.append(Problem(path, "judgement-form", {"expected": "from_best + to_worst"}))
    return found
