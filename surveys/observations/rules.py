"""What may be recorded as an observation, and which of several is adopted. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from evaluation.framework import methods
from evaluation.framework.methods import METHODS
from evaluation.framework.tree import Framework, Node
from evaluation.platform.errors import DomainError, Fault
from evaluation.platform.i18n import N_
from evaluation.rounds.rules import ORDER, VERIFYING

#: Where the framework says nothing: what was checked on the spot beats what was told.
PRECEDENCE = (
    methods.VERIFICATION,
    methods.FULL_FILING,
    methods.BASIC_DATA,
    methods.INSPECTION,
    methods.SIMULATION,
    methods.SEMINAR,
    methods.QUESTIONNAIRE,
)

#: Methods by which people go and look: that they came, and when, is nobody's to infer.
BY_VISIT = frozenset({methods.SIMULATION, methods.INSPECTION, methods.BASIC_DATA})

#: Two methods disagree when their values differ by more than this share of the goalposts' span
#: or, without goalposts, of the larger value.
TOLERANCE = 0.05


@dataclass(frozen=True, slots=True)
class Given:
    """One value to record. ``value`` is None exactly when ``not_applicable``.

    ``visits`` and ``spread`` (standard deviation) where it sums up several visits.
    """

    city: str
    indicator: str
    method: str
    value: float | None
    not_applicable: bool = False
    unit: str = ""
    source: str = ""
    evidence: tuple[str, ...] = ()
    reason: str = ""
    visits: int | None = None
    spread: float | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a bulk record did: cells new or changed, and cells whose adopted method changed."""

    changed: int
    readopted: int


class NotObserved(DomainError):
    """There is no value by that method, so it cannot be adopted."""

    status = 422
    code = "not-observed"
    title = N_("没有可采用的值")
    detail = N_("“{method}”没有提供这个市州这项指标的值，不能采用。")


class ChoiceNeedsReason(DomainError):
    """Choosing by hand must say why."""

    status = 422
    code = "choice-needs-reason"
    title = N_("请说明采用原因")
    detail = N_("人工采用必须写明原因，原因会显示在核验页并记入审计日志。")


def is_open(state: str) -> bool:
    """Whether observations of a round in *state* may still change: up to verifying, included."""
    return ORDER.index(state) <= ORDER.index(VERIFYING)


def may_supply(node: Node, method: str) -> bool:
    """Whether the framework lets *method* supply the indicator; none named means all."""
    return not node.methods or method in node.methods


def visits_may_supply(node: Node) -> bool:
    """Whether the framework lets a method by which people visit supply the indicator."""
    return any(may_supply(node, method) for method in BY_VISIT)


def order(node: Node) -> tuple[str, ...]:
    """Methods of an indicator, the one to adopt first.

    What a review found stands before all; verification checks what the others said, so it comes
    next wherever it took place; then the framework's own order, then `PRECEDENCE`.
    """
    named = [m for m in node.methods if m != methods.VERIFICATION]
    rest = [m for m in PRECEDENCE if m not in named and m != methods.VERIFICATION]
    return (methods.REVIEW, methods.VERIFICATION, *named, *rest)


def preferred(node: Node, present: Iterable[str]) -> str | None:
    """The method to adopt among those *present*; None where there is none."""
    ranks = {method: at for at, method in enumerate(order(node))}
    return min(present, key=lambda method: (ranks.get(method, len(ranks)), method), default=None)


def check(framework: Framework, given: Given) -> Iterator[Fault]:
    """Everything that is wrong with a value."""
    node = framework.by_code.get(given.indicator)
    if given.city not in framework.unit_by_code:
        yield _fault("unknown-city", N_("没有代码为“{value}”的参评单位。"), given.city, "city")
    if node is None or framework.children[given.indicator]:
        yield _fault(
            "unknown-indicator", N_("没有代码为“{value}”的指标。"), given.indicator, "indicator"
        )
    if given.method not in METHODS:
        yield _fault("unknown-method", N_("没有名为“{value}”的采集方式。"), given.method, "method")
    elif node is not None and not may_supply(node, given.method):
        yield Fault(
            "method-not-allowed",
            N_("体系规定“{indicator}”不由“{method}”提供。"),
            N_("请改用体系为该指标列出的采集方式。"),
            {"indicator": node.name, "method": methods.method_name(given.method)},
            column="method",
        )
    if node is not None:
        yield from check_value(node, given.value, not_applicable=given.not_applicable)


def check_value(node: Node, value: float | None, *, not_applicable: bool) -> Iterator[Fault]:
    """What is wrong with a value of an indicator, wherever it comes from."""
    if not_applicable:
        if not node.allow_not_applicable:
            yield Fault(
                "not-applicable-refused",
                N_("“{indicator}”不允许填“不适用”。"),
                N_("请填写数字；没有数据请留空。"),
                {"indicator": node.name},
                column="value",
            )
        if value is not None:
            yield Fault("value-and-not-applicable", N_("“不适用”不能同时有数值。"), column="value")
    elif value is None:
        yield Fault("no-value", N_("没有数值。"), N_("请填写数字。"), column="value")
    elif not math.isfinite(value):
        yield Fault(
            "not-finite", N_("“{value}”不是有限的数。"), "", {"value": str(value)}, column="value"
        )
    elif (low := node.minimum) is not None and value < low:
        yield _bound(N_("{value} 小于下限 {bound} {unit}。"), value, low, node)
    elif (high := node.maximum) is not None and value > high:
        yield _bound(N_("{value} 大于上限 {bound} {unit}。"), value, high, node)


def disagree(node: Node, values: Mapping[str, float | None]) -> bool:
    """Whether methods contradict each other beyond `TOLERANCE`; None stands for not applicable."""
    numbers = [value for value in values.values() if value is not None]
    if len(values) < 2:
        return False
    if len(numbers) < len(values):
        return bool(numbers)
    gap = max(numbers) - min(numbers)
    span = max(abs(number) for number in numbers)
    if node.best is not None and node.worst is not None and node.best != node.worst:
        span = abs(node.best - node.worst)
    return gap > TOLERANCE * span


def repeated(row: int) -> Fault:
    """The same city, indicator and method given twice at once."""
    return Fault(
        "repeated",
        N_("同一参评单位、指标和采集方式在前面已经给过。"),
        N_("请只保留一行。"),
        row=row,
    )


def _fault(code: str, what: str, value: str, column: str) -> Fault:
    return Fault(code, what, N_("请核对代码后重试。"), {"value": value[:60]}, column=column)


def _bound(what: str, value: float, bound: float, node: Node) -> Fault:
    return Fault(
        "out-of-range",
        what,
        N_("请核对数字和单位；确实如此，请先修改体系的填报上下限。"),
        {"value": f"{value:.10g}", "bound": f"{bound:.10g}", "unit": node.unit},
        column="value",
    )
