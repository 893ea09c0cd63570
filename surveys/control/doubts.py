"""Records that ask for a look: too fast, answered alike, with the same photo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from surveys.control.lens import Lens, Line
from surveys.control.queues import Since
from surveys.control.store import Alike, Waiting
from surveys.review import queue_store
from surveys.submissions import pace

#: Noted when a record was received: faster than anybody reads and answers it.
FAST_FLAG = "too-fast"


@dataclass(frozen=True, slots=True)
class Group:
    """Records that have something in common. ``elsewhere`` counts those of other cities or rounds,
    which the reader cannot open here."""

    codes: tuple[str, ...]
    visitors: tuple[str, ...]
    elsewhere: int


def fast(lens: Lens, waiting: Sequence[Waiting], since: Since) -> list[Line]:
    """Visits that took less than a third of what the script, or visits like it, take."""
    forms = {each.form_id for each in waiting}
    held = queue_store.durations(lens.session, lens.round.id, forms)
    typical = {form: pace.usual(minutes) for form, minutes in held.items()}
    found = []
    for each in waiting:
        document, minutes = lens.document(each.version_id), _minutes(each)
        script = pace.script_minutes(document.kit) if document else None
        expected = pace.yardstick(minutes, script, typical.get(each.form_id))
        if expected is not None or FAST_FLAG in (each.flags or ()):
            found.append(lens.line(each, since[each.id], minutes=minutes, expected=expected))
    return found


def groups(lens: Lens, rows: Sequence[Alike]) -> list[Group]:
    """Records by what they have in common, the largest group first; the same group once."""
    by_hash: dict[str, list[Alike]] = {}
    for row in rows:
        by_hash.setdefault(row.what, []).append(row)
    found = set()
    for held in by_hash.values():
        mine = [row for row in held if row.round_id == lens.round.id and lens.sees(row.city)]
        visitors = sorted({lens.visitor(row.evaluator) for row in mine})
        codes = sorted(row.code for row in mine)
        found.add(Group(tuple(codes), tuple(visitors), len(held) - len(mine)))
    return sorted(found, key=lambda each: (-len(each.codes) - each.elsewhere, each.codes))


def _minutes(each: Waiting) -> float | None:
    if each.started_at is None or each.ended_at is None:
        return None
    took = (each.ended_at - each.started_at).total_seconds() / 60
    return took if took >= 0 else None
