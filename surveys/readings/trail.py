"""How the visits of a city and indicator became its observation, for reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds.models import Round
from surveys.forms import answers as answering
from surveys.forms import documents
from surveys.forms.document import Question, Words
from surveys.forms.score_rules import parse
from surveys.observations import store as observations
from surveys.observations.models import Observation
from surveys.readings import rules, said, service, store
from surveys.readings.rules import Summary
from surveys.readings.store import Row
from surveys.visits.masking import alias

#: So many visits are shown on a page; the formula counts all.
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Step:
    """One question of one visit: what was answered, the rule, and the value it gave."""

    row: Row
    visitor: str
    form: Words
    number: int
    question: Question | None
    answer: Words
    rule: str


@dataclass(frozen=True, slots=True)
class Trail:
    """Everything that one method's visits say of a city and indicator.

    ``summary`` is None where only second looks are there; ``agrees`` is whether the observation
    on record is what the visits add up to.
    """

    method: str
    steps: Sequence[Step]
    left_off: int
    summary: Summary | None
    formula: str
    observation: Observation | None

    @property
    def agrees(self) -> bool:
        """Whether the observation on record is what the readings add up to."""
        held, summary = self.observation, self.summary
        if held is None or summary is None:
            return held is None and summary is None
        return (held.value, held.visits) == (summary.value, summary.visits)


def trails(
    session: Session,
    evidence: EvidenceStore,
    found: Round,
    city: str,
    indicator: str,
    *,
    secret: str,
) -> list[Trail]:
    """The trails of a city and indicator, method by method; empty where nobody visited."""
    rows = store.of_city(session, found.id, city, [indicator])
    held = {each.method: each for each in observations.of_cell(session, found.id, city, indicator)}
    by_method: dict[str, list[Row]] = {}
    for row in rows:
        by_method.setdefault(row.method, []).append(row)
    return [
        _trail(session, evidence, method, by_method[method], held.get(method), secret)
        for method in sorted(by_method)
    ]


def _trail(
    session: Session,
    evidence: EvidenceStore,
    method: str,
    rows: Sequence[Row],
    observation: Observation | None,
    secret: str,
) -> Trail:
    counting: dict[int, list[Row]] = {}
    for row in rows:
        if row.counts:
            counting.setdefault(row.submission_id, []).append(row)
    visits = [service.visited(each) for each in counting.values()]
    summary = rules.summed_up(visits)
    numbers = [each.value for each in visits if each.value is not None]
    return Trail(
        method,
        [_step(session, evidence, row, secret) for row in rows[:SHOWN]],
        max(0, len(rows) - SHOWN),
        summary,
        rules.formula(summary, numbers) if summary else "",
        observation,
    )


def _step(session: Session, evidence: EvidenceStore, row: Row, secret: str) -> Step:
    document = documents.document(evidence, store.version_of(session, row.version_id))
    question = document.by_path.get(row.question)
    answers = answering.read(document, evidence.get(row.xml))
    return Step(
        row,
        alias(secret, row.evaluator),
        document.title,
        document.number,
        question,
        said.answer(question, document, answers) if question else Words(),
        parse(row.rule).said(),
    )
