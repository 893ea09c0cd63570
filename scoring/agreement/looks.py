"""Records of a round as ratings: pairs of looks by question, checkpoints by evaluator."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.platform.audit import canonical
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds.models import Round
from surveys.forms import documents
from surveys.forms.answers import Answers
from surveys.forms.document import FormDocument, Question
from surveys.forms.models import FormVersion
from surveys.forms.score_rules import condition
from surveys.review import evidence, groups, saying
from surveys.review.agreement_store import COMPARED
from surveys.review.second_looks import CHOSEN, comparable
from surveys.submissions.models import Edition, Submission
from surveys.visits.models import Site, Visit

#: The choice that says that a checkpoint did not arise.
NOT_ARISEN = "na"

#: Item, the thing looked at, what the first look and what the second said.
PairRow = tuple[str, str, str, str]
#: Visit (by its first look's record), item, evaluator, 1 passed or 0 failed.
MarkRow = tuple[str, str, str, float]


@dataclass(frozen=True, slots=True)
class Seen:
    """One record with the visit it is of; ``second_of`` is the first look's visit, if there is."""

    submission: Submission
    edition: Edition
    version: FormVersion
    visit: Visit
    site: Site


@dataclass(frozen=True)
class FormLooks:
    """What the records of one form say.

    ``judged`` are the questions that count: scored, or a checkpoint. ``pairs`` are sorted, and so
    are ``marks``. ``first`` and ``again`` count first looks and those looked at again. ``seen``
    are the records by code, that of the first look standing for both in ``pairs`` and ``marks``.
    ``headings`` are the groups around each question, by its name.
    """

    code: str
    document: FormDocument
    judged: Mapping[str, Question]
    pairs: tuple[PairRow, ...]
    marks: tuple[MarkRow, ...]
    first: int
    again: int
    seen: Mapping[str, Seen]
    headings: Mapping[str, str]

    @property
    def method(self) -> str:
        """The method that the form serves."""
        return self.document.method

    def numeric(self, item: str) -> bool:
        """Whether an item is a number, and no choice."""
        return self.judged[item].kind not in CHOSEN


def records(session: Session, round_id: int, cities: Collection[str] | None) -> list[Seen]:
    """Every record that is complete and was not set aside, in a round or some of its cities."""
    query = (
        sa.select(Submission, Edition, FormVersion, Visit, Site)
        .join(Edition, Edition.id == Submission.edition_id)
        .join(FormVersion, FormVersion.id == Edition.version_id)
        .join(Visit, Visit.id == Submission.visit_id)
        .join(Site, Site.id == Visit.site_id)
        .where(Submission.round_id == round_id, Submission.state.in_(COMPARED))
        .order_by(Submission.code)
    )
    if cities is not None:
        query = query.where(Submission.city.in_(cities))
    return [Seen(*row) for row in session.execute(query)]


def fingerprint(found: Round, seen: Collection[Seen]) -> str:
    """Changes whenever a record does that agreement could depend on."""
    asked = {k: v for k, v in found.agreement.items() if k not in ("found", "waived")}
    told = sorted([each.submission.code, each.edition.id] for each in seen)
    return hashlib.sha256(canonical([asked, told]).encode()).hexdigest()


def by_form(
    store: EvidenceStore, seen: Collection[Seen], called: Callable[[str], str]
) -> list[FormLooks]:
    """The records form by form, an evaluator being *called* what stands for them.

    Each form is read by the newest version that any of its records was made on.
    """
    held: dict[int, list[Seen]] = {}
    for each in seen:
        held.setdefault(each.version.form_id, []).append(each)
    made = [_form(store, records, called) for records in held.values()]
    return sorted(made, key=lambda each: each.code)


def _form(store: EvidenceStore, seen: list[Seen], called: Callable[[str], str]) -> FormLooks:
    newest = max((each.version for each in seen), key=lambda version: version.number)
    document = documents.document(store, newest)
    judged = {each.name: each for each in document.questions if _counts(each)}
    firsts = {each.visit.id: each for each in seen if each.visit.second_of is None}
    told = {
        each.submission.code: evidence.answers_of(store, each.edition, each.version)
        for each in seen
    }
    labels = groups.labels(documents.xform(store, newest))
    pairs: list[PairRow] = []
    marks: list[MarkRow] = []
    again = 0
    for each in seen:
        first = firsts.get(each.visit.second_of or each.visit.id)
        own = told[each.submission.code]
        unit = (first or each).submission.code
        marks += _marks(document, judged, own, unit, called(each.submission.evaluator))
        if each.visit.second_of is not None and first is not None:
            again += 1
            pairs += _pairs(judged, told[unit], own, unit)
    return FormLooks(
        document.code, document, judged, tuple(sorted(pairs)), tuple(sorted(set(marks))),
        len(firsts), again, {each.submission.code: each for each in seen},
        {name: saying.heading(labels, each.path) for name, each in judged.items()},
    )  # fmt: skip


def _counts(question: Question) -> bool:
    scored = bool(question.indicator and question.score_rule)
    return comparable(question) and (scored or bool(question.fails_when))


def _pairs(
    judged: Mapping[str, Question], one: Answers, other: Answers, unit: str
) -> list[PairRow]:
    made = []
    by_name = [_by_name(given) for given in (one, other)]
    for name in judged:
        first, second = (given.get(name, {}) for given in by_name)
        for path in dict.fromkeys([*first, *second]):
            pair = (first.get(path, ""), second.get(path, ""))
            if any(pair):
                made.append((name, f"{unit} {path}", *pair))
    return made


def _by_name(given: Answers) -> dict[str, dict[str, str]]:
    """Answers by the question's name, then by the path with the positions of repeats."""
    found: dict[str, dict[str, str]] = {}
    for entry in given.entries:
        found.setdefault(entry.question.name, {})[entry.path] = entry.value
    return found


def _marks(
    document: FormDocument,
    judged: Mapping[str, Question],
    own: Answers,
    unit: str,
    rater: str,
) -> list[MarkRow]:
    """Whether each checkpoint passed; in a repeat, whether every row did."""
    made = []
    for name, question in judged.items():
        said = [value for value in own.of(name) if value and value != NOT_ARISEN]
        if question.fails_when and said:
            when = condition(question.fails_when)
            made.append((unit, name, rater, 0.0 if any(map(when.holds, said)) else 1.0))
    return made
