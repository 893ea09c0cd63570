"""What a form's own logic says of a submission: the same rules the phone ran, run again here.

The engine is young, so it stays behind this module; what it lacks (choices, answers that should
not be there, evidence, dates) is added. It is never given anything but XML, since it takes
other text for the name of a file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import rxeval
from lxml import etree

from evaluation.platform import clock
from surveys.forms import answers as reading
from surveys.forms import logic_form
from surveys.forms.answers import Answer, Answers
from surveys.forms.document import SELECTS, FormDocument
from surveys.forms.logic_dates import moment, stamp, zone_of
from surveys.forms.logic_findings import KINDS, LogicFinding, restored
from surveys.forms.logic_form import ServerForm

__all__ = ["KINDS", "LogicFinding", "check", "evaluate", "portability", "restored", "unevaluated"]


def check(
    xform: str, document: FormDocument, xml: str, *, at: datetime | None = None
) -> list[LogicFinding]:
    """Everything the form's logic says against a submission; an empty list where all holds.

    Rules about today are judged against the end of the record as it says itself, else *at*, else
    now. A rule that cannot be run is a finding of kind ``not-evaluated`` and raises nothing.
    Raises `BadXml` where *xml* is none.
    """
    content = xml.encode()
    given = reading.read(document, content)
    form = logic_form.read(xform)
    run = _Run(form, document, given, reading.parsed(content), _ended(given) or at or clock.now())
    found = [*run.by_engine(), *run.choices(), *run.evidence()]
    found += [LogicFinding("unknown", path) for path in (*given.unknown, *given.repeated)]
    order = {entry.path: n for n, entry in enumerate(given.entries)}
    return sorted(found, key=lambda each: order.get(each.path, len(order)))


def evaluate(expression: str, values: Mapping[str, str]) -> str | None:
    """An expression over flat paths (``/data/q``) with the values of those questions.

    None where the engine cannot say; for the doctor, which tries what a condition can be.
    """
    root = etree.Element("data")
    for name, value in values.items():
        etree.SubElement(root, name).text = value
    try:
        said: str = rxeval.eval_expression(expression, etree.tostring(root, encoding="unicode"))
    except (RuntimeError, ValueError):
        return None
    return said


def portability(xform: str) -> list[dict[str, str]]:
    """Where phones and browsers would differ: path, rule, expression, construct, suggestion.

    Empty where the engine cannot read the form, which pyxform never writes.
    """
    if not xform.startswith("<"):
        raise ValueError("an XForm begins with <")
    try:
        return [
            {key: str(each.get(key) or "") for key in ISSUE} for each in rxeval.check_form(xform)
        ]
    except (RuntimeError, ValueError):
        return []


ISSUE = ("path", "rule", "expression", "construct", "breaks", "effect", "suggestion")


def unevaluated(xform: str) -> dict[str, str]:
    """Nodes with a rule that this server cannot run, and why; paths without positions."""
    form = logic_form.read(xform)
    failed = dict(form.undecided)
    try:
        said = rxeval.Session(form.xform).recompute()
    except (RuntimeError, ValueError) as failure:
        return failed | {"": str(failure)}
    return failed | {_bare(path): why for path, why in said["failed"]}


class _Run:
    """One submission before the engine."""

    def __init__(
        self,
        form: ServerForm,
        document: FormDocument,
        given: Answers,
        root: etree._Element,
        ended: datetime,
    ) -> None:
        self.form, self.document, self.given, self.root = form, document, given, root
        self.zone, self.now = zone_of(stamp(ended)), stamp(ended)
        self.today = ended.date().isoformat()
        self.by_path = {entry.path: entry for entry in given.entries}
        self.silent: set[str] = set()
        self.whole: Any = None

    def session(self, only: dict[str, int] | None = None) -> Any:
        """The engine with the submission; *only* keeps one row of the repeats it names."""
        xml = logic_form.lay_over(
            self.form, self.root, zone=self.zone, today=self.today, now=self.now, only=only
        )
        return rxeval.Session(self.form.xform, xml, today=self.today, now=self.now)

    def by_engine(self) -> Iterator[LogicFinding]:
        """Required, constraints, calculations, relevance."""
        try:
            session = self.session()
            said = session.recompute()
        except (RuntimeError, ValueError) as failure:
            yield LogicFinding("not-evaluated", f"/{self.document.root}", {"why": str(failure)})
            return
        self.whole = session
        relevant = {self.placed(path): held for path, held in said["relevant"].items()}
        failed = {self.placed(path): why for path, why in said["failed"]}
        failed |= self.form.undecided
        yield from (
            LogicFinding("not-evaluated", path, {"why": why}) for path, why in failed.items()
        )
        self.silent = {_bare(path) for path in failed}
        for path in map(self.placed, said["missing"]):
            if not self.is_silent(path):
                yield LogicFinding("required", path)
        for path, message in said["invalid"]:
            if not self.is_silent(self.placed(path)):
                facts = {} if message == NO_MESSAGE else {"message": message}
                yield LogicFinding("constraint", self.placed(path), facts)
        yield from self.calculations(said["calculated"], relevant)
        for path, entry in self.by_path.items():
            if entry.value and not self.is_silent(path) and not _shown(path, relevant):
                yield LogicFinding("relevant", path, {"value": entry.value})

    def calculations(
        self, calculated: Mapping[str, str], relevant: Mapping[str, bool]
    ) -> Iterator[LogicFinding]:
        for where, should in calculated.items():
            path = self.placed(where)
            held = self.by_path[path].value if path in self.by_path else ""
            loose = _bare(path) in self.form.measured
            if (
                _shown(path, relevant)
                and not self.is_silent(path)
                and not _same(held, should, loose)
            ):
                yield LogicFinding("calculation", path, {"should": should, "held": held})

    def choices(self) -> Iterator[LogicFinding]:
        """Answers that are not in the list, or not offered with the other answers as they are."""
        for entry in self.given.entries:
            if not entry.value or entry.question.kind not in SELECTS:
                continue
            offered = {each.name for each in self.document.lists[entry.question.list_name]}
            if entry.question.path in self.form.filtered:
                in_row = bool(entry.question.repeat)
                session = self.settled(_rows(entry.path)) if in_row else self.whole
                offered = self.offered(session, entry, offered)
            chosen = [entry.value] if entry.question.kind == "select_one" else entry.value.split()
            for value in chosen:
                if value not in offered:
                    yield LogicFinding("choice", entry.path, {"value": value})

    def settled(self, only: dict[str, int]) -> Any:
        """The engine with one row of a repeat; None where it cannot be run."""
        try:
            session = self.session(only)
            session.recompute()
        except (RuntimeError, ValueError):
            return None
        return session

    @staticmethod
    def offered(session: Any, entry: Answer, everything: set[str]) -> set[str]:
        """What a filter lets through; the whole list where it cannot be run."""
        try:
            now = session.choices(entry.question.path) if session is not None else None
        except (RuntimeError, ValueError):
            now = None
        return everything if now is None else {each["value"] for each in now}

    def evidence(self) -> Iterator[LogicFinding]:
        """Answers without the media that must accompany them."""
        for entry in self.given.entries:
            if not entry.value:
                continue
            for name in entry.question.evidence:
                asked = self.document.by_name.get(name)
                if asked is None or self.accompanied(entry, name, asked.repeat):
                    continue
                yield LogicFinding("evidence", entry.path, {"evidence": str(asked.label) or name})

    def accompanied(self, entry: Answer, name: str, repeat: str) -> bool:
        if not repeat or repeat != entry.question.repeat:
            return bool(self.given.of(name))
        row = _rows(entry.path)
        return any(
            each.value and each.question.name == name and _rows(each.path) == row
            for each in self.given.entries
        )

    def placed(self, path: str) -> str:
        """The engine's path with the position of every repeat."""
        built, bare = "", ""
        for step in path.split("/")[1:]:
            name = step.partition("[")[0]
            bare += f"/{name}"
            built += f"/{step}"
            if bare in self.form.repeats and "[" not in step:
                built += "[1]"
        return built

    def is_silent(self, path: str) -> bool:
        """Whether a rule above or on it was not run, so that nothing is known of it."""
        bare = _bare(path)
        return any(bare == held or bare.startswith(f"{held}/") for held in self.silent)


NO_MESSAGE = "this answer is not allowed"
_POSITION = re.compile(r"\[\d+\]")


def _bare(path: str) -> str:
    return _POSITION.sub("", path)


def _rows(path: str) -> dict[str, int]:
    """Which row of which repeat a path stands in."""
    rows, bare = {}, ""
    for step in path.split("/")[1:]:
        name, _bracket, at = step.partition("[")
        bare += f"/{name}"
        if at:
            rows[bare] = int(at.rstrip("]"))
    return rows


def _shown(path: str, relevant: Mapping[str, bool]) -> bool:
    while path:
        if relevant.get(path) is False:
            return False
        path = path.rpartition("/")[0]
    return True


def _same(held: str, should: str, loose: bool) -> bool:
    if held == should or {held, should} <= {"", "NaN"}:
        return True
    try:
        mine, theirs = float(held), float(should)
    except ValueError:
        return False
    return math.isclose(mine, theirs, rel_tol=1e-9, abs_tol=0.011 if loose else 1e-9)


def _ended(given: Answers) -> datetime | None:
    """When the record says it ended, else when it began."""
    for kind in ("end", "start", "today"):
        for entry in given.entries:
            if entry.question.kind == kind and entry.value:
                return moment(entry.value)
    return None
