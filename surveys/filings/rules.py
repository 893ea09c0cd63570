"""What a city may file, when, and what is odd about it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from evaluation.framework.methods import FULL_FILING
from evaluation.framework.tree import Framework, Node
from evaluation.platform.errors import Fault
from evaluation.platform.i18n import N_, _
from evaluation.platform.workbooks import CellProblem, cells
from evaluation.rounds.rules import COLLECTING
from surveys.filings.errors import FilingLocked
from surveys.observations.rules import check_value, may_supply

OPEN, SUBMITTED, RETURNED, ACCEPTED = "open", "submitted", "returned", "accepted"
STATES = {
    OPEN: N_("填报中"),
    SUBMITTED: N_("已提交，待采信"),
    RETURNED: N_("已退回，待修改"),
    ACCEPTED: N_("已采信"),
}
BADGES = {OPEN: "active", SUBMITTED: "submitted", RETURNED: "returned", ACCEPTED: "accepted"}

#: States of one cell. A returned cell that was changed stays open until it is submitted again.
SAVED, MENDED = "saved", "mended"
CELL_STATES = {
    SAVED: N_("已存"),
    MENDED: N_("已修改"),
    RETURNED: N_("退回"),
    ACCEPTED: N_("已采信"),
}
HOWS = {
    "grid": N_("网页填写"),
    "workbook": N_("上传工作簿"),
    "returned": N_("退回"),
    "accepted": N_("采信"),
}

#: A change against last round beyond this share of last round's value is worth a second look.
JUMP = 0.5
#: Days before the deadline from which the light is yellow.
NEAR = timedelta(days=3)
LONGEST_NOTE = 1000
ASK = N_("请核对数字和单位；确实如此，请联系省级管理员调整填报范围。")


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in one cell: a number, or not applicable, or nothing; and a note."""

    value: float | None = None
    not_applicable: bool = False
    note: str = ""

    @property
    def filled(self) -> bool:
        """Whether it says something: a number, or that the indicator does not apply."""
        return self.not_applicable or self.value is not None

    def facts(self) -> dict[str, object]:
        """As the audit log keeps it."""
        return {"value": self.value, "not_applicable": self.not_applicable, "note": self.note}


def indicators(framework: Framework) -> tuple[Node, ...]:
    """The indicators that cities file, in the framework's order."""
    return tuple(node for node in framework.indicators if may_supply(node, FULL_FILING))


def parse(text: str, unit: str) -> float | CellProblem | None:
    """The number somebody typed in a field, None for nothing, or why it is none.

    The rule is the workbook's (`cells.number`), except that a field holds text by nature: plain
    half-width digits are a number there.
    """
    found = cells.number(text, unit=unit)
    if isinstance(found, CellProblem) and found.code == "number-as-text":
        return float(text.strip()) + 0.0
    return found


def typed(value: float | None) -> str:
    """A number as it can be typed again: exact, without exponent or grouping."""
    if value is None:
        return ""
    if float(value).is_integer() and abs(value) < 1e15:  # a framework's bounds may be int
        return str(int(value))
    return format(Decimal(repr(value)), "f")


def say(entry: Entry) -> str:
    """What a cell says, in a word, in the current language."""
    if entry.not_applicable:
        return _("不适用")
    return typed(entry.value) if entry.value is not None else _("空")


def faults(node: Node, entry: Entry) -> Iterator[Fault]:
    """Why an entry cannot be kept. An empty one can: it says that nothing is known yet."""
    if entry.filled:
        for fault in check_value(node, entry.value, not_applicable=entry.not_applicable):
            yield replace(fault, mend=ASK) if fault.code == "out-of-range" else fault
    if len(entry.note) > LONGEST_NOTE:
        yield Fault(
            "note-too-long",
            N_("备注有 {count} 个字，超过 {limit} 个。"),
            N_("请缩短备注，详细说明请作为佐证上传。"),
            {"count": len(entry.note), "limit": LONGEST_NOTE},
            column="note",
        )


def oddities(node: Node, entry: Entry, last: float | None) -> Iterator[Fault]:
    """What is worth a second look, though it is kept: warning value, jump, too many decimals."""
    value = entry.value
    if value is None:
        return
    facts: dict[str, object] = {"value": cells.plain(value), "unit": node.unit}
    if node.warning is not None and (value - node.warning) * node.direction < 0:
        yield _odd(
            "beyond-warning",
            N_("{value} 已差于预警值 {warning} {unit}。"),
            facts | {"warning": cells.plain(node.warning)},
        )
    if last is not None and abs(value - last) > JUMP * abs(last):
        change = cells.plain(round(100 * (value - last) / abs(last), 1)) if last else "∞"
        yield _odd(
            "jump",
            N_("与上期 {last} 相比变化 {change}%，超过 {limit}%。"),
            facts | {"last": cells.plain(last), "change": change, "limit": round(100 * JUMP)},
        )
    if node.decimals is not None and Decimal(repr(value)) != round(
        Decimal(repr(value)), node.decimals
    ):
        yield _odd(
            "decimals",
            N_("{value} 的小数位多于约定的 {decimals} 位，按原值保存。"),
            facts | {"decimals": node.decimals},
        )


def light(closes_at: datetime, now: datetime) -> str:
    """Red after the deadline, yellow in its last three days, else green."""
    if now > closes_at:
        return "red"
    return "yellow" if closes_at - now <= NEAR else "green"


def require_editable(
    *, round_state: str, closes_at: datetime, filing_state: str, cell_state: str, now: datetime
) -> None:
    """Raise `FilingLocked`, with the reason and who can open it, unless a cell may change.

    Open filings until the deadline; of returned ones the returned cells, whatever the date.
    """
    found = lock(
        round_state=round_state,
        closes_at=closes_at,
        filing_state=filing_state,
        cell_state=cell_state,
        now=now,
    )
    if found is not None:
        raise found


def lock(
    *,
    round_state: str,
    closes_at: datetime,
    filing_state: str,
    now: datetime,
    cell_state: str = RETURNED,
) -> FilingLocked | None:
    """Why nothing may change (or, with its state, why a cell may not); None when it may."""
    if round_state != COLLECTING:
        return FilingLocked(reason=N_("本轮不在采集阶段"), opener=N_("省级管理员（退回到“采集”）"))
    if filing_state in (SUBMITTED, ACCEPTED):
        return FilingLocked(reason=N_("本市州的填报已提交"), opener=N_("省级管理员（按指标退回）"))
    if filing_state == RETURNED and cell_state not in (RETURNED, MENDED):
        return FilingLocked(
            reason=N_("这项指标没有被退回，只能修改退回的指标"),
            opener=N_("省级管理员（退回这项指标）"),
        )
    if filing_state == OPEN and now > closes_at:
        return FilingLocked(reason=N_("填报已截止"), opener=N_("省级管理员（退回填报）"))
    return None


def is_editable(
    *, round_state: str, closes_at: datetime, filing_state: str, cell_state: str, now: datetime
) -> bool:
    """Whether a cell may change now."""
    return (
        lock(
            round_state=round_state,
            closes_at=closes_at,
            filing_state=filing_state,
            cell_state=cell_state,
            now=now,
        )
        is None
    )


def span(node: Node) -> str:
    """The range that may be filed: ``0 – 100``, ``≥ 0`` or nothing."""
    low = None if node.minimum is None else typed(node.minimum)
    high = None if node.maximum is None else typed(node.maximum)
    if low is not None and high is not None:
        return f"{low} – {high}"
    return f"≥ {low}" if low is not None else (f"≤ {high}" if high is not None else "")


def _odd(code: str, what: str, facts: dict[str, object]) -> Fault:
    return Fault(
        code,
        what,
        N_("请核对；确认无误可保留，并在备注中说明。"),
        facts,
        column="value",
        severity="warning",
    )
