"""Records that wait: how long, for whom, for what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from surveys.control import rules, store
from surveys.control.lens import Lens, Line
from surveys.control.store import Waiting
from surveys.forms.document import FormDocument
from surveys.submissions.rules import APPROVED, INCOMPLETE, RECEIVED, RETURNED

AGED = (RECEIVED, APPROVED, RETURNED, INCOMPLETE)
Since = Mapping[int, datetime]


def since(lens: Lens, waiting: Sequence[Waiting]) -> dict[int, datetime]:
    """When each record came into the state in which it waits."""
    returned = store.returned_at(lens.session, lens.round.id)
    found = {}
    for each in waiting:
        then = {
            APPROVED: each.approved_at,
            RETURNED: returned.get(each.id),
            RECEIVED: each.completed_at,
        }.get(each.state)
        found[each.id] = then or each.received_at
    return found


def ages(lens: Lens, waiting: Sequence[Waiting], since: Since) -> dict[str, list[int]]:
    """How many records have waited how long, by state."""
    found = {state: [0] * len(rules.AGES) for state in AGED}
    for each in waiting:
        found[each.state][rules.age(lens.now - since[each.id])] += 1
    return found


def incomplete(lens: Lens, waiting: Sequence[Waiting], since: Since) -> list[Line]:
    """Records whose files have not all arrived, with the questions that asked for them."""
    partial = [each for each in waiting if each.state == INCOMPLETE]
    gone = store.missing(lens.session, {each.edition_id for each in partial if each.edition_id})
    found = []
    for each in partial:
        document = lens.document(each.version_id)
        names = gone.get(each.edition_id or 0, ())
        why = tuple(_label(document, name) for name in names)
        found.append(lens.line(each, since[each.id], why=why))
    return found


def returned(lens: Lens, waiting: Sequence[Waiting], since: Since) -> list[Line]:
    """Records that are with their evaluators, the longest first."""
    mine = [each for each in waiting if each.state == RETURNED]
    return [lens.line(each, since[each.id]) for each in sorted(mine, key=lambda e: since[e.id])]


def _label(document: FormDocument | None, name: str) -> str:
    question = document.by_name.get(name) if document else None
    return str(question.label) if question and str(question.label) else name
