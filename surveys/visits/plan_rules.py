"""What a plan must say. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from evaluation.platform.errors import Fault
from evaluation.platform.i18n import N_
from surveys.visits import rules
from surveys.visits.kinds import KINDS

MOST_DAYS_OF_REST = 730


@dataclass(frozen=True)
class PlanEntry:
    """A plan as somebody gives it. ``second_percent`` of its visits are looked at again."""

    title: str
    opens_at: datetime | None
    closes_at: datetime | None
    second_percent: int | None = 10
    site_days: int | None = 30
    story_days: int | None = 90
    forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    def facts(self) -> dict[str, Any]:
        """As the audit log keeps it: how many are left out, not who."""
        return {
            "title": self.title,
            "opens": self.opens_at.isoformat() if self.opens_at else None,
            "closes": self.closes_at.isoformat() if self.closes_at else None,
            "second_percent": self.second_percent,
            "site_days": self.site_days,
            "story_days": self.story_days,
            "forms": {code: sorted(kinds) for code, kinds in self.forms.items()},
            "left_out": len(self.left_out),
        }


def faults(entry: PlanEntry, known_forms: Collection[str], now: datetime) -> Iterator[Fault]:
    """Everything wrong with a plan; ``column`` names the field."""
    if not entry.title.strip():
        yield Fault("plan-title", N_("请填写计划名称。"), column="title")
    elif len(entry.title) > 200:
        yield Fault("plan-title", N_("名称最多 200 个字。"), column="title")
    yield from rules.window_faults(entry.opens_at, entry.closes_at, now)
    for value, most, column in (
        (entry.second_percent, 100, "second_percent"),
        (entry.site_days, MOST_DAYS_OF_REST, "site_days"),
        (entry.story_days, MOST_DAYS_OF_REST, "story_days"),
    ):
        if value is None or not 0 <= value <= most:
            yield Fault(
                "plan-number", N_("请填 0 到 {most} 的整数。"), "", {"most": most}, column=column
            )
    if not entry.forms:
        yield Fault("plan-forms", N_("请至少选择一个表单。"), column="forms")
    for code, kinds in entry.forms.items():
        if code not in known_forms:
            yield Fault(
                "plan-form", N_("没有已发布的表单“{form}”。"), "", {"form": code}, column="forms"
            )
        if not set(kinds) <= KINDS.keys():
            yield Fault("plan-kinds", N_("没有这种场所类型。"), column="forms")


def quota_faults(
    counts: Mapping[tuple[str, str], int | None], cities: Collection[str], forms: Collection[str]
) -> Iterator[Fault]:
    """Everything wrong with quotas by (city, form); None stands for what was no number."""
    for (city, form), count in counts.items():
        if city not in cities or form not in forms:
            yield Fault("quota-place", N_("没有这个市州或表单。"), column=quota_field(city, form))
        elif count is None or not 0 <= count <= rules.MOST_QUOTA:
            yield Fault(
                "quota-number",
                N_("请填 0 到 {most} 的整数。"),
                "",
                {"most": rules.MOST_QUOTA},
                column=quota_field(city, form),
            )
    total = sum(count or 0 for count in counts.values())
    if total > rules.MOST_VISITS:
        yield Fault(
            "quota-total",
            N_("一个计划最多 {most} 次访查，现在是 {total} 次。"),
            N_("请分成几个计划。"),
            {"most": rules.MOST_VISITS, "total": total},
        )


def quota_field(city: str, form: str) -> str:
    """The name of a quota's field on the page."""
    return f"q-{city}-{form}"
