"""From accepted submissions to observations, and back when one is opened again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session

from evaluation.framework.tree import Framework
from evaluation.platform.audit import Actor
from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.i18n import N_, _, use_locale
from evaluation.rounds.models import Round
from surveys.forms import answers as answering
from surveys.forms import documents
from surveys.forms.score_rules import ACROSS
from surveys.observations import rules as observing
from surveys.observations import service as observations
from surveys.observations.rules import Given
from surveys.observations.scope import require_open
from surveys.readings import rules, store
from surveys.readings.records import Record, proof, record
from surveys.readings.rules import Measured, Summary, Visited
from surveys.readings.store import Cell, Row
from surveys.submissions.models import Submission


def on_accept(
    session: Session, evidence: EvidenceStore, who: Actor, submission: Submission
) -> None:
    """Score an accepted submission and record what its indicators have become.

    Nothing is written where anything is wrong: raises `RoundClosed` once the round is scored, and
    `Faulty` with every value that the framework does not take (an indicator that it does not have
    or does not let the method supply, a value outside its bounds).
    """
    found = session.get_one(Round, submission.round_id)
    framework = require_open(session, found)
    read = record(session, evidence, submission)
    measured = rules.measured(read.document, read.answers)
    if read.counts and (faults := list(_faults(framework, read, measured))):
        raise Faulty(faults)
    store.remove(session, submission.id)
    store.add(session, (_row(read, each) for each in measured))
    if read.counts:
        cells = {(each.question.indicator, read.version.method) for each in measured}
        _recompute(session, evidence, who, found, submission, cells, reason="")


def on_reopen(
    session: Session, evidence: EvidenceStore, who: Actor, submission: Submission
) -> None:
    """Take a submission's readings away and say what its indicators are without them.

    Raises `RoundClosed` once the round is scored.
    """
    found = session.get_one(Round, submission.round_id)
    require_open(session, found)
    cells = store.remove(session, submission.id)
    _recompute(
        session, evidence, who, found, submission, cells,
        reason=N_("现场采集记录重新审核"),
    )  # fmt: skip


def summaries(rows: Iterable[Row]) -> dict[Cell, Summary]:
    """What counting readings of one city add up to, by indicator and method."""
    by_cell: dict[Cell, dict[int, list[Row]]] = {}
    for row in rows:
        if row.counts:
            of_visit = by_cell.setdefault((row.indicator, row.method), {})
            of_visit.setdefault(row.submission_id, []).append(row)
    found = {}
    for cell, visits in by_cell.items():
        summary = rules.summed_up(visited(each) for each in visits.values())
        assert summary is not None, "a cell without visits"
        found[cell] = summary
    return found


def visited(rows: Sequence[Row]) -> Visited:
    """One visit's readings of one indicator together."""
    first = rows[0]
    return Visited(
        first.submission_id, first.happened, first.across, tuple(row.value for row in rows)
    )


def _recompute(
    session: Session,
    evidence: EvidenceStore,
    who: Actor,
    found: Round,
    submission: Submission,
    cells: Collection[Cell],
    *,
    reason: str,
) -> None:
    if not cells:
        return
    city = submission.city
    rows = [
        row
        for row in store.of_city(session, found.id, city, {indicator for indicator, _m in cells})
        if (row.indicator, row.method) in cells
    ]
    held = summaries(rows)
    proofs = _proofs(session, evidence, [row for row in rows if row.counts])
    given = [
        Given(
            city,
            indicator,
            method,
            summary.value,
            summary.not_applicable,
            source=_source(summary),
            evidence=tuple(sorted(proofs.get((indicator, method), ()))),
            visits=summary.visits,
            spread=summary.spread,
        )
        for (indicator, method), summary in sorted(held.items())
    ]
    about = {"submission": submission.code}
    observations.record_many(session, who, found, given, about=about)
    gone = [
        (city, indicator, method) for indicator, method in cells if (indicator, method) not in held
    ]
    observations.withdraw(session, who, found, gone, reason=f"{reason} {submission.code}".strip())


def _source(summary: Summary) -> str:
    """Where the value comes from, as it is stored: in Chinese, without day, place or person."""
    with use_locale("zh"):
        return _(
            "现场采集，{count} 次访查的{how}", count=summary.visits, how=_(ACROSS[summary.across])
        )


def _proofs(session: Session, evidence: EvidenceStore, rows: Sequence[Row]) -> dict[Cell, set[str]]:
    """Hashes of the files that must accompany the answers, by indicator and method."""
    hashes: dict[int, dict[str, str]] = {}
    for edition, name, sha256, _type in store.files(session, {row.edition_id for row in rows}):
        hashes.setdefault(edition, {})[name] = sha256
    found: dict[Cell, set[str]] = {}
    for row in rows:
        if row.edition_id not in hashes:
            continue
        document = documents.document(evidence, store.version_of(session, row.version_id))
        question = document.by_path.get(row.question)
        if question is None or not (question.evidence or question.is_media):
            continue
        answers = answering.read(document, evidence.get(row.xml))
        kept = proof(question, document, answers, hashes[row.edition_id])
        found.setdefault((row.indicator, row.method), set()).update(sha for _name, sha in kept)
    return found


def _faults(framework: Framework, read: Record, measured: Sequence[Measured]) -> Iterator[Fault]:
    for each in measured:
        given = Given(
            read.submission.city,
            each.question.indicator,
            read.version.method,
            each.value,
            each.not_applicable,
        )
        for fault in observing.check(framework, given):
            yield Fault(
                fault.code,
                N_("题目“{question}”：{said}"),
                N_("{mend} 表单或答案有误的，退回补正或修改表单；体系有误的，修改体系。"),
                {
                    "question": str(each.question.label) or each.question.name,
                    "said": fault.explain(),
                    "mend": fault.remedy(),
                },
            )


def _row(read: Record, each: Measured) -> dict[str, Any]:
    return {
        "submission_id": read.submission.id,
        "edition_id": read.edition.id,
        "round_id": read.submission.round_id,
        "city": read.submission.city,
        "indicator": each.question.indicator,
        "method": read.version.method,
        "question": each.question.path,
        "rule": each.question.score_rule,
        "across": each.across,
        "value": each.value,
        "not_applicable": each.not_applicable,
        "counts": read.counts,
    }
