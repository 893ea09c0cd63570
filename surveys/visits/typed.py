"""What was typed on the pages of plans, as plans understand it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from evaluation.platform import clock
from surveys.visits.kinds import KINDS
from surveys.visits.plan_rules import PlanEntry, quota_field


def number(text: str) -> int | None:
    """A whole number of at most six digits; None for anything else."""
    said = text.strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 6 else None


def revision(data: Mapping[str, str]) -> int:
    """The revision a page was read at; 0 for what is no number."""
    return number(data.get("revision", "")) or 0


def plan_entry(
    data: Mapping[str, str], forms: Iterable[str], pool: Iterable[str], timezone: str
) -> PlanEntry:
    """A plan from its form; whoever of the *pool* is not ticked is left out."""
    return PlanEntry(
        title=data.get("title", ""),
        opens_at=_day(data.get("opens", ""), timezone, end=False),
        closes_at=_day(data.get("closes", ""), timezone, end=True),
        second_percent=number(data.get("second_percent", "")),
        site_days=number(data.get("site_days", "")),
        story_days=number(data.get("story_days", "")),
        forms={
            form: tuple(kind for kind in KINDS if data.get(f"kind-{form}-{kind}") == "1")
            for form in forms
            if data.get(f"form-{form}") == "1"
        },
        left_out=tuple(name for name in pool if data.get(f"in-{name}") != "1"),
    )


def quotas(
    data: Mapping[str, str], cities: Iterable[str], forms: Iterable[str]
) -> dict[tuple[str, str], int | None]:
    """Quotas from their grid: nothing typed is none, None stands for what is no number."""
    kinds = list(forms)
    found: dict[tuple[str, str], int | None] = {}
    for city in cities:
        for form in kinds:
            said = data.get(quota_field(city, form))
            if said is not None:
                found[city, form] = number(said) if said.strip() else 0
    return found


def _day(text: str, timezone: str, *, end: bool) -> datetime | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return clock.end_of_day(day, timezone) if end else clock.start_of_day(day, timezone)
