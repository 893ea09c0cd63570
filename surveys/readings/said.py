"""What was answered, in words. Pure."""

from __future__ import annotations

from surveys.forms.answers import Answers
from surveys.forms.document import FormDocument, Question, Words


def answer(question: Question, document: FormDocument, answers: Answers) -> Words:
    """What was answered to a question, in both languages: labels of choices, rows apart."""
    rows = [_row(question, document, value) for value in answers.of(question.name)]
    return Words("；".join(row.zh for row in rows), "; ".join(row.en for row in rows))


def _row(question: Question, document: FormDocument, value: str) -> Words:
    if not question.list_name:
        return Words(value, value)
    zh, en = [], []
    for name in value.split():
        choice = document.choice(question, name)
        zh.append((choice.label.zh if choice else "") or name)
        en.append((choice.label.en or choice.label.zh if choice else "") or name)
    return Words("、".join(zh), ", ".join(en))
