"""Failed checkpoints of accepted visits become findings, and are withdrawn with them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from evaluation.framework.tree import Framework
from evaluation.platform import audit, clock
from evaluation.platform.audit import Actor
from evaluation.platform.errors import NotFound
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.findings import rules, store
from surveys.findings.models import Finding
from surveys.forms.document import Question, Words
from surveys.readings import said
from surveys.readings.records import Record, proof, record
from surveys.readings.store import happened
from surveys.submissions.models import Submission
from surveys.visits.codes import random_code


def on_accept(
    session: Session, evidence: EvidenceStore, who: Actor, submission: Submission
) -> None:
    """Every checkpoint that failed becomes a finding; accepted again, it is the same finding.

    A second look gives none: it is there to be compared with the first.
    """
    read = record(session, evidence, submission)
    if not read.counts:
        return
    framework = rounds.framework(session.get_one(Round, submission.round_id))
    held = {each.question: each for each in store.of_submission(session, submission.id)}
    failed = {each.path: each for each in rules.failed(read.document, read.answers)}
    for path, question in failed.items():
        values = _values(read, question, framework)
        if path in held:
            values["evidence"] = _kept_back(held[path].evidence, values["evidence"])
            for name, value in values.items():
                setattr(held[path], name, value)
        else:
            session.add(_new(submission, path, values))
    for path, gone in held.items():
        if path not in failed:
            gone.state = rules.WITHDRAWN
    session.flush()
    if failed or held:
        _tell(session, who, submission, "findings.recorded")


def on_reopen(
    session: Session, evidence: EvidenceStore, who: Actor, submission: Submission
) -> None:
    """What a submission found is withdrawn while it is reviewed again."""
    held = [
        each
        for each in store.of_submission(session, submission.id)
        if each.state != rules.WITHDRAWN
    ]
    if not held:
        return
    for each in held:
        each.state = rules.WITHDRAWN
    session.flush()
    _tell(session, who, submission, "findings.withdrawn")


def show_outside(session: Session, who: Actor, finding: Finding, number: int, shown: bool) -> None:
    """Keep a picture of a finding back, or let it be seen outside. Raises NotFound for a number
    that is no picture."""
    piece = rules.pieces(finding).get(number)
    if piece is None or not piece.is_picture:
        raise NotFound(number=number)
    if piece.shown == shown:
        return
    evidence = [dict(each) for each in finding.evidence]
    evidence[number - 1]["shown"] = shown
    finding.evidence = evidence
    session.flush()
    audit.record(
        session,
        who,
        "finding.picture_shown" if shown else "finding.picture_kept_back",
        f"finding:{finding.code}",
        after={"picture": number, "sha256": piece.sha256},
    )


def _kept_back(before: list[Any], now: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What somebody kept back stays so when the submission is accepted again."""
    back = {each["sha256"] for each in before if not each["shown"]}
    return [each | {"shown": each["shown"] and each["sha256"] not in back} for each in now]


def _new(submission: Submission, path: str, values: dict[str, Any]) -> Finding:
    return Finding(
        code=random_code(),
        round_id=submission.round_id,
        city=submission.city,
        submission_id=submission.id,
        question=path,
        created_at=clock.now(),
        **values,
    )


def _values(read: Record, question: Question, framework: Framework) -> dict[str, Any]:
    edition, received_at = read.edition, read.submission.received_at
    moment = happened(edition.ended_at, edition.skew_seconds, received_at)
    if moment < read.visit.opens_at:  # a phone's clock that runs behind
        moment = received_at
    answer = Words()
    if rules.is_told(question):
        answer = said.answer(question, read.document, read.answers)
    return {
        "edition_id": read.edition.id,
        "title": question.label.zh or question.name,
        "title_en": question.label.en,
        "answer": answer.zh,
        "answer_en": answer.en,
        "indicator": question.indicator,
        "measure": question.measure,
        "department": rules.department_of(question, framework),
        "severity": rules.severity_of(question),
        "evidence": [_piece(read, *each) for each in _proof(read, question)],
        "state": rules.OPEN,
        "found_on": clock.local(moment, Settings.timezone).strftime("%Y-%m"),
    }


def _proof(read: Record, question: Question) -> list[tuple[str, str]]:
    return proof(question, read.document, read.answers, read.hashes)


def _piece(read: Record, name: str, sha256: str) -> dict[str, Any]:
    """A file of a finding; ``shown`` is whether it may be seen outside."""
    media_type = read.media_types[sha256]
    shown = rules.may_be_shown(read.document.by_name[name], media_type)
    return {"sha256": sha256, "question": name, "media_type": media_type, "shown": shown}


def _tell(session: Session, who: Actor, submission: Submission, action: str) -> None:
    held = store.of_submission(session, submission.id)
    audit.record(
        session,
        who,
        action,
        f"submission:{submission.code}",
        after={each.code: each.state for each in held},
    )
