"""What a city does: prepare an objection, file it, withdraw it, or say that it has none."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from evaluation.framework.tree import Node
from evaluation.platform import audit, calendar, clock, holidays, pages
from evaluation.platform.audit import Actor
from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.i18n import N_
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from scoring.objections import attaching, rules, store
from scoring.objections.attaching import Upload
from scoring.objections.models import Consent, Objection
from surveys.observations import rules as observations
from surveys.observations.scope import indicator_of, subject

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a city writes. ``value`` in the indicator's unit; None where it asks for no number."""

    reasons: str
    value: float | None = None
    not_applicable: bool = False


def prepare(
    session: Session,
    files: EvidenceStore,
    who: Actor,
    found: Round,
    city: str,
    indicator: str,
    asked: Asked,
    uploads: Sequence[Upload] = (),
    *,
    read: int = 0,
    timezone: str = clock.ZONE,
) -> tuple[Objection, list[Fault]]:
    """Keep a draft: all of it that can be kept, and what could not.

    *read* is the revision that the writer saw, 0 for none. Raises `rules.PeriodOver`,
    `rules.NotFedBack`, `rules.Overtaken`, `NotFound`.
    """
    found = hold_open(session, found, timezone)
    node = indicator_of(rounds.framework(found), city, indicator)
    held = store.live(session, found, city, indicator)
    if held is not None and (held.state != rules.DRAFT or held.revision != read):
        raise rules.Overtaken(state=held.state)
    told = store.feedback(session, found)
    if told is None:
        raise rules.NotFedBack(state=found.state)
    if held is None:
        held = _begin(session, who, found, city, indicator, told.run.id)
    held.run_id = told.run.id
    faults = _faults_of(node, asked)
    held.reasons = asked.reasons.strip()[: rules.MAX_TEXT]
    if not any(fault.column == "value" for fault in faults):
        held.asked_value, held.asked_not_applicable = asked.value, asked.not_applicable
    held.filed_by, held.filed_at = who.username, clock.now()
    held.revision += 1
    session.flush()
    refused, added = attaching.attach(session, files, who, held, uploads)
    audit.record(
        session,
        who,
        "objection.drafted",
        subject(found, city, indicator),
        after={"code": held.code, **_said(held), "files": [each.sha256 for each in added]},
    )
    return held, [*faults, *refused]


def lacking(session: Session, held: Objection) -> list[Fault]:
    """What a draft still needs before it can be filed."""
    faults = []
    if not held.reasons:
        faults.append(Fault("no-reasons", N_("请写明异议理由。"), column="reasons"))
    kinds = {each.kind for each in store.files_of(session, [held.id])}
    if rules.EVIDENCE not in kinds:
        faults.append(Fault("no-evidence", N_("请至少上传一个佐证材料。"), column="evidence"))
    if rules.SIGNATURE not in kinds:
        faults.append(Fault("no-signature", N_("请上传市州主要负责人签字页。"), column="signature"))
    return faults


def file(
    session: Session,
    who: Actor,
    found: Round,
    city: str,
    indicator: str,
    *,
    read: int,
    timezone: str = clock.ZONE,
) -> Objection:
    """File a draft; both clocks start. A consent given before is taken back by it.

    Raises `Faulty` with all that is missing, `rules.PeriodOver`, `rules.NotFedBack`,
    `rules.Overtaken`.
    """
    found = hold_open(session, found, timezone)
    held = _held(session, found, city, indicator, read)
    held.state = rules.move(held.state, rules.FILED)
    faults = lacking(session, held)
    if faults:
        raise Faulty(faults)
    now = clock.now()
    today, off = clock.local(now, timezone).date(), holidays.exceptions(session)
    held.filed_by, held.filed_at = who.username, now
    held.answer_due_at = clock.end_of_day(calendar.after(today, rules.ANSWER_DAYS, off), timezone)
    held.decision_due_at = clock.end_of_day(
        calendar.after(today, rules.DECISION_DAYS, off), timezone
    )
    held.revision += 1
    agreed = store.consent_row(session, found, city)
    if agreed is not None:
        session.delete(agreed)
    session.flush()
    audit.record(
        session,
        who,
        "objection.filed",
        subject(found, city, indicator),
        before={"state": rules.DRAFT, "consented": agreed is not None},
        after={
            "code": held.code,
            **_said(held),
            "answers_due": held.answer_due_at.isoformat(),
            "decision_due": held.decision_due_at.isoformat(),
        },
    )
    return held


def withdraw(
    session: Session, who: Actor, found: Round, city: str, indicator: str, *, read: int
) -> Objection:
    """Take back a draft, or an objection that nobody has answered yet.

    Raises `rules.Overtaken` once it was answered or decided.
    """
    found = rounds.lock(session, found)
    held = _held(session, found, city, indicator, read)
    if store.answers_of(session, [held.id]):
        raise rules.Overtaken(state=held.state, what=N_("已有答复，不能再撤回。"))
    before = held.state
    held.state = rules.move(held.state, rules.WITHDRAWN)
    held.revision += 1
    session.flush()
    audit.record(
        session,
        who,
        "objection.withdrawn",
        subject(found, city, indicator),
        before={"state": before},
        after={"code": held.code},
    )
    return held


def consent(
    session: Session, who: Actor, found: Round, city: str, *, timezone: str = clock.ZONE
) -> Consent:
    """The city has no objection, or none besides those it filed; said again, it stays.

    Raises `rules.DraftWaiting`, `rules.PeriodOver`, `rules.NotFedBack`.
    """
    found = hold_open(session, found, timezone)
    drafts = [e for e in store.listed(session, found, {city}) if e.state == rules.DRAFT]
    if drafts:
        raise rules.DraftWaiting(count=len(drafts))
    return _agree(session, who, found, city, {})


def consent_on_paper(
    session: Session,
    who: Actor,
    found: Round,
    cities: Sequence[str],
    *,
    reference: str,
    timezone: str = clock.ZONE,
) -> list[Consent]:
    """The office enters that cities agreed in writing, and in which letter.

    Raises `Faulty` without a reference or a city, `rules.PeriodOver`, `rules.NotFedBack`.
    """
    found = hold_open(session, found, timezone)
    units = rounds.framework(found).unit_by_code
    faults = []
    if not reference.strip():
        faults.append(Fault("no-reference", N_("请写明来函文号或依据。"), column="reference"))
    if not cities or any(city not in units for city in cities):
        faults.append(Fault("no-cities", N_("请选择至少一个市州。"), column="cities"))
    if faults:
        raise Faulty(faults)
    said = {"on_paper": reference.strip()[:500]}
    return [_agree(session, who, found, city, said) for city in cities]


def hold_open(session: Session, found: Round, timezone: str) -> Round:
    """Hold a round in which cities may object now. Raises `rules.PeriodOver`, `NotFedBack`."""
    found = rounds.lock(session, found)
    if rules.is_open(found.state, found.objection_closes_at, clock.now()):
        return found
    if found.state in rules.FED_BACK and found.objection_closes_at is not None:
        raise rules.PeriodOver(when=pages.moment(found.objection_closes_at, timezone))
    raise rules.NotFedBack(state=found.state)


def _begin(
    session: Session, who: Actor, found: Round, city: str, indicator: str, run: int
) -> Objection:
    code = "".join(secrets.choice(LETTERS) for _letter in range(8))
    now = clock.now()
    added = Objection(
        code=f"{code[:4]}-{code[4:]}",
        round_id=found.id,
        city=city,
        indicator=indicator,
        run_id=run,
        state=rules.DRAFT,
        reasons="",
        filed_by=who.username,
        filed_at=now,
        answer_due_at=now,
        decision_due_at=now,
        revision=0,
    )
    session.add(added)
    return added


def _held(session: Session, found: Round, city: str, indicator: str, read: int) -> Objection:
    held = store.live(session, found, city, indicator)
    if held is None:
        raise rules.Overtaken(state=rules.WITHDRAWN)
    if held.revision != read:
        raise rules.Overtaken(state=held.state)
    return held


def _faults_of(node: Node, asked: Asked) -> list[Fault]:
    faults = []
    if len(asked.reasons.strip()) > rules.MAX_TEXT:
        faults.append(
            Fault(
                "too-long",
                N_("最多 {most} 个字，请把详细内容放进附件。"),
                "",
                {"most": rules.MAX_TEXT},
                column="reasons",
            )
        )
    if asked.value is not None or asked.not_applicable:
        faults += observations.check_value(node, asked.value, not_applicable=asked.not_applicable)
    return faults


def _agree(session: Session, who: Actor, found: Round, city: str, said: dict[str, str]) -> Consent:
    held, standing = store.consent_row(session, found, city), store.consents(session, found)
    if held is not None and city in standing:
        return held
    if held is None:
        held = Consent(round_id=found.id, city=city)
        session.add(held)
    held.by, held.at = who.username, clock.now()
    session.flush()
    audit.record(
        session,
        who,
        "objection.consented",
        f"round:{found.code}/city:{city}",
        after={"at": held.at.isoformat(), **said},
    )
    return held


def _said(held: Objection) -> dict[str, object]:
    asked = "NA" if held.asked_not_applicable else held.asked_value
    return {"state": held.state, "reasons": held.reasons, "asked": asked}
