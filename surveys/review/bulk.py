"""One step for many records: each keeps the rules on its own, and each is told of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from evaluation.platform.errors import DomainError, Fault, Faulty
from evaluation.platform.i18n import N_, _
from surveys.forms import documents
from surveys.forms import store as forms
from surveys.forms.models import Form
from surveys.review import rules, service, store
from surveys.review.cases import Seen
from surveys.review.desk import Desk
from surveys.submissions.rules import STATES

#: As many as a page of the queue shows.
MOST = 50
ACTIONS = (rules.APPROVE, rules.ACCEPT, rules.RETURN)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record; ``text`` says its state, or why it was left as it is."""

    code: str
    done: bool
    text: str


def take_all(
    session: Session,
    desk: Desk,
    action: str,
    chosen: Iterable[tuple[str, Seen]],
    *,
    reason: str = "",
    reasons: Mapping[str, str] | None = None,
) -> list[Outcome]:
    """Take *action* for every record of *chosen*, each wholly or not at all.

    What is refused for one leaves the others; nothing is skipped without being told. Raises
    `Faulty` where nothing or too much was chosen.
    """
    told = list(dict.fromkeys(chosen))
    if not told:
        raise Faulty([Fault("nothing-chosen", N_("还没有选择记录。"), N_("请在表中勾选。"))])
    if len(told) > MOST:
        raise Faulty([Fault("too-many", N_("一次最多处理 {most} 份。"), "", {"most": MOST})])
    return [_one(session, desk, action, code, seen, reason, reasons) for code, seen in told]


def offered(desk: Desk, state: str) -> list[str]:
    """What this person may do with several records in *state* (in any, where it is empty)."""
    steps = (rules.BY_ACTION[action] for action in ACTIONS)
    return [
        step.action
        for step in steps
        if desk.who.role in step.roles and (not state or state in step.sources)
    ]


def questions(session: Session, desk: Desk, form: Form) -> list[tuple[str, str]]:
    """Path and label of what may be returned together: questions of a form's newest version."""
    version = forms.newest_published(session, form.code)
    if version is None:
        return []
    return [
        (question.path, str(question.label) or question.name)
        for question in documents.document(desk.store, version).asked()
        if question.name != "visit" and not question.repeat
    ]


def _one(
    session: Session,
    desk: Desk,
    action: str,
    code: str,
    seen: Seen,
    reason: str,
    reasons: Mapping[str, str] | None,
) -> Outcome:
    try:
        with session.begin_nested():
            held = store.get(session, desk, code)
            step = service.take(session, desk, action, held, seen, reason=reason, reasons=reasons)
            return Outcome(code, True, _(STATES[step.to_state]))
    except DomainError as error:
        return Outcome(code, False, error.explain())
