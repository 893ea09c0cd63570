"""From the rows of a workbook to what pyxform converts, and to our own document. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from surveys.forms import vocabulary as words
from surveys.forms.book import Book, Row
from surveys.forms.document import (
    Choice,
    CoverStory,
    FormDocument,
    Kit,
    Question,
    ScriptStep,
    Words,
)
from surveys.forms.outline import ROOT, Item, Outline
from surveys.forms.score_values import number


def method_of(text: str) -> str:
    """A method by its key or Chinese name; empty where it is none that forms serve."""
    said = text.strip()
    return said if said in words.FORM_METHODS else words.METHOD_WORDS.get(said, "")


def is_yes(text: str) -> bool:
    """Whether a required cell asks for an answer, always or under a condition."""
    return words.plain(text) not in words.NO


def names_in(text: str) -> tuple[str, ...]:
    """Names separated by commas."""
    return tuple(part for part in (piece.strip() for piece in text.split(",")) if part)


def settings_row(book: Book) -> Row:
    """The one row of the settings sheet."""
    return next((row for row in book[words.SETTINGS].rows if row.texts), Row(2, {}))


def for_pyxform(book: Book, outline: Outline, version: int) -> dict[str, Any]:
    """The workbook as pyxform takes it: English keys, one row for every row of the sheet."""
    settings = settings_row(book)
    spoken = languages_of(book)
    survey: list[dict[str, str]] = []
    kinds = {item.row.number: item for item in outline.items}
    first = book[words.SURVEY].header_row + 1
    at = {row.number: row for row in book[words.SURVEY].rows}
    for number_ in range(first, max(at, default=first) + 1):
        row = at.get(number_)
        survey.append(_survey_row(row, kinds.get(number_), spoken) if row is not None else {})
    choices = [
        _choice_row(row, book[words.CHOICES].extra, spoken)
        for row in book[words.CHOICES].rows
        if row.get("list_name")
    ]
    given = {
        "form_id": settings.get("form_id"),
        "form_title": settings.get("form_title::zh") or settings.get("form_title::en"),
        "version": str(version),
        "default_language": words.LANGUAGES[words.ZH],
    }
    given |= {key: settings.get(key) for key in ("instance_name", "style") if settings.get(key)}
    return {"survey": survey, "choices": choices, "settings": [given]}


def languages_of(book: Book) -> tuple[str, ...]:
    """The languages in which the questions are written."""
    spoken = [
        language
        for language in words.LANGUAGES
        if any(row.get(f"label::{language}") for row in book[words.SURVEY].rows)
    ]
    return tuple(spoken) or (words.ZH,)


def document_of(book: Book, outline: Outline, version: int) -> FormDocument:
    """Our own reading of the form; the book has no errors left."""
    settings = settings_row(book)
    used = {item.list_name for item in outline.items if item.list_name}
    return FormDocument(
        code=settings.get("form_id"),
        number=version,
        title=_words(settings, "form_title"),
        method=method_of(settings.get("method")),
        root=ROOT,
        languages=languages_of(book),
        questions=tuple(_question(item) for item in outline.items),
        lists={
            name: tuple(_choice(row, book[words.CHOICES].extra) for row in rows)
            for name, rows in outline.lists.items()
            if name in used
        },
        kit=kit_of(book),
        groups={group.path: _words(group.row, "label") for group in outline.groups},
    )


def kit_of(book: Book) -> Kit:
    """Scenario, preparation, cover stories and script."""
    texts = {kit_key(row.get("key")): _words(row, "text") for row in book[words.KIT].rows}
    return Kit(
        scenario=texts.get("scenario", Words()),
        preparation=texts.get("preparation", Words()),
        stories=tuple(
            CoverStory(row.get("code"), _words(row, "text"))
            for row in _coded(book[words.STORIES].rows)
        ),
        script=tuple(
            ScriptStep(row.get("code"), _words(row, "text"), number(row.get("minutes")))
            for row in _coded(book[words.SCRIPT].rows)
        ),
    )


def kit_key(text: str) -> str:
    """``scenario`` or ``preparation`` by any of their words; empty for anything else."""
    said = text.strip().casefold()
    return next((key for key, also in words.KIT_KEYS.items() if said in (key, *also)), "")


def filter_cells(row: Row, extra: Mapping[str, int]) -> dict[str, str]:
    """The cells of a choice that filters read."""
    return {key: row.get(key) for key in extra if row.get(key)}


def _coded(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row.get("code")]


def _words(row: Row, key: str) -> Words:
    return Words(row.get(f"{key}::zh"), row.get(f"{key}::en"))


def _question(item: Item) -> Question:
    repeat = item.repeat
    measure = number(item.text("measure"))
    across = item.text("across_visits")
    severity = item.text("severity")
    return Question(
        name=item.name,
        path=item.path,
        kind=item.kind,
        row=item.row.number,
        label=_words(item.row, "label"),
        hint=_words(item.row, "hint"),
        list_name=item.list_name,
        required=is_yes(item.text("required")),
        relevant=item.text("relevant"),
        appearance=item.text("appearance"),
        repeat=repeat.path if repeat else "",
        indicator=item.text("indicator"),
        score_rule=item.text("score_rule"),
        across_visits=words.ACROSS_WORDS.get(across, across),
        evidence=names_in(item.text("evidence")),
        measure=None if measure is None else int(measure),
        department=item.text("department"),
        severity=words.SEVERITY_WORDS.get(severity, severity),
        fails_when=item.text("fails_when"),
        integrity=item.text("integrity"),
        timer=item.text("timer"),
    )


def _choice(row: Row, extra: Mapping[str, int]) -> Choice:
    return Choice(row.get("name"), _words(row, "label"), filter_cells(row, extra))


def _survey_row(row: Row, item: Item | None, spoken: tuple[str, ...]) -> dict[str, str]:
    given = {key: row.get(key) for key in words.XLSFORM - words.TRANSLATED if row.get(key)}
    given |= _translated(row, words.XLSFORM & words.TRANSLATED, spoken)
    if item is None:
        kind, _list = words.type_of(row.get("type"))
        given["type"] = kind or row.get("type")
    else:
        given["type"] = f"{item.kind} {item.list_name}".strip()
        if item.kind == "signature":
            given["type"], given["appearance"] = "image", "signature"
    for key in ("required", "read_only"):
        said = words.plain(given.get(key, ""))
        if said in words.YES:
            given[key] = "yes"
        elif said in words.NO:
            given.pop(key, None)
    return given


def _choice_row(row: Row, extra: Mapping[str, int], spoken: tuple[str, ...]) -> dict[str, str]:
    given = {key: row.get(key) for key in ("list_name", "name") if row.get(key)}
    given |= _translated(row, ("label", "media::image", "media::audio"), spoken)
    return given | filter_cells(row, extra)


def _translated(row: Row, keys: Iterable[str], spoken: tuple[str, ...]) -> dict[str, str]:
    """Each text in every language of the form; one that is missing is said in the other."""
    given: dict[str, str] = {}
    for key in keys:
        said = {language: row.get(f"{key}::{language}") for language in spoken}
        if any(said.values()):
            other = next(filter(None, said.values()))
            for language, text in said.items():
                given[f"{key}::{words.LANGUAGES[language]}"] = text or other
    return given
