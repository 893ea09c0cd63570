"""A refused record beside the one that stands, answer by answer."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.platform.errors import DomainError
from evaluation.platform.evidence import EvidenceStore
from surveys.forms import answers, documents
from surveys.forms import store as forms
from surveys.forms.answers import Answers
from surveys.forms.document import Choice, FormDocument, Question
from surveys.forms.models import FormVersion
from surveys.submissions.models import Edition, Refusal, Submission
from surveys.submissions.reasons import OF_FILES
from surveys.submissions.rules import CLOSED
from surveys.visits.models import Visit

LONGEST_RAW = 20_000


@dataclass(frozen=True, slots=True)
class Line:
    """One question: what stands, and what was refused; empty where unanswered."""

    label: str
    path: str
    standing: str
    refused: str

    @property
    def same(self) -> bool:
        """Whether both say the same."""
        return self.standing == self.refused


@dataclass(frozen=True, slots=True)
class Comparison:
    """Lines in the order of the form. ``standing`` is the edition beside which it is put, None
    where there is none; ``raw`` the XML where the form cannot be read."""

    lines: tuple[Line, ...] = ()
    standing: Edition | None = None
    raw: str = ""

    @property
    def differing(self) -> int:
        """How many answers differ."""
        return sum(not line.same for line in self.lines)


def compare(session: Session, store: EvidenceStore, refusal: Refusal) -> Comparison:
    """Put a refused record beside the one that stands; empty for a refused file."""
    if refusal.reason in OF_FILES:
        return Comparison()
    xml = store.get(refusal.sha256)
    standing = _standing(session, refusal)
    number = refusal.facts.get("version", "")
    version = (
        forms.version(session, refusal.facts.get("form", ""), int(number))
        if number.isascii() and number.isdigit() and len(number) < 10
        else None
    )
    if version is None or not forms.was_published(version):
        return Comparison(raw=xml.decode(errors="replace")[:LONGEST_RAW])
    try:
        mine = answers.read(documents.document(store, version), xml)
    except DomainError:
        return Comparison(raw=xml.decode(errors="replace")[:LONGEST_RAW])
    if standing is None:
        return Comparison(tuple(_lines(store, version, None, mine, None)))
    held = session.get_one(FormVersion, standing.version_id)
    theirs = answers.read(documents.document(store, held), store.get(standing.xml))
    return Comparison(tuple(_lines(store, version, held, mine, theirs)), standing)


def _lines(
    store: EvidenceStore,
    version: FormVersion,
    held: FormVersion | None,
    mine: Answers,
    theirs: Answers | None,
) -> list[Line]:
    document = documents.document(store, version)
    other = documents.document(store, held) if held is not None else document
    left = {each.path: each for each in theirs.entries if each.value} if theirs else {}
    right = {each.path: each for each in mine.entries if each.value}
    lines = []
    for path in (*right, *(path for path in left if path not in right)):
        question = (right.get(path) or left[path]).question
        lines.append(
            Line(
                _label(question, path),
                path,
                _said(other, left[path].question, left[path].value) if path in left else "",
                _said(document, question, right[path].value) if path in right else "",
            )
        )
    return lines


def _label(question: Question, path: str) -> str:
    label = str(question.label) or question.name
    row = path.rpartition("[")[2].partition("]")[0] if "[" in path else ""
    return f"{label} [{row}]" if row else label


def _said(document: FormDocument, question: Question, value: str) -> str:
    if not question.list_name:
        return value
    chosen = [(document.choice(question, name), name) for name in value.split()]
    return "; ".join(_choice(found, name) for found, name in chosen)


def _choice(found: Choice | None, name: str) -> str:
    return (str(found.label) or name) if found is not None else name


def _standing(session: Session, refusal: Refusal) -> Edition | None:
    same = session.scalar(sa.select(Edition).where(Edition.instance == refusal.instance))
    if same is not None and refusal.instance:
        return same
    return session.scalar(
        sa.select(Edition)
        .join(Submission, Submission.edition_id == Edition.id)
        .join(Visit, Visit.id == Submission.visit_id)
        .where(
            Visit.code == refusal.facts.get("visit", ""),
            Submission.state.not_in(CLOSED),
            Submission.evaluator == refusal.evaluator,
        )
        .limit(1)
    )
