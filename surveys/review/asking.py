"""What somebody asks to see of the queue, as the address says it.

An address names evaluators by what stands for them: addresses are logged, and sent to others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from evaluation.accounts.names import display_names
from evaluation.platform.errors import NotFound
from surveys.forms.models import Form
from surveys.review import queue, queue_store
from surveys.review.desk import Desk
from surveys.review.queue import PAGE, Line
from surveys.review.queue_store import Wanted
from surveys.submissions.rules import STATES

ALL = "all"
LONGEST = 64


@dataclass(frozen=True, slots=True)
class Asked:
    """A view of the queue; empty means all, except that ``state`` empty means what waits."""

    state: str = ""
    city: str = ""
    form: str = ""
    evaluator: str = ""
    q: str = ""
    flagged: bool = False
    second: bool = False

    @classmethod
    def read(cls, said: Mapping[str, str]) -> Asked:
        """From an address. Raises `NotFound` for a state that there is not."""
        state = said.get("state", "")
        if state not in ("", ALL, *STATES):
            raise NotFound(state=state[:LONGEST])
        texts = {key: said.get(key, "").strip()[:LONGEST] for key in ("city", "form", "q")}
        return cls(
            state,
            evaluator=said.get("evaluator", "")[:LONGEST],
            flagged=said.get("flagged") == "1",
            second=said.get("second") == "1",
            **texts,
        )

    def address(self, **changes: Any) -> str:
        """The query of this view with *changes*: ``state=received&city=C1``."""
        told = replace(self, **changes)
        pairs = [
            (key, "1" if value is True else value)
            for key in ("state", "city", "form", "evaluator", "q", "flagged", "second")
            if (value := getattr(told, key))
        ]
        return urlencode(pairs)


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a filter."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class View:
    """The queue as it was asked for: one page of it, and what may be asked instead."""

    asked: Asked
    state: str
    lines: tuple[Line, ...]
    total: int
    counts: Mapping[str, int]
    forms: tuple[Form, ...]
    titles: Mapping[int, str]
    evaluators: tuple[Choice, ...]
    names: Mapping[str, str]
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE))

    @property
    def everything(self) -> int:
        """Records in any state."""
        return sum(self.counts.values())


def look(session: Session, desk: Desk, asked: Asked, page: int) -> View:
    """A page of the queue."""
    forms, people = queue_store.present(session, queue.within(desk, Wanted()))
    wanted = _wanted(desk, asked, people)
    counts = queue_store.count_by_state(session, queue.within(desk, replace(wanted, state="")))
    where = queue.within(desk, wanted)
    if asked.flagged:
        every = [line for line in queue.lines(session, desk, where) if line.signs]
        total = len(every)
        shown = every[(page - 1) * PAGE : page * PAGE]
    else:
        total = counts.get(wanted.state, 0) if wanted.state else sum(counts.values())
        shown = queue.lines(session, desk, where, limit=PAGE, offset=(page - 1) * PAGE)
    names = called(session, desk, people)
    return View(
        asked,
        wanted.state,
        tuple(shown),
        total,
        counts,
        tuple(forms),
        queue_store.titles(session, [form.id for form in forms]),
        tuple(sorted((Choice(desk.alias(p), names[p]) for p in people), key=lambda c: c.label)),
        names,
        page,
    )


def order(session: Session, desk: Desk, asked: Asked) -> list[str]:
    """Codes of everything that is asked for, in the order in which it waits."""
    people = queue_store.present(session, queue.within(desk, Wanted()))[1]
    where = queue.within(desk, _wanted(desk, asked, people))
    if asked.flagged:
        every = queue.lines(session, desk, where)
        return [line.submission.code for line in every if line.signs]
    return queue_store.codes(session, where)


def called(session: Session, desk: Desk, people: Iterable[str]) -> dict[str, str]:
    """What evaluators are called before this person: by name, or by what stands for them."""
    everybody = set(people)
    if desk.reviews:
        return display_names(session, everybody)
    return {each: desk.alias(each) for each in everybody}


def _wanted(desk: Desk, asked: Asked, people: Iterable[str]) -> Wanted:
    state = queue.first_state(desk) if not asked.state else asked.state
    evaluator = ""
    if asked.evaluator:
        meant = (each for each in people if desk.alias(each) == asked.evaluator)
        evaluator = next(meant, "\0")  # nobody's sign-in name
    return Wanted(
        "" if state == ALL else state, asked.city, asked.form, evaluator, asked.q, asked.second
    )
