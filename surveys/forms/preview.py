"""What trial answers would come to: the form's logic, the score rules, the checkpoints. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.forms import answers as reading
from surveys.forms import logic, score_rules
from surveys.forms.document import FormDocument, Question
from surveys.forms.logic_findings import LogicFinding
from surveys.forms.score_values import Score


@dataclass(frozen=True, slots=True)
class TrialReading:
    """The value that one question's rule reads: None where nothing was answered."""

    question: Question
    rule: str
    value: Score


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the server would say of a record.

    ``findings`` come with the question each is about, None where the form does not have it.
    """

    findings: tuple[tuple[LogicFinding, Question | None], ...]
    readings: tuple[TrialReading, ...]
    failed: tuple[Question, ...]
    dishonest: tuple[Question, ...]


def outcome(xform: str, document: FormDocument, xml: str) -> Outcome:
    """Judge *xml* as a submission of the form would be. Raises `BadXml` where it is none."""
    given = reading.read(document, xml.encode())
    asked = {entry.path: entry.question for entry in given.entries}
    found = logic.check(xform, document, xml)
    return Outcome(
        findings=tuple((each, asked.get(each.path)) for each in found),
        readings=tuple(
            TrialReading(question, rule.said(), rule.value_of(document, question, given))
            for question in document.questions
            if question.score_rule
            for rule in (score_rules.parse(question.score_rule),)
        ),
        failed=tuple(each for each in document.questions if score_rules.fails(each, given)),
        dishonest=tuple(each for each in document.questions if score_rules.dishonest(each, given)),
    )
