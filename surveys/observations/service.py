"""Recording observations by any method, and adopting one for each city and indicator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from evaluation.framework.tree import Framework
from evaluation.platform import audit, clock
from evaluation.platform.audit import Actor
from evaluation.platform.errors import Fault, Faulty
from evaluation.rounds.models import Round
from surveys.observations import rules, store
from surveys.observations.adoption import adopt, follow_rule, readopt
from surveys.observations.models import Observation
from surveys.observations.rules import Given, Recorded
from surveys.observations.scope import require_open, subject
from surveys.observations.store import Key, Row

__all__ = [
    "Given",
    "Recorded",
    "adopt",
    "adopted",
    "follow_rule",
    "record",
    "record_many",
    "withdraw",
]

adopted = store.adopted


def record(
    session: Session,
    who: Actor,
    round: Round,  # noqa: A002 - the story's own noun
    *,
    city: str,
    indicator: str,
    method: str,
    value: float | None,
    not_applicable: bool = False,
    unit: str = "",
    source: str = "",
    evidence: Iterable[str] = (),
    reason: str = "",
) -> Observation:
    """Record what *method* says of a city and indicator; the same again changes nothing.

    Raises `Faulty` for an unknown city, indicator or method, one that the framework does not
    allow, a value outside its bounds or not finite; `RoundClosed` once the round is scored.
    """
    given = Given(
        city, indicator, method, value, not_applicable, unit, source, tuple(evidence), reason
    )
    record_many(session, who, round, [given])
    held = store.of_cell(session, round.id, city, indicator)
    return next(each for each in held if each.method == method)


def record_many(
    session: Session,
    who: Actor,
    round: Round,  # noqa: A002
    rows: Iterable[Given],
    *,
    about: Mapping[str, Any] | None = None,
) -> Recorded:
    """Record many values under one audit row, which holds every change and *about*.

    All or nothing: raises `Faulty` with every fault (a fault's ``row`` counts *rows* from 1),
    `RoundClosed` once the round is scored.
    """
    given = list(rows)
    framework = require_open(session, round)
    _refuse_faults(framework, given)
    cities = {each.city for each in given}
    held = {(r.city, r.indicator, r.method): r for r in store.rows(session, round.id, cities)}
    changes = _write(session, who, round, framework, given, held)
    if not changes:
        return Recorded(0, 0)
    touched = {(city, indicator) for city, indicator, *_rest in changes}
    moves = readopt(session, framework, round.id, touched)
    one = changes[0] if len(changes) == 1 and about is None else None
    audit.record(
        session,
        who,
        "observation.recorded" if one else "observations.recorded",
        subject(round, one[0], one[1]) if one else f"round:{round.code}",
        after={**(about or {}), "changes": changes, "adopted": moves},
    )
    return Recorded(len(changes), len(moves))


def withdraw(
    session: Session,
    who: Actor,
    round: Round,  # noqa: A002
    keys: Iterable[Key],
    *,
    reason: str,
) -> int:
    """Take back values (city, indicator, method), such as a filing returned after acceptance.

    What is not there is passed over. Raises `RoundClosed` once the round is scored.
    """
    framework = require_open(session, round)
    wanted = set(keys)
    held = store.rows(session, round.id, {key[0] for key in wanted})
    gone = [r for r in held if (r.city, r.indicator, r.method) in wanted]
    if not gone:
        return 0
    store.delete(session, [r.id for r in gone])
    moves = readopt(session, framework, round.id, {(r.city, r.indicator) for r in gone})
    audit.record(
        session,
        who,
        "observations.withdrawn",
        f"round:{round.code}",
        after={
            "changes": [[r.city, r.indicator, r.method, shown(r), None] for r in gone],
            "adopted": moves,
            "reason": reason,
        },
    )
    return len(gone)


def shown(row: Row | Given) -> float | str | None:
    """A value as the audit log keeps it: a number, or ``NA``."""
    return "NA" if row.not_applicable else row.value


def _refuse_faults(framework: Framework, given: Sequence[Given]) -> None:
    faults: list[Fault] = []
    seen: set[Key] = set()
    for at, each in enumerate(given, 1):
        found = rules.check(framework, each)
        faults += (replace(fault, row=at) if len(given) > 1 else fault for fault in found)
        key = (each.city, each.indicator, each.method)
        if key in seen:
            faults.append(rules.repeated(at))
        seen.add(key)
    if faults:
        raise Faulty(faults)


def _write(
    session: Session,
    who: Actor,
    round: Round,  # noqa: A002
    framework: Framework,
    given: Sequence[Given],
    held: Mapping[Key, Row],
) -> list[list[Any]]:
    now = clock.now()
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    changes: list[list[Any]] = []
    for each in given:
        row = held.get((each.city, each.indicator, each.method))
        said: dict[str, Any] = {
            "value": None if each.value is None else float(each.value) + 0.0,
            "not_applicable": each.not_applicable,
            "unit": each.unit or framework.by_code[each.indicator].unit,
            "source": each.source[:255],
            "visits": each.visits,
            "spread": each.spread,
            "evidence": list(each.evidence),
            "reason": each.reason,
        }
        if row is not None and all(getattr(row, name) == is_ for name, is_ in said.items()):
            continue
        said |= {"recorded_by": who.username, "recorded_at": now}
        said["revision"] = 1 if row is None else row.revision + 1
        if row is None:
            key = {"city": each.city, "indicator": each.indicator, "method": each.method}
            new.append({"round_id": round.id, **key, "adopted": False, "chosen_reason": "", **said})
        else:
            changed.append({"id": row.id, **said})
        before = None if row is None else shown(row)
        changes.append([each.city, each.indicator, each.method, before, shown(each)])
    store.insert(session, new)
    store.update(session, changed)
    return changes
