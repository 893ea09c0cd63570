"""What a framework must satisfy before anybody can be judged by it. Pure; finds everything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from evaluation.framework.checks_tree import check_tree
from evaluation.framework.findings import FILL, Finding, check_code, check_named, outside
from evaluation.framework.tree import Framework, Measure
from evaluation.platform.i18n import N_

__all__ = ["Finding", "check_framework"]


def check_framework(framework: Framework) -> list[Finding]:
    """Every fault, in the order of the workbook; empty when the framework may be used."""
    return [
        *_head(framework),
        *_units(framework),
        *_zones(framework),
        *check_tree(framework.nodes),
        *_measures(framework),
    ]


def _head(framework: Framework) -> Iterator[Finding]:
    yield from check_code("head", None, framework.code)
    if not framework.name:
        yield Finding("empty-name", N_("名称是空的。"), FILL, "head", None, "name")


def _units(framework: Framework) -> Iterator[Finding]:
    yield from check_named("units", framework.units)
    if not framework.units:
        yield Finding("no-units", N_("没有参评单位。"), N_("请至少填写一个参评单位。"), "units")
    zones = {zone.code for zone in framework.zones}
    for at, unit in enumerate(framework.units):
        for zone in unit.zones:
            if zone not in zones:
                yield Finding(
                    "unknown-zone",
                    N_("没有代码为“{value}”的分区。"),
                    N_("请改为“分区”表里的代码，或先在“分区”表里增加。"),
                    "units",
                    at,
                    "zones",
                    {"value": zone},
                )
        for name, low, high in (
            ("population", 0.0, 1e6),
            ("lon", -180.0, 180.0),
            ("lat", -90.0, 90.0),
        ):
            value = getattr(unit, name)
            if value is not None and not low <= value <= high:
                yield outside("units", at, name, value, low, high)


def _zones(framework: Framework) -> Iterator[Finding]:
    yield from check_named("zones", framework.zones)


def _measures(framework: Framework) -> Iterator[Finding]:
    codes = {node.code for node in framework.nodes}
    seen: set[int] = set()
    for at, measure in enumerate(framework.measures):
        if measure.no < 1 or measure.no in seen:
            yield Finding(
                "bad-number",
                N_("序号 {value} 重复或小于 1。"),
                N_("请使用从 1 起、互不重复的整数。"),
                "measures",
                at,
                "no",
                {"value": measure.no},
            )
        seen.add(measure.no)
        if not measure.text:
            yield Finding("empty-text", N_("内容是空的。"), FILL, "measures", at, "text")
        if measure.deadline and not _is_day(measure):
            yield Finding(
                "bad-date",
                N_("“{value}”不是日期。"),
                N_("请填日期，例如 2026-12-31。"),
                "measures",
                at,
                "deadline",
                {"value": measure.deadline},
            )
        for code in measure.indicators:
            if code not in codes:
                yield Finding(
                    "unknown-indicator",
                    N_("没有代码为“{value}”的指标。"),
                    N_("请改为“指标”表里的代码。"),
                    "measures",
                    at,
                    "indicators",
                    {"value": code},
                )


def _is_day(measure: Measure) -> bool:
    try:
        return date.fromisoformat(measure.deadline).isoformat() == measure.deadline
    except ValueError:
        return False
