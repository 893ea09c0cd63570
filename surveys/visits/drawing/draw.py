"""The draw itself: sites, second looks, stories, evaluators, days; all of it or nothing."""

from __future__ import annotations

from surveys.visits.drawing import seconds
from surveys.visits.drawing.assigning import Assigning, lacking
from surveys.visits.drawing.chance import Chance
from surveys.visits.drawing.inputs import Draw, Drawn, Impossible, Inputs, Lack, Table
from surveys.visits.drawing.siting import Room, Slot, find_sites
from surveys.visits.drawing.timing import Timing, give_stories

#: How many ways of drawing sites are tried before the second looks are called impossible.
TRIES = 20


def needed(inputs: Inputs) -> int:
    """How many visits a draw has, second looks included: as many codes it needs."""
    return sum(max(0, quota.count) for quota in inputs.quotas) + seconds.count(inputs)


def run(inputs: Inputs, seed: str) -> Draw:
    """The draw that *inputs* and *seed* give, whenever and wherever it is made.

    Raises `Impossible` with everything that cannot be met; ValueError for too few codes.
    """
    inputs = inputs.ordered()
    if len(inputs.codes) < needed(inputs):
        raise ValueError("too few codes")
    table = Table(inputs)
    room = Room.of(table)
    lack: Lack | None = None
    for attempt in range(TRIES):
        chance = Chance(f"{seed}/{attempt}")
        firsts, lacks = find_sites(table, room, chance)
        lacks += lacking(table)
        if lacks:
            raise Impossible(tuple(lacks))
        again = seconds.choose(table, room, firsts, chance)
        if isinstance(again, Lack):
            lack = again if lack is None or _better(again, lack) else lack
            continue
        return _finish(table, room, [*firsts, *again], chance)
    assert lack is not None
    raise Impossible((lack,))


def _better(one: Lack, other: Lack) -> bool:
    return bool(one.facts["possible"] > other.facts["possible"])


def _finish(table: Table, room: Room, slots: list[Slot], chance: Chance) -> Draw:
    slots.sort(key=lambda each: each.name)
    give_stories(table, room, slots, chance)
    warnings = Assigning(table, slots, chance).assign()
    Timing(table, room, chance).give_days(slots)
    code = {slot.name: code for slot, code in zip(slots, table.inputs.codes, strict=False)}
    span = table.inputs.span
    visits = tuple(
        Drawn(
            code[slot.name],
            slot.city,
            slot.form,
            slot.site,
            slot.story,
            slot.alias,
            slot.first,
            slot.first + span - 1,
            code[slot.looks_at.name] if slot.looks_at else "",
        )
        for slot in slots
    )
    return Draw(visits, tuple(warnings))
