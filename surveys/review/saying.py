"""Answers in words, grouped as the form groups them, beside what the edition before said. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from evaluation.platform import clock
from evaluation.platform.i18n import _, listed
from surveys.forms import score_rules
from surveys.forms.answers import Answer, Answers
from surveys.forms.document import SELECTS, SILENT, FormDocument, Question, Words
from surveys.forms.logic import LogicFinding
from surveys.review import evidence

MOMENTS = frozenset({"start", "end", "datetime", "dateTime"})
POSITION = re.compile(r"\[(\d+)\]")
Asks = Callable[[Question, Answers], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """One question of a record: what was answered, and what stood there before.

    ``was`` is None where the edition before says the same, or there is none. ``findings`` is what
    the form's logic says of it; ``failed`` a checkpoint that would become a finding; ``dishonest``
    an integrity question answered as nobody answers who was there; ``returned`` why it was
    returned last.
    """

    question: Question
    path: str
    label: str
    said: str
    raw: str
    was: str | None
    findings: tuple[LogicFinding, ...]
    failed: bool
    dishonest: bool
    returned: str

    @property
    def asks_for_a_file(self) -> bool:
        """Whether its answer is a file."""
        return self.question.is_media


@dataclass(frozen=True, slots=True)
class Section:
    """A group of the form, or one round of a repeat; without a title at the form's own level."""

    title: str
    rows: tuple[Row, ...]


def sections(
    document: FormDocument,
    groups: Mapping[str, Words],
    given: Answers,
    before: Answers | None,
    *,
    findings: Iterable[LogicFinding] = (),
    returned: Mapping[str, str] | None = None,
    timezone: str = "Asia/Shanghai",
) -> list[Section]:
    """Every question that was answered or could have been, in the form's order."""
    wrong: dict[str, list[LogicFinding]] = {}
    for each in findings:
        wrong.setdefault(each.path, []).append(each)
    old = None if before is None else {entry.path: entry.value for entry in before.entries}
    found: list[tuple[str, list[Row]]] = []
    for entry in given.entries:
        if not _is_shown(entry):
            continue
        was = None
        if old is not None and old.get(entry.path, "") != entry.value:
            was = say(document, entry.question, old.get(entry.path, ""), timezone)
        row = Row(
            entry.question,
            entry.path,
            str(entry.question.label) or entry.question.name,
            say(document, entry.question, entry.value, timezone),
            entry.value,
            was,
            tuple(wrong.get(entry.path, ())),
            _holds(entry, given, score_rules.fails),
            _holds(entry, given, score_rules.dishonest),
            (returned or {}).get(entry.path, ""),
        )
        title = heading(groups, entry.path)
        if not found or found[-1][0] != title:
            found.append((title, []))
        found[-1][1].append(row)
    return [Section(title, tuple(rows)) for title, rows in found]


def unplaced_findings(
    found: Sequence[Section], findings: Iterable[LogicFinding]
) -> list[LogicFinding]:
    """Findings of things that no row shows."""
    shown = {row.path for section in found for row in section.rows}
    return [each for each in findings if each.path not in shown]


def heading(groups: Mapping[str, Words], path: str) -> str:
    """The groups around a path as the form calls them, outermost first, with rounds of repeats."""
    steps, bare, told = path.split("/")[1:-1], "", []
    for step in steps:
        at = POSITION.search(step)
        bare += f"/{POSITION.sub('', step)}"
        label = str(groups[bare]) if bare in groups else ""
        if at:
            label = _("{label} 第 {n} 次", label=label, n=at.group(1)).strip()
        if label:
            told.append(label)
    return " › ".join(told)


def say(document: FormDocument, question: Question, value: str, timezone: str) -> str:
    """An answer as people read it, in the current language; empty where unanswered."""
    if not value:
        return ""
    if question.kind in SELECTS:
        names = [value] if question.kind == "select_one" else value.split()
        return listed(_choice(document, question, name) for name in names)
    if question.kind in MOMENTS:
        return _moment(value, timezone)
    if question.kind == "geopoint":
        return _place(value)
    if question.kind in ("acknowledge", "trigger"):
        return _("已确认")
    return value


def _choice(document: FormDocument, question: Question, name: str) -> str:
    held = document.choice(question, name)
    return (str(held.label) if held is not None else "") or name


def _moment(value: str, timezone: str) -> str:
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return value
    if found.tzinfo is None:
        return f"{found:%Y-%m-%d %H:%M}"
    return f"{clock.local(found, timezone):%Y-%m-%d %H:%M}"


def _place(value: str) -> str:
    found = evidence.point(value)
    if found is None:
        return value
    place = f"{found.lat:.5f}, {found.lon:.5f}"
    if found.accuracy is None:
        return place
    return _("{place}（误差约 {metres} 米）", place=place, metres=round(found.accuracy))


def _is_shown(entry: Answer) -> bool:
    question = entry.question
    if question.name == "visit":
        return False
    return question.kind not in SILENT or bool(question.score_rule or question.fails_when)


def _holds(entry: Answer, given: Answers, asks: Asks) -> bool:
    """Whether *asks* holds for this one answer, not for the other rows of its repeat."""
    if not entry.value:
        return False
    return asks(entry.question, Answers(given.header, (entry,)))
