"""What a record would give if it were accepted: values of indicators, and findings. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evaluation.framework.tree import Framework, Node
from evaluation.platform.errors import Fault
from evaluation.platform.i18n import _
from evaluation.platform.pages import number
from surveys.forms import score_rules
from surveys.forms.answers import Answers
from surveys.forms.document import FormDocument, Question
from surveys.forms.score_rules import NotApplicable, Score
from surveys.observations.rules import Given, check


@dataclass(frozen=True, slots=True)
class Worth:
    """The value that a question's rule makes of a record.

    ``node`` is None for an indicator that the round's framework does not have; ``faults`` is why
    the framework would refuse the value.
    """

    question: Question
    node: Node | None
    score: Score
    rule: str
    across: str
    faults: tuple[Fault, ...] = ()

    @property
    def said(self) -> str:
        """The value in words, with its unit."""
        if isinstance(self.score, NotApplicable):
            return _("不适用")
        if self.score is None:
            return _("没有值")
        return f"{number(self.score)} {self.node.unit if self.node else ''}".strip()


def values(
    document: FormDocument, given: Answers, framework: Framework, city: str
) -> Iterator[Worth]:
    """The values of every question with a score rule, in the form's order."""
    for question in document.questions:
        if not question.score_rule or not question.indicator:
            continue
        rule = score_rules.parse(question.score_rule)
        across = score_rules.ACROSS[question.across_visits or score_rules.DEFAULT_ACROSS]
        score = rule.value_of(document, question, given)
        yield Worth(
            question,
            framework.by_code.get(question.indicator),
            score,
            rule.said(),
            _(across),
            () if score is None else tuple(_faults(document, question, score, framework, city)),
        )


def _faults(
    document: FormDocument,
    question: Question,
    score: float | NotApplicable,
    framework: Framework,
    city: str,
) -> Iterator[Fault]:
    absent = isinstance(score, NotApplicable)
    value = None if isinstance(score, NotApplicable) else score
    told = Given(city, question.indicator, document.method, value, not_applicable=absent)
    return check(framework, told)


def failed(document: FormDocument, given: Answers) -> list[Question]:
    """Checkpoints that failed: each would become a finding."""
    return [each for each in document.questions if score_rules.fails(each, given)]
