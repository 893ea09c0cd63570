"""Blind second looks: the same site and form, another evaluator, story and day."""

from __future__ import annotations

from surveys.visits.drawing import days
from surveys.visits.drawing.chance import Chance
from surveys.visits.drawing.inputs import Inputs, Lack, Table
from surveys.visits.drawing.siting import Room, Slot

#: Obstacles to a second look, in the order they are asked about.
OBSTACLES = ("visitors", "stories", "days")


def count(inputs: Inputs) -> int:
    """How many second looks a plan has: its share of all visits, rounded, and at least one."""
    total = sum(quota.count for quota in inputs.quotas)
    if not total or not inputs.second_percent:
        return 0
    return max(1, (total * inputs.second_percent + 50) // 100)


def choose(table: Table, room: Room, slots: list[Slot], chance: Chance) -> list[Slot] | Lack:
    """Second looks at visits chosen by chance, one a site at most; or what is lacking."""
    wanted = count(table.inputs)
    at: dict[str, list[Slot]] = {}
    for slot in slots:
        at.setdefault(slot.site, []).append(slot)
    chosen: list[Slot] = []
    blocked = dict.fromkeys(OBSTACLES, 0)
    free = 0
    seen: set[str] = set()
    for slot in chance.shuffled(slots, "second", key=lambda each: each.name):
        obstacle = _obstacle(table, room, slot, at[slot.site])
        if obstacle:
            blocked[obstacle] += 1
        elif slot.site not in seen:
            free += 1
            seen.add(slot.site)
            if len(chosen) < wanted:
                again = Slot(f"{slot.name}/2", slot.city, slot.form, slot.site, looks_at=slot)
                slot.looked_at = again
                chosen.append(again)
    if len(chosen) == wanted:
        return chosen
    for again in chosen:
        assert again.looks_at is not None
        again.looks_at.looked_at = None
    return Lack("seconds", {"wanted": wanted, "possible": free, "visits": len(slots), **blocked})


def positions(inputs: Inputs, allowed: list[int], firsts: int) -> list[int]:
    """Places in the chain of a site's visits at which one can be looked at again."""
    gap = days.gap_of(inputs.span, inputs.site_days)
    return [
        at
        for at in range(firsts)
        if days.earliest(allowed, gaps_with(at, firsts, gap, inputs.span)) is not None
    ]


def gaps_with(at: int, firsts: int, gap: int, span: int) -> list[int]:
    """Days between starts where the visit at place *at* is followed by its second look."""
    return [span if place == at else gap for place in range(firsts)]


def _obstacle(table: Table, room: Room, slot: Slot, here: list[Slot]) -> str:
    if len(table.eligible(slot.city)) < 2:
        return "visitors"
    same = sum(each.form == slot.form for each in here)
    if table.form[slot.form].stories and len(room.stories[slot.site, slot.form]) <= same:
        return "stories"
    if not positions(table.inputs, room.allowed[slot.site], len(here)):
        return "days"
    return ""
