"""One adopted observation for each city and indicator: by the rule, or chosen by the office."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from evaluation.framework.methods import method_name
from evaluation.framework.tree import Framework
from evaluation.platform import audit
from evaluation.platform.audit import Actor
from evaluation.rounds.models import Round
from surveys.observations import rules, store
from surveys.observations.scope import indicator_of, require_open, subject
from surveys.observations.store import Row


def readopt(
    session: Session, framework: Framework, round_id: int, cells: Collection[tuple[str, str]]
) -> list[list[str | None]]:
    """Apply the rule to *cells*; a choice made by hand stays while its value is there.

    Returns ``[city, indicator, method before, method after]`` of every cell that changed.
    """
    held: dict[tuple[str, str], list[Row]] = {}
    for row in store.rows(session, round_id, {city for city, _indicator in cells}):
        if (row.city, row.indicator) in cells:
            held.setdefault((row.city, row.indicator), []).append(row)
    off: list[int] = []
    on: list[int] = []
    moves: list[list[str | None]] = []
    for city, indicator in sorted(cells):
        present = held.get((city, indicator), [])
        now = next((row for row in present if row.adopted), None)
        if now is not None and now.chosen_by:
            continue
        node = framework.by_code[indicator]
        wanted = rules.preferred(node, (row.method for row in present))
        if (now.method if now else None) == wanted:
            continue
        if now is not None:
            off.append(now.id)
        on += (row.id for row in present if row.method == wanted)
        moves.append([city, indicator, now.method if now else None, wanted])
    store.set_adopted(session, off, on)
    return moves


def adopt(
    session: Session,
    who: Actor,
    round: Round,  # noqa: A002 - the story's own noun
    city: str,
    indicator: str,
    method: str,
    reason: str,
) -> None:
    """Adopt *method*'s value by hand, against the rule or with it; it stays until changed.

    Raises `NotFound`, `RoundClosed`, `rules.ChoiceNeedsReason`, `rules.NotObserved`.
    """
    indicator_of(require_open(session, round), city, indicator)
    if not reason.strip():
        raise rules.ChoiceNeedsReason
    present = store.of_cell(session, round.id, city, indicator)
    now = next((each for each in present if each.adopted), None)
    wanted = next((each for each in present if each.method == method), None)
    if wanted is None:
        raise rules.NotObserved(method=method_name(method))
    store.set_adopted(session, [now.id] if now else [], [wanted.id])
    store.update(
        session,
        [{"id": wanted.id, "chosen_by": who.username, "chosen_reason": reason.strip()}],
    )
    audit.record(
        session,
        who,
        "observation.adopted",
        subject(round, city, indicator),
        before={"method": now.method if now else None},
        after={"method": method, "reason": reason.strip()},
    )


def follow_rule(
    session: Session,
    who: Actor,
    round: Round,  # noqa: A002
    city: str,
    indicator: str,
    reason: str,
) -> None:
    """Give a choice made by hand back to the rule. Raises as `adopt` does."""
    framework = require_open(session, round)
    indicator_of(framework, city, indicator)
    if not reason.strip():
        raise rules.ChoiceNeedsReason
    present = store.of_cell(session, round.id, city, indicator)
    now = next((each for each in present if each.adopted and each.chosen_by), None)
    if now is None:
        return
    store.update(session, [{"id": now.id, "chosen_by": None, "chosen_reason": ""}])
    moves = readopt(session, framework, round.id, {(city, indicator)})
    audit.record(
        session,
        who,
        "observation.released",
        subject(round, city, indicator),
        before={"method": now.method},
        after={"method": moves[0][3] if moves else now.method, "reason": reason.strip()},
    )
