"""What answers say of indicators, and how several visits become one value. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from evaluation.platform.i18n import _
from surveys.forms.answers import Answers
from surveys.forms.document import FormDocument, Question
from surveys.forms.score_rules import (
    ACROSS,
    DEFAULT_ACROSS,
    NotApplicable,
    combined,
    parse,
)

#: Ways to combine visits whose result is a mean, and so has the error of one.
MEANS = frozenset({"mean", "share"})

#: So many values are written out in the sum; more are counted.
WRITTEN_OUT = 12


@dataclass(frozen=True, slots=True)
class Measured:
    """What one question says of its indicator. ``value`` is None exactly when it is NA."""

    question: Question
    across: str
    value: float | None

    @property
    def not_applicable(self) -> bool:
        """Whether the question did not arise."""
        return self.value is None


@dataclass(frozen=True, slots=True)
class Visited:
    """What one visit says of an indicator, by all questions that measure it.

    ``values`` are the questions' values, None where not applicable; ``happened`` orders visits.
    """

    submission: int
    happened: datetime
    across: str
    values: tuple[float | None, ...]

    @property
    def value(self) -> float | None:
        """The mean of the visit's own values; None where nothing was applicable."""
        numbers = [each for each in self.values if each is not None]
        return combined(numbers, "mean")


@dataclass(frozen=True, slots=True)
class Summary:
    """Several visits as one value. ``visits`` is how many it is made of; ``left_out`` how many
    said "not applicable" while others had a value. ``spread`` is the sample standard deviation
    of the visits' values, None for one. ``mixed``: forms disagreed on ``across``."""

    value: float | None
    visits: int
    spread: float | None
    across: str
    left_out: int = 0
    mixed: bool = False

    @property
    def not_applicable(self) -> bool:
        """Whether every visit said so."""
        return self.value is None


def standard_error(visits: int | None, spread: float | None) -> float | None:
    """How uncertain the mean of *visits* visits is, in the value's unit; None where unknown.

    *spread* is their sample standard deviation s: s / √visits. A single visit says nothing of its
    own error, nor do visits that all said the same.
    """
    if visits is None or visits < 2 or not spread:
        return None
    return spread / math.sqrt(visits)


def measured(document: FormDocument, answers: Answers) -> list[Measured]:
    """Every indicator that the answers say something of; unanswered questions say nothing."""
    found = []
    for question in document.questions:
        if not question.indicator or not question.score_rule:
            continue
        score = parse(question.score_rule).value_of(document, question, answers)
        if score is None:
            continue
        value = None if isinstance(score, NotApplicable) else score
        found.append(Measured(question, question.across_visits or DEFAULT_ACROSS, value))
    return found


def summed_up(visits: Iterable[Visited]) -> Summary | None:
    """The visits of one city and indicator by one method as one value; None of none.

    The newest visit's form says how visits combine. Each visit counts once, however many of its
    questions measure the indicator.
    """
    ordered = sorted(visits, key=lambda each: (each.happened, each.submission))
    if not ordered:
        return None
    across = ordered[-1].across
    mixed = len({each.across for each in ordered}) > 1
    numbers = [value for each in ordered if (value := each.value) is not None]
    if not numbers:
        return Summary(None, len(ordered), None, across, mixed=mixed)
    scale = [100.0 if value > 0 else 0.0 for value in numbers] if across == "share" else numbers
    spread = statistics.stdev(scale) if len(scale) > 1 else None
    left_out = len(ordered) - len(numbers)
    return Summary(combined(numbers, across), len(numbers), spread, across, left_out, mixed)


def formula(summary: Summary, numbers: Sequence[float]) -> str:
    """How the visits' values became one, written out where they are few."""
    how = _(ACROSS[summary.across])
    if summary.value is None:
        return _("{count} 次访查都不适用，所以这一项不适用。", count=summary.visits)
    result = f"{summary.value:.10g}"
    if len(numbers) > WRITTEN_OUT:
        return _("{count} 次访查的{how} = {result}", count=len(numbers), how=how, result=result)
    said = [f"{each:.10g}" for each in numbers]
    if summary.across == "mean":
        return f"({' + '.join(said)}) ÷ {len(said)} = {result}"
    if summary.across == "sum":
        return f"{' + '.join(said)} = {result}"
    if summary.across == "share":
        above = sum(each > 0 for each in numbers)
        return f"{above} ÷ {len(said)} × 100 = {result}"
    return _("{values} 的{how} = {result}", values=", ".join(said), how=how, result=result)
