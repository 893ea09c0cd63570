"""A value corrected after the round was scored: by an accepted objection or a reopening only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy.orm import Session

from evaluation.framework import methods
from evaluation.platform import audit, clock
from evaluation.platform.audit import Actor
from evaluation.platform.errors import Faulty
from evaluation.platform.i18n import _
from evaluation.rounds import rules as round_rules
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.observations import rules, store
from surveys.observations.models import Observation
from surveys.observations.rules import Given
from surveys.observations.scope import indicator_of, subject


def correct(
    session: Session,
    who: Actor,
    round: Round,  # noqa: A002 - the story's own noun
    given: Given,
    *,
    authority: str,
    states: Collection[str],
) -> Observation:
    """Record *given* as the value found on review, adopted in place of every other.

    What was recorded before stays beside it. *authority* is what allows it (``objection:…``,
    ``reopening:…``), for the audit log; *states* are those of the round in which it may. The
    method of *given* is always `methods.REVIEW`. Raises `RoundClosed`, `NotFound`, `Faulty`,
    `rules.ChoiceNeedsReason`.
    """
    found = rounds.lock(session, round)
    if found.state not in states:
        raise round_rules.RoundClosed(state=_(round_rules.STATES[found.state]))
    given = replace(given, method=methods.REVIEW, reason=given.reason.strip())
    node = indicator_of(rounds.framework(found), given.city, given.indicator)
    if not given.reason:
        raise rules.ChoiceNeedsReason
    faults = list(rules.check_value(node, given.value, not_applicable=given.not_applicable))
    if faults:
        raise Faulty(faults)
    present = store.of_cell(session, found.id, given.city, given.indicator)
    now = next((each for each in present if each.adopted), None)
    held = next((each for each in present if each.method == methods.REVIEW), None)
    if now is not None and now is not held:
        store.set_adopted(session, [now.id], [])
    before = None if now is None else [now.method, "NA" if now.not_applicable else now.value]
    if held is None:
        held = Observation(
            round_id=found.id,
            city=given.city,
            indicator=given.indicator,
            method=methods.REVIEW,
            revision=0,
        )
        session.add(held)
    held.value = None if given.value is None else float(given.value) + 0.0
    held.not_applicable = given.not_applicable
    held.unit = given.unit or node.unit
    held.source = given.source[:255]
    held.evidence = list(given.evidence)
    held.reason = held.chosen_reason = given.reason
    held.adopted = True
    held.chosen_by = held.recorded_by = who.username
    held.recorded_at = clock.now()
    held.revision += 1
    found.revision += 1
    session.flush()
    audit.record(
        session,
        who,
        "observation.corrected",
        subject(found, given.city, given.indicator),
        before={"adopted": before},
        after={
            "value": "NA" if given.not_applicable else held.value,
            "reason": given.reason,
            "authority": authority,
        },
    )
    return held
