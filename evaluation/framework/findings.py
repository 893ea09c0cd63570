"""What a check says, and the checks that every part of a framework shares."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evaluation.platform.errors import Fault
from evaluation.platform.i18n import N_

CODE = re.compile(r"\w[\w.\-]{0,39}")


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of a framework: in which part, at which item (None: the whole), in which field."""

    code: str
    what: str
    mend: str
    part: str
    index: int | None = None
    field: str = ""
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def fault(self, *, file: str = "", sheet: str = "", cell: str = "", column: str = "") -> Fault:
        """The same with its place in a file."""
        row = None if self.index is None or cell else self.index + 1
        return Fault(self.code, self.what, self.mend, self.facts, file, sheet, cell, row, column)


FILL = N_("请填写。")
CHOOSE_OTHER = N_("请改为其他代码，或删除重复的行。")


def check_code(part: str, at: int | None, code: str) -> Iterator[Finding]:
    """A code is there and fit for an address."""
    if not code:
        yield Finding("empty-code", N_("代码是空的。"), FILL, part, at, "code")
    elif not CODE.fullmatch(code):
        yield Finding(
            "bad-code",
            N_("代码“{value}”不合规则。"),
            N_("请只用文字、字母、数字、点和短横，以文字、字母或数字开头，最多 40 个字符。"),
            part,
            at,
            "code",
            {"value": code[:60]},
        )


def check_named(part: str, items: tuple[Any, ...]) -> Iterator[Finding]:
    """Codes are fit and unique, names are there."""
    seen: dict[str, int] = {}
    for at, item in enumerate(items):
        yield from check_code(part, at, item.code)
        if not item.name:
            yield Finding("empty-name", N_("名称是空的。"), FILL, part, at, "name")
        if item.code and item.code in seen:
            yield Finding(
                "duplicate-code",
                N_("代码“{value}”重复，前面已经用过。"),
                CHOOSE_OTHER,
                part,
                at,
                "code",
                {"value": item.code},
            )
        seen.setdefault(item.code, at)


def outside(part: str, at: int, name: str, value: float, low: float, high: float) -> Finding:
    """A number beyond its range."""
    return Finding(
        "out-of-range",
        N_("{value} 不在 {low} 到 {high} 之间。"),
        N_("请核对数字和单位。"),
        part,
        at,
        name,
        {"value": f"{value:.10g}", "low": f"{low:.10g}", "high": f"{high:.10g}"},
    )
