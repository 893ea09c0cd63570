"""What a form asks, once and for all: questions, choices, score rules, and the visit kit.

The XForm is what engines run; this document is what the platform itself reads. It is canonical
JSON in the evidence store, and never changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from evaluation.platform.audit import canonical
from evaluation.platform.i18n import named

MEDIA = frozenset({"image", "audio", "video", "file", "signature"})
SELECTS = frozenset({"select_one", "select_multiple", "rank"})
NUMBERS = frozenset({"integer", "decimal", "range"})
#: Filled in by the phone, never asked.
SILENT = frozenset(
    {"calculate", "hidden", "start", "end", "today", "deviceid", "username", "note", "audit"}
)


@dataclass(frozen=True, slots=True)
class Words:
    """A text in Chinese and, where there is one, in English."""

    zh: str = ""
    en: str = ""

    def __str__(self) -> str:
        return named(self.zh, self.en)


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a list; ``cells`` are the further columns that choice filters read."""

    name: str
    label: Words = Words()
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """One row of the survey sheet that has an answer.

    ``path`` is its XPath in the submission (``/data/hall/queue``), ``row`` its row in the sheet,
    ``kind`` its XLSForm type without the list (``select_one``). ``repeat`` is the path of the
    innermost repeat around it. ``evidence`` names the media questions that must accompany an
    answer; ``fails_when`` is the condition under which a checkpoint has failed and ``integrity``
    the answer an honest visitor gives; ``timer`` the step of the script whose minutes it holds.
    """

    name: str
    path: str
    kind: str
    row: int
    label: Words = Words()
    hint: Words = Words()
    list_name: str = ""
    required: bool = False
    relevant: str = ""
    appearance: str = ""
    repeat: str = ""
    indicator: str = ""
    score_rule: str = ""
    across_visits: str = ""
    evidence: tuple[str, ...] = ()
    measure: int | None = None
    department: str = ""
    severity: str = ""
    fails_when: str = ""
    integrity: str = ""
    timer: str = ""

    @property
    def is_media(self) -> bool:
        """Whether its answer is the name of a file."""
        return self.kind in MEDIA


@dataclass(frozen=True, slots=True)
class ScriptStep:
    """One timed step of the script; ``minutes`` is how long it should take, where that is known."""

    code: str
    text: Words
    minutes: float | None = None


@dataclass(frozen=True, slots=True)
class CoverStory:
    """Who the visitor says to be; a site does not meet the same story again too soon."""

    code: str
    text: Words


@dataclass(frozen=True, slots=True)
class Kit:
    """What a visitor prepares: scenario, cover stories, script."""

    scenario: Words = Words()
    preparation: Words = Words()
    stories: tuple[CoverStory, ...] = ()
    script: tuple[ScriptStep, ...] = ()


@dataclass(frozen=True)
class FormDocument:
    """A version of a form, as the platform reads it.

    ``root`` is the XML root's name; ``groups`` what groups and repeats are called, by their path.
    """

    code: str
    number: int
    title: Words
    method: str
    root: str
    languages: tuple[str, ...]
    questions: tuple[Question, ...]
    lists: Mapping[str, tuple[Choice, ...]]
    kit: Kit = Kit()
    groups: Mapping[str, Words] = field(default_factory=dict)

    @cached_property
    def by_path(self) -> dict[str, Question]:
        """Questions by their path."""
        return {each.path: each for each in self.questions}

    @cached_property
    def by_name(self) -> dict[str, Question]:
        """Questions by their name, unique within a form of ours."""
        return {each.name: each for each in self.questions}

    @cached_property
    def repeats(self) -> frozenset[str]:
        """Paths of the repeats that questions stand in, innermost ones."""
        return frozenset(question.repeat for question in self.questions if question.repeat)

    @cached_property
    def surroundings(self) -> frozenset[str]:
        """Paths of everything around questions: the root, groups and repeats."""
        return frozenset(above for path in self.by_path for above in _above(path))

    @cached_property
    def around_repeats(self) -> frozenset[str]:
        """Paths of everything around repeats."""
        return frozenset(above for path in self.repeats for above in _above(path))

    def asked(self) -> Iterator[Question]:
        """Questions that somebody answers."""
        return (each for each in self.questions if each.kind not in SILENT)

    def place(self, question: Question) -> str:
        """The groups around a question as people call them, outermost first."""
        steps = question.path.split("/")
        above = ("/".join(steps[:end]) for end in range(3, len(steps)))
        return " / ".join(
            str(self.groups.get(path, "")) or path.rpartition("/")[2] for path in above
        )

    def choice(self, question: Question, name: str) -> Choice | None:
        """A choice of a question's list."""
        held = self.lists.get(question.list_name, ())
        return next((each for each in held if each.name == name), None)


def _above(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def dump(document: FormDocument) -> bytes:
    """Canonical JSON, the same bytes for the same document."""
    return canonical(asdict(document)).encode()


def load(content: bytes) -> FormDocument:
    """The document back from `dump`'s bytes."""
    held: dict[str, Any] = json.loads(content)
    return FormDocument(
        code=held["code"],
        number=held["number"],
        title=Words(**held["title"]),
        method=held["method"],
        root=held["root"],
        languages=tuple(held["languages"]),
        questions=tuple(_question(each) for each in held["questions"]),
        lists={
            name: tuple(_choice(each) for each in choices)
            for name, choices in held["lists"].items()
        },
        kit=_kit(held["kit"]),
        groups={path: Words(**words) for path, words in held.get("groups", {}).items()},
    )


def _question(held: Mapping[str, Any]) -> Question:
    words = {key: Words(**held[key]) for key in ("label", "hint")}
    return Question(**{**held, **words, "evidence": tuple(held["evidence"])})


def _choice(held: Mapping[str, Any]) -> Choice:
    return Choice(held["name"], Words(**held["label"]), held["cells"])


def _kit(held: Mapping[str, Any]) -> Kit:
    return Kit(
        scenario=Words(**held["scenario"]),
        preparation=Words(**held["preparation"]),
        stories=tuple(CoverStory(s["code"], Words(**s["text"])) for s in held["stories"]),
        script=tuple(
            ScriptStep(s["code"], Words(**s["text"]), s["minutes"]) for s in held["script"]
        ),
    )
