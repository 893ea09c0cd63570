"""What changed between two versions of a framework, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evaluation.framework.method_cells import flatten
from evaluation.framework.methods import method_name
from evaluation.framework.tree import Framework
from evaluation.framework.workbook_columns import HEAD, TABLES, Table
from evaluation.platform.i18n import N_, _

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"
PARTS = {
    "head": N_("体系"),
    "units": N_("参评单位"),
    "zones": N_("分区"),
    "nodes": N_("指标"),
    "measures": N_("整改措施"),
    "method": N_("评分方法"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``code`` identifies the item within ``part``; ``field`` what of it."""

    kind: str
    part: str
    code: str
    name: str = ""
    field: str = ""
    header: str = ""
    before: Any = None
    after: Any = None

    def explain(self) -> str:
        """The difference in the current language."""
        facts = {
            "part": _(PARTS[self.part]),
            "item": f"{self.code} {self.name}".strip(),
            "field": _(self.header) if self.header else self.field,
            "before": shown(self.before, self.field),
            "after": shown(self.after, self.field),
        }
        if self.kind == ADDED:
            return _("新增{part}：{item}", **facts)
        if self.kind == REMOVED:
            return _("删除{part}：{item}", **facts)
        if self.kind == MOVED:
            return _("{part}的排列顺序有变", **facts)
        if self.part == "head":
            return _("{field}由“{before}”改为“{after}”", **facts)
        return _("{part} {item}：{field}由“{before}”改为“{after}”", **facts)

    def __str__(self) -> str:
        return self.explain()


def shown(value: Any, field: str = "") -> str:
    """A value as people read it: 空 for nothing, 是 / 否, 正向 / 逆向, method names."""
    if field == "direction":
        return {1: _("正向"), -1: _("逆向")}.get(value, str(value))
    if field == "methods":
        value = tuple(method_name(key) for key in value or ())
    if value is None or value == "" or value == ():
        return _("（空）")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, tuple | list):
        return "、".join(str(item) for item in value)
    return str(value)


def diff(old: Framework, new: Framework) -> list[Change]:
    """Every difference from *old* to *new*, in the order of the workbook; empty when equal."""
    changes = [
        Change(CHANGED, "head", new.code, new.name, column.key, column.header, before, after)
        for column in HEAD
        if (before := getattr(old, column.key)) != (after := getattr(new, column.key))
    ]
    for table in TABLES:
        changes += _items(table, old, new)
    return [*changes, *_method(old.method, new.method)]


def _items(table: Table, old: Framework, new: Framework) -> Iterator[Change]:
    key = table.columns[0].key
    title = "text" if table.part == "measures" else "name"
    before = {str(getattr(item, key)): item for item in getattr(old, table.part)}
    after = {str(getattr(item, key)): item for item in getattr(new, table.part)}
    for code, item in before.items():
        if code not in after:
            yield Change(REMOVED, table.part, code, getattr(item, title), before=item)
    for code, item in after.items():
        if code not in before:
            yield Change(ADDED, table.part, code, getattr(item, title), after=item)
            continue
        for column in table.columns[1:]:
            was, now = getattr(before[code], column.key), getattr(item, column.key)
            if was != now:
                yield Change(
                    CHANGED, table.part, code, getattr(item, title), column.key, column.header,
                    was, now,
                )  # fmt: skip
    if [c for c in before if c in after] != [c for c in after if c in before]:
        yield Change(MOVED, table.part, "")


def _method(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    before, after = dict(flatten(old)), dict(flatten(new))
    for path in [*before, *(path for path in after if path not in before)]:
        was, now = before.get(path), after.get(path)
        if was != now:
            yield Change(CHANGED, "method", path, "", "value", N_("值"), was, now)
