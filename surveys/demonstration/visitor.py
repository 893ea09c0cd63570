"""A visitor who fills in any form plausibly: better where the place is good, always by the form's
own logic, and always the same for the same seed."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from random import Random

from surveys.demonstration import figures, records
from surveys.forms import score_rules
from surveys.forms.document import Choice, FormDocument, Question

ROUNDS = 12
METRES_A_DEGREE = 111_000
_ROWS = re.compile(r"\[\d+\]")
#: Choices that say the question did not arise, or name something else.
ASIDE = frozenset({"na", "other", "none"})
#: What the form's logic may find that another answer mends.
MENDED = frozenset({"required", "choice", "constraint"})


class Visitor:
    """One visit to a place. ``level`` (0–1) is how good the place is; *seed* decides the rest,
    question by question, so that one answer fixed by hand leaves the others as they were."""

    def __init__(
        self,
        xform: str,
        document: FormDocument,
        seed: str,
        *,
        level: float,
        ended: datetime,
        position: tuple[float, float],
    ) -> None:
        self.xform, self.document, self.seed = xform, document, seed
        self.level, self.ended, self.position = level, ended, position
        self.chance = Random(seed)  # noqa: S311 - synthetic
        self.answers: dict[str, str] = {}
        self.refused: dict[str, set[str]] = {}

    def fill(self, fixed: Mapping[str, str]) -> dict[str, str]:
        """Answers by placed path; *fixed* are answers by name that are given."""
        for question in self.document.asked():
            for row in self._rows(question):
                path = records.placed(self.document, question.name, row)
                said = fixed.get(question.name)
                self.answers[path] = self._answer(question, path) if said is None else said
        for name in ("started", "ended"):
            if name in fixed:
                self.answers[records.placed(self.document, name)] = fixed[name]
        for _round in range(ROUNDS):
            if not self._mend():
                break
        return {path: said for path, said in self.answers.items() if said}

    def _mend(self) -> bool:
        """Do what the form's logic asks for; whether there was anything."""
        held = {path: said for path, said in self.answers.items() if said}
        found = records.findings(self.xform, self.document, held, at=self.ended)
        unasked = {each.path for each in found if each.kind == "relevant"}
        for path in unasked:
            self.answers.pop(path, None)
        for each in found:
            if each.kind == "calculation":
                self.answers[each.path] = each.facts["should"]
            elif each.kind in MENDED and each.path not in unasked:
                self.refused.setdefault(each.path, set()).add(self.answers.get(each.path, ""))
                question = self.document.by_path[_ROWS.sub("", each.path)]
                self.answers[each.path] = self._answer(question, each.path)
        return bool(found)

    def _rows(self, question: Question) -> range:
        if not question.repeat:
            return range(1)
        name = question.repeat.rpartition("/")[2]
        counted = figures.COUNTED.get(name)
        if counted is not None:
            return range(1, int(self._of(counted)) + 1)
        low, high = figures.ROWS.get(name, (1, 3))
        self.chance.seed(f"{self.seed}|{name}")
        return range(1, self.chance.randint(low, high) + 1)

    def _of(self, name: str, row: int = 0) -> str:
        return self.answers.get(records.placed(self.document, name, row), "")

    def _answer(self, question: Question, path: str) -> str:
        kind = question.kind
        self.chance.seed(f"{self.seed}|{path}|{len(self.refused.get(path, ()))}")
        if kind in ("select_one", "select_multiple"):
            return self._choose(question, path)
        if kind in ("integer", "decimal"):
            return self._number(question, path)
        if kind == "date":
            return self._date(question, path).isoformat()
        if kind == "geopoint":
            return self._position()
        if question.is_media:
            row = _row(path)
            return f"{question.name}-{row}.jpg" if row else f"{question.name}.jpg"
        return self._text(question)

    def _is_good(self) -> bool:
        return self.chance.random() < self.level

    def _choose(self, question: Question, path: str) -> str:
        offered = self._offered(question, path)
        if question.integrity:
            return question.integrity.split(",")[0].strip()
        failing = score_rules.condition(question.fails_when) if question.fails_when else None
        bad = [each.name for each in offered if failing and failing.holds(each.name)]
        good = [each.name for each in offered if each.name not in bad]
        if question.kind == "select_multiple":
            return self._tick(question, good, bad)
        rare = question.name.endswith("_from") or question.name in figures.RARE
        if bad and not self._is_good() and not (rare and self.chance.random() < figures.SPARED):
            return self.chance.choice(bad)
        likely = [name for name in good if name not in ASIDE] or good or bad
        wanted = figures.LIKELY.get(question.name)
        if wanted in likely and self.chance.random() < figures.LIKELIHOOD:
            return wanted
        if question.name.startswith("step_") and {"yes", "no"} <= set(likely):
            return "yes" if self.chance.random() > self.level - figures.FEWER_STEPS else "no"
        return self.chance.choice(likely)

    def _tick(self, question: Question, good: list[str], bad: list[str]) -> str:
        if bad and set(bad) != {"none"} and not self._is_good():
            return self.chance.choice(bad)
        if "none" in good:
            return "none"
        ticked = [name for name in good if name not in ASIDE and self.chance.random() < self.level]
        return " ".join(ticked) or (good or bad)[0]

    def _offered(self, question: Question, path: str) -> list[Choice]:
        """The choices that the form offers with the answers so far."""
        choices = self.document.lists[question.list_name]
        driver = figures.FILTERED.get((self.document.code, question.name))
        if driver is not None:
            name, column = driver
            wanted = {"any", "both", self._of(name, _row(path))}
            fitting = tuple(each for each in choices if each.cells.get(column) in wanted)
            choices = fitting or choices  # none fit where the question will not be asked
        refused = self.refused.get(path, set())
        return [each for each in choices if each.name not in refused] or list(choices)

    def _number(self, question: Question, path: str) -> str:
        span = figures.span(self.document.code, question.name)
        low, high = span.good if self._is_good() else span.poor
        value = self.chance.uniform(low, high)
        if span.share_of:
            whole = float(self._of(span.share_of) or 0)
            value = min(whole, value * whole)
        return str(round(value)) if question.kind == "integer" else f"{round(value * 2) / 2:g}"

    def _date(self, question: Question, path: str) -> date:
        after, span = figures.DATES[question.name]
        start = self.ended.date()
        if after:
            start = date.fromisoformat(self._of(after, _row(path)) or start.isoformat())
        low, high = span.good if self._is_good() else span.poor
        return workdays_after(start, round(self.chance.uniform(low, high)))

    def _position(self) -> str:
        lat, lon = self.position
        metres = self.chance.uniform(3, 60)
        angle = self.chance.uniform(0, 2 * math.pi)
        lat += metres * math.sin(angle) / METRES_A_DEGREE
        lon += metres * math.cos(angle) / METRES_A_DEGREE / math.cos(math.radians(lat))
        return f"{lat:.6f} {lon:.6f} 0.0 {self.chance.uniform(5, 18):.1f}"

    def _text(self, question: Question) -> str:
        said = figures.TEXTS.get(question.name) or figures.SAID
        return self.chance.choice(said)


def workdays_after(start: date, count: int) -> date:
    """The day *count* working days (Monday to Friday) after *start*; before it where negative."""
    step, day = (1 if count >= 0 else -1), start
    while count:
        day += timedelta(days=step)
        if day.weekday() < 5:
            count -= step
    return day


def _row(path: str) -> int:
    """The row of a placed path; 0 outside repeats."""
    found = _ROWS.search(path)
    return int(found[0][1:-1]) if found else 0
