"""First and blind second look at the same site, question by question. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from surveys.forms.answers import Answers
from surveys.forms.document import NUMBERS, FormDocument, Question
from surveys.forms.score_rules import number
from surveys.observations.rules import TOLERANCE
from surveys.review.agreement import (
    FEW,
    Parts,
    alpha_parts,
    interval,
    kappa_parts,
    nominal,
    pooled,
    share,
)

CHOSEN = frozenset({"select_one", "select_multiple", "acknowledge", "trigger"})


@dataclass(frozen=True, slots=True)
class Looks:
    """Two records of the same site with the answers of each; ``key`` is whatever the caller knows
    the pair by."""

    key: Any
    first: Answers
    second: Answers


@dataclass(frozen=True, slots=True)
class Difference:
    """One question that the looks answered differently; what each said, as it was sent."""

    key: Any
    question: Question
    path: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Compared:
    """How far the looks agree on one question. ``count`` pairs, of which ``agreed`` say the same
    (numbers: within the tolerance). ``kappa`` is None for numbers."""

    question: Question
    numeric: bool
    count: int
    agreed: int
    kappa: Parts | None
    alpha: Parts
    differences: tuple[Difference, ...]

    @property
    def percent(self) -> float | None:
        """Percent of pairs that say the same."""
        return share(self.agreed, self.count)

    @property
    def few(self) -> bool:
        """Whether there are too few pairs for a coefficient to say much."""
        return self.count < FEW


@dataclass(frozen=True, slots=True)
class Together:
    """All questions of a form; the coefficients pool those answered by choice."""

    questions: tuple[Compared, ...]
    looks: int

    @property
    def few(self) -> bool:
        """Whether there are too few pairs of records for a coefficient to say much."""
        return self.looks < FEW

    @property
    def count(self) -> int:
        """Pairs of answers compared."""
        return sum(each.count for each in self.questions)

    @property
    def percent(self) -> float | None:
        """Percent of all pairs of answers that say the same."""
        return share(sum(each.agreed for each in self.questions), self.count)

    @property
    def kappa(self) -> Parts:
        """Pooled kappa."""
        return pooled(each.kappa for each in self.questions if each.kappa is not None)

    @property
    def alpha(self) -> Parts:
        """Pooled alpha of questions answered by choice."""
        return pooled(each.alpha for each in self.questions if not each.numeric)

    @property
    def differences(self) -> list[Difference]:
        """Everything answered differently, in the form's order."""
        return [one for each in self.questions for one in each.differences]


def compare(document: FormDocument, looks: Sequence[Looks]) -> Together:
    """Compare every question of *document* that can be compared: choices and numbers.

    Rows of repeats are compared by their position. A question that neither look answered is left
    out; one that a single look answered is a disagreement.
    """
    told = [(each.key, _by_path(each.first), _by_path(each.second)) for each in looks]
    found = (_compared(each, told) for each in document.questions if comparable(each))
    return Together(tuple(each for each in found if each.count), len(looks))


def comparable(question: Question) -> bool:
    """Whether two answers to it can be held against each other."""
    if question.kind in CHOSEN or question.kind in NUMBERS:
        return True
    return question.kind == "calculate" and bool(question.indicator)


def same(one: str, other: str) -> bool:
    """Whether two answers to a number agree: within `TOLERANCE` of the larger."""
    first, second = number(one), number(other)
    if first is None or second is None:
        return one == other
    return abs(first - second) <= TOLERANCE * max(abs(first), abs(second))


def _compared(
    question: Question, told: Iterable[tuple[Any, Mapping[str, Any], Mapping[str, Any]]]
) -> Compared:
    numeric = question.kind not in CHOSEN
    pairs: list[tuple[str, str]] = []
    differences = []
    for key, first, second in told:
        one, two = first.get(question.path, {}), second.get(question.path, {})
        for path in dict.fromkeys([*one, *two]):
            pair = (one.get(path, ""), two.get(path, ""))
            if not any(pair):
                continue
            pairs.append(pair)
            if not (same(*pair) if numeric else _choices(pair[0]) == _choices(pair[1])):
                differences.append(Difference(key, question, path, *pair))
    if numeric:
        units = [(a, b) for one, two in pairs if (a := number(one)) is not None
                 and (b := number(two)) is not None]  # fmt: skip
        kappa, alpha = None, alpha_parts(units, interval)
    else:
        sets = [(_choices(one), _choices(two)) for one, two in pairs]
        kappa, alpha = kappa_parts(sets), alpha_parts(sets, nominal)
    agreed = len(pairs) - len(differences)
    return Compared(question, numeric, len(pairs), agreed, kappa, alpha, tuple(differences))


def _choices(value: str) -> frozenset[str]:
    """What was ticked, in any order; nothing ticked is an answer like another."""
    return frozenset(value.split())


def _by_path(given: Answers) -> dict[str, dict[str, str]]:
    """Answers by the question's path, then by the path with positions."""
    found: dict[str, dict[str, str]] = {}
    for entry in given.entries:
        found.setdefault(entry.question.path, {})[entry.path] = entry.value
    return found
