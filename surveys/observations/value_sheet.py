"""The shape of a values workbook: one row a city, one column an indicator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from evaluation.framework.tree import Framework, Node
from evaluation.platform.errors import Fault
from surveys.observations import rules

SHEET = "数据"
CITY_HEADERS = frozenset({"城市代码", "单位代码", "参评单位代码", "city", "code", "unit"})
NAME_HEADERS = frozenset({"城市名称", "城市", "单位名称", "参评单位", "名称", "name"})
#: A row whose first cell is one of these describes the columns and holds no values.
LABELS = ("指标名称", "计量单位", "填写范围")
LABEL_WORDS = frozenset({*LABELS, "单位", "范围", "指标", "label", "labels", "range"})
NOT_APPLICABLE = "不适用"
NOT_APPLICABLE_WORDS = frozenset({NOT_APPLICABLE, "NA", "N/A"})

#: A number, not applicable (True) or nothing given.
Given = float | bool | None
Cell = tuple[str, str]  # city, indicator


@dataclass
class Values:
    """What a file says: cities down, indicators across; ``columns`` has one list an indicator.

    In a column True stands for not applicable and None for a cell left blank.
    """

    cities: list[str] = field(default_factory=list)
    columns: dict[str, list[Given]] = field(default_factory=dict)
    warnings: list[Fault] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Cells that hold something."""
        return sum(len(column) - column.count(None) for column in self.columns.values())

    def differing(self, present: Mapping[Cell, float | bool]) -> dict[Cell, float | bool]:
        """The given cells that are not already *present* with an equal value."""
        found: dict[Cell, float | bool] = {}
        for indicator, column in self.columns.items():
            for city, value in zip(self.cities, column, strict=True):
                if value is None:
                    continue
                now = present.get((city, indicator))
                if now is None or (now is True) != (value is True) or now != value:
                    found[city, indicator] = value
        return found


def columns_of(framework: Framework, method: str) -> list[Node]:
    """The indicators that *method* may supply, in the framework's order."""
    return [node for node in framework.indicators if rules.may_supply(node, method)]
