"""What a score rule is once it was read, what it makes of answers, how visits combine. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from evaluation.platform.i18n import N_, _
from surveys.forms.answers import Answers
from surveys.forms.document import FormDocument, Question


class NotApplicable:
    """The answer says that the question did not arise: neither missing nor zero."""

    def __repr__(self) -> str:
        return "NOT_APPLICABLE"


NOT_APPLICABLE: Final = NotApplicable()
Score = float | NotApplicable | None

#: Choices that say nothing of a checklist.
NOT_COUNTED = frozenset({"none", "other", "na"})
YES = frozenset({"yes", "true", "1", "ok"})

KINDS = {
    "value": N_("答案本身的数值"),
    "table": N_("按对照表取分"),
    "checklist": N_("勾选项所占的百分比"),
    "sum": N_("几道题的合计"),
    "count": N_("答“是”或大于 0 的题数"),
    "minutes": N_("计时的分钟数"),
}
TAKES_NAMES = frozenset({"sum", "count"})

ACROSS = {
    "mean": N_("平均值"),
    "median": N_("中位数"),
    "min": N_("最小值"),
    "max": N_("最大值"),
    "sum": N_("合计"),
    "latest": N_("最近一次"),
    "share": N_("大于 0 的访查所占百分比"),
}
DEFAULT_ACROSS = "mean"

MODIFIERS: Mapping[str, tuple[str, Callable[[float, float], float]]] = {
    "max": (N_("不超过 {number}"), min),
    "min": (N_("不低于 {number}"), max),
    "times": (N_("乘以 {number}"), lambda value, by: value * by),
    "divide": (N_("除以 {number}"), lambda value, by: value / by),
}

_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """A rule that was read. ``table`` maps choices to values, None standing for NA."""

    kind: str
    table: Mapping[str, float | None] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    of: float | None = None
    modifiers: tuple[tuple[str, float], ...] = ()

    def value_of(self, document: FormDocument, question: Question, answers: Answers) -> Score:
        """The value of one visit: None where nothing was answered, else a finite number or NA.

        Rows of a repeat are averaged, except by ``sum`` and ``count``, which take them together.
        """
        if self.kind == "sum":
            numbers = [
                n for name in self.names for n in map(number, answers.of(name)) if n is not None
            ]
            return self._finished(math.fsum(numbers) if numbers else None)
        if self.kind == "count":
            said = [value for name in self.names for value in answers.of(name)]
            return self._finished(float(sum(map(affirms, said))) if said else None)
        rows = [self._one(document, question, value) for value in answers.of(question.name)]
        counted = [row for row in rows if isinstance(row, float)]
        if counted:
            return self._finished(math.fsum(counted) / len(counted))
        return NOT_APPLICABLE if any(isinstance(row, NotApplicable) for row in rows) else None

    def _one(self, document: FormDocument, question: Question, value: str) -> Score:
        if self.kind == "table":
            if value not in self.table:
                return None
            held = self.table[value]
            return NOT_APPLICABLE if held is None else held
        if self.kind == "checklist":
            ticked = set(value.split())
            if ticked == {"na"}:
                return NOT_APPLICABLE
            names = {each.name for each in document.lists.get(question.list_name, ())}
            whole = self.of or len(names - NOT_COUNTED)
            return 100.0 * min(1.0, len(ticked - NOT_COUNTED) / whole) if whole else None
        return number(value)

    def _finished(self, value: float | None) -> float | None:
        if value is None:
            return None
        for name, by in self.modifiers:
            value = MODIFIERS[name][1](value, by)
        return value + 0.0 if math.isfinite(value) else None

    def said(self) -> str:
        """The rule in the current language, for people who read no grammar."""
        parts = [_(KINDS[self.kind])]
        if self.kind == "table":
            parts[0] += " " + " · ".join(
                f"{name} → {_('不适用') if value is None else f'{value:g}'}"
                for name, value in self.table.items()
            )
        elif self.names:
            parts[0] += " " + ", ".join(self.names)
        elif self.of:
            parts[0] += f" / {self.of:g}"
        parts += [_(MODIFIERS[name][0], number=f"{by:g}") for name, by in self.modifiers]
        return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class Condition:
    """When a checkpoint has failed: one of ``names`` answered, or ``sign`` ``against`` holds."""

    names: frozenset[str] = frozenset()
    sign: str = ""
    against: str = ""

    def holds(self, value: str) -> bool:
        """Whether it holds for one answer; an unanswered question has not failed."""
        if not value:
            return False
        if self.names:
            return not self.names.isdisjoint(value.split())
        there, limit = number(value), number(self.against)
        if there is not None and limit is not None:
            return _COMPARE[self.sign](there, limit)
        if self.sign in ("=", "!="):
            return (self.against in value.split()) == (self.sign == "=")
        return False


def combined(values: Sequence[float], how: str = DEFAULT_ACROSS) -> float | None:
    """Values of several visits, oldest first, as one; None where there are none.

    Raises KeyError for a *how* that is not in `ACROSS`.
    """
    if how not in ACROSS:
        raise KeyError(how)
    if not values:
        return None
    if how == "share":
        return 100.0 * sum(value > 0 for value in values) / len(values)
    if how == "latest":
        return float(values[-1])
    if how == "mean":
        return math.fsum(values) / len(values)
    if how == "median":
        return float(statistics.median(values))
    if how == "sum":
        return math.fsum(values)
    return float(min(values) if how == "min" else max(values))


def number(value: str) -> float | None:
    """The finite number in an answer; None where there is none."""
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def affirms(value: str) -> bool:
    """Whether an answer says yes, or is a number above 0."""
    found = number(value)
    return found > 0 if found is not None else value.lower() in YES
