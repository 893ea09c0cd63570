"""What follows an objection: two answers, then a decision by somebody who had no part in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from evaluation.framework import methods
from evaluation.platform import audit, clock
from evaluation.platform.audit import Actor
from evaluation.platform.errors import Fault, Faulty, NotFound
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.i18n import N_
from evaluation.rounds import rules as round_rules
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from scoring.objections import attaching, rules, store
from scoring.objections.attaching import Upload
from scoring.objections.models import Objection, ObjectionAnswer
from scoring.runs import service as runs
from surveys.observations import rules as observations
from surveys.observations import store as observed
from surveys.observations.correcting import correct
from surveys.observations.rules import Given
from surveys.observations.scope import indicator_of, subject


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision. ``value`` (in the indicator's unit) and ``not_applicable`` count if accepted."""

    accepted: bool
    reasons: str
    value: float | None = None
    not_applicable: bool = False


def answer(
    session: Session,
    files: EvidenceStore,
    who: Actor,
    found: Round,
    city: str,
    indicator: str,
    text: str,
    uploads: Sequence[Upload] = (),
) -> ObjectionAnswer:
    """What one side says, once; late answers count until the decision.

    Raises `Faulty`, `rules.Overtaken`, `NotFound` for somebody of neither side.
    """
    side = rules.SIDE_OF.get(who.role)
    if side is None:
        raise NotFound
    held = _filed(session, found, city, indicator)
    answers = store.answers_of(session, [held.id])
    if any(each.side == side for each in answers):
        raise rules.Overtaken(state=held.state, what=N_("您这一方已经答复过。"))
    faults = [*_text_faults(text, "text", N_("请写明答复意见。"))]
    refused, added_files = attaching.attach(session, files, who, held, uploads)
    if faults or refused:
        raise Faulty([*faults, *refused])
    added = ObjectionAnswer(
        objection_id=held.id, side=side, text=text.strip(), by=who.username, at=clock.now()
    )
    session.add(added)
    held.revision += 1
    session.flush()
    audit.record(
        session,
        who,
        "objection.answered",
        subject(found, city, indicator),
        after={
            "code": held.code,
            "side": side,
            "text": added.text,
            "late": added.at > held.answer_due_at,
            "files": [each.sha256 for each in added_files],
        },
    )
    return added


def decide(
    session: Session,
    files: EvidenceStore,
    who: Actor,
    found: Round,
    city: str,
    indicator: str,
    verdict: Verdict,
    *,
    read: int,
) -> Objection:
    """Accept or reject. Accepting records the value as found on review and scores the round.

    Raises `rules.Overtaken` when somebody decided or answered meanwhile, `rules.MayNotDecide`,
    `rules.AnswersFirst`, `Faulty`, and what a run raises (`scoring.runs.rules.NotScorable`).
    """
    held = _filed(session, found, city, indicator)
    answers = store.answers_of(session, [held.id])
    why = rules.hindrance(
        who.role,
        who.username,
        scored_by=store.run(session, held.run_id).scored_by,
        filed_by=held.filed_by,
        answered_by={each.by for each in answers},
    )
    if why:
        raise rules.MayNotDecide(why=why)
    if held.revision != read:
        raise rules.Overtaken(state=held.state, what=N_("您打开页面之后有新的答复，"))
    now = clock.now()
    if not rules.heard({each.side for each in answers}, held.answer_due_at, now):
        raise rules.AnswersFirst
    faults = [*_text_faults(verdict.reasons, "decision", N_("请写明复核理由。"))]
    if verdict.accepted:
        faults += _value_faults(session, found, held, verdict)
    if faults:
        raise Faulty(faults)
    held.state = rules.move(held.state, rules.ACCEPTED if verdict.accepted else rules.REJECTED)
    held.decided_by, held.decided_at, held.decision = who.username, now, verdict.reasons.strip()
    if verdict.accepted:
        held.decided_value, held.decided_not_applicable = verdict.value, verdict.not_applicable
    held.revision += 1
    session.flush()
    audit.record(
        session,
        who,
        f"objection.{held.state}",
        subject(found, city, indicator),
        before={"state": rules.FILED},
        after={
            "code": held.code,
            "reasons": held.decision,
            "value": "NA" if held.decided_not_applicable else held.decided_value,
            "late": now > held.decision_due_at,
        },
    )
    if verdict.accepted:
        _carry_out(session, files, who, found, held)
    return held


def _carry_out(
    session: Session, files: EvidenceStore, who: Actor, found: Round, held: Objection
) -> None:
    """A new observation in place of the old one, and a new run of it."""
    evidence = tuple(
        each.sha256 for each in store.files_of(session, [held.id]) if each.kind == rules.EVIDENCE
    )
    correct(
        session,
        who,
        found,
        Given(
            city=held.city,
            indicator=held.indicator,
            method=methods.REVIEW,
            value=held.decided_value,
            not_applicable=held.decided_not_applicable,
            source=f"异议复核（{held.code}）",
            evidence=evidence,
            reason=held.decision,
        ),
        authority=f"objection:{held.code}",
        states={round_rules.OBJECTION},
    )
    ran = runs.score_round(session, files, who, found, note=f"异议 {held.code} 予以采纳")
    held.new_run_id = ran.run.id
    session.flush()


def _filed(session: Session, found: Round, city: str, indicator: str) -> Objection:
    """The objection, held, while it waits for answers and a decision. Raises `Overtaken`."""
    found = rounds.lock(session, found)
    held = store.live(session, found, city, indicator)
    if held is None or held.state == rules.DRAFT:
        raise NotFound(city=city, indicator=indicator)
    if held.state != rules.FILED:
        raise rules.Overtaken(state=held.state)
    if found.state != round_rules.OBJECTION:
        raise rules.NotFedBack(state=found.state)
    return held


def _value_faults(session: Session, found: Round, held: Objection, verdict: Verdict) -> list[Fault]:
    node = indicator_of(rounds.framework(found), held.city, held.indicator)
    faults = list(
        observations.check_value(node, verdict.value, not_applicable=verdict.not_applicable)
    )
    if faults:
        return faults
    present = observed.of_cell(session, found.id, held.city, held.indicator)
    now = next((each for each in present if each.adopted), None)
    same = now is not None and (now.value, now.not_applicable) == (
        verdict.value,
        verdict.not_applicable,
    )
    if not same:
        return []
    return [
        Fault(
            "same-value",
            N_("与现在采用的值相同，采纳后什么也不会改变。"),
            N_("请填写复核认定的值；不需要改动时选“不予采纳”。"),
            column="value",
        )
    ]


def _text_faults(text: str, column: str, empty: str) -> list[Fault]:
    if not text.strip():
        return [Fault("no-text", empty, column=column)]
    if len(text.strip()) > rules.MAX_TEXT:
        return [
            Fault(
                "too-long",
                N_("最多 {most} 个字，请把详细内容放进附件。"),
                "",
                {"most": rules.MAX_TEXT},
                column=column,
            )
        ]
    return []
