"""Rules about dates, written so that the server's engine can compute them. Pure.

Phones compare dates as moments; the engine here compares text. So every date that a rule orders
or subtracts gets a shadow beside it, ``due.days``, which holds its days since 1970 (UTC), and
the rule reads the shadow. What cannot be rewritten is named, and never evaluated wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone

from surveys.forms.expressions import ExpressionError, Node, parse

DAYS = ".days"
ROW = "position.row"
CHINA = timezone(timedelta(hours=8))
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(T.*)?")
_ORDERS = frozenset({"<", ">", "<=", ">="})
_MOMENTS = frozenset({"today", "now"})
_TO_DATE = frozenset({"date", "date-time", "decimal-date-time"})
_DATE_TYPES = frozenset({"date", "dateTime"})


class CannotRewrite(ValueError):
    """A rule about dates that stays unevaluated."""


@dataclass
class Rewriting:
    """What rewriting the rules of one form needs and finds.

    ``types`` maps paths to the types of their binds. ``shadows`` collects the paths that need
    one, ``moments`` which of today and now, ``dates`` literal dates by the name of their node.
    """

    root: str
    types: Mapping[str, str]
    repeats: frozenset[str]
    shadows: set[str] = field(default_factory=set)
    moments: set[str] = field(default_factory=set)
    dates: dict[str, str] = field(default_factory=dict)

    def rewritten(self, text: str, at: str) -> str:
        """The rule *text* of the node *at*. Raises `CannotRewrite`."""
        try:
            tree = parse(text)
        except ExpressionError:
            return text
        edits: list[tuple[int, int, str]] = []
        self._visit(tree, text, at, edits)
        for start, end, new in sorted(edits, reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def _visit(self, node: Node, text: str, at: str, edits: list[tuple[int, int, str]]) -> None:
        if node.kind == "compare" and node.text in _ORDERS and self._about_dates(node, at):
            edits.extend(self._numeric(part, text, at) for part in node.parts)
            return
        if node.kind in ("sum", "product") and self._about_dates(node, at):
            edits.extend(self._numeric(part, text, at) for part in node.parts)
            return
        if node.kind == "call":
            if node.text == "decimal-date-time":
                edits.append(self._numeric(node, text, at))
                return
            if node.text in ("int", "round", "number", "floor", "ceiling") and node.parts:
                first, *rest = node.parts
                if first.kind not in ("sum", "product") and self._is_date(first, at):
                    edits.append(self._numeric(first, text, at))
                    for part in rest:
                        self._visit(part, text, at, edits)
                    return
            place = self._row(node, text)
            if place:
                edits.append((node.start, node.end, place))
                return
        for part in node.parts:
            self._visit(part, text, at, edits)

    def _about_dates(self, node: Node, at: str) -> bool:
        return any(self._is_date(part, at) for part in node.parts)

    def _is_date(self, node: Node, at: str) -> bool:
        if node.kind == "call":
            if node.text in ("if", "coalesce", "once"):
                return any(self._is_date(part, at) for part in node.parts)
            return node.text in _MOMENTS | _TO_DATE
        if node.kind == "path":
            return self.types.get(resolved(node.text, at)) in _DATE_TYPES
        if node.kind == "literal":
            return bool(_DATE.fullmatch(node.text))
        if node.kind in ("group", "negate", "sum", "product"):
            return self._about_dates(node, at)
        return False

    def _numeric(self, node: Node, text: str, at: str) -> tuple[int, int, str]:
        return node.start, node.end, self._number(node, text, at)

    def _number(self, node: Node, text: str, at: str) -> str:
        """The text of *node* where it stands for days."""
        said = text[node.start : node.end]
        if node.kind == "number":
            return said
        if node.kind == "literal":
            if not _DATE.fullmatch(node.text):
                return said
            name = f"literal{len(self.dates)}{DAYS}"
            name = next((held for held, when in self.dates.items() if when == node.text), name)
            self.dates[name] = node.text
            return f"/{self.root}/{name}"
        if node.kind == "path":
            return self._shadow(node, at)
        if node.kind in ("group", "negate"):
            inner = self._number(node.parts[0], text, at)
            return f"({inner})" if node.kind == "group" else f"-{inner}"
        if node.kind in ("sum", "product"):
            left, right = (self._number(part, text, at) for part in node.parts)
            return f"{left} {node.text} {right}"
        if node.kind == "call":
            return self._called(node, text, at)
        raise CannotRewrite(said)

    def _called(self, node: Node, text: str, at: str) -> str:
        if node.text in _MOMENTS and not node.parts:
            self.moments.add(node.text)
            return f"/{self.root}/{node.text}{DAYS}"
        if node.text in _TO_DATE and len(node.parts) == 1:
            if node.parts[0].kind == "literal" and not self._is_date(node.parts[0], at):
                raise CannotRewrite(text[node.start : node.end])
            return self._number(node.parts[0], text, at)
        if node.text == "if" and len(node.parts) == 3:
            asked, *both = node.parts
            edits: list[tuple[int, int, str]] = []
            self._visit(asked, text, at, edits)
            condition = text[asked.start : asked.end]
            for start, end, new in sorted(edits, reverse=True):
                condition = condition[: start - asked.start] + new + condition[end - asked.start :]
            yes, no = (self._number(part, text, at) for part in both)
            return f"if({condition}, {yes}, {no})"
        if node.text == "coalesce":
            return f"coalesce({', '.join(self._number(part, text, at) for part in node.parts)})"
        if self._about_dates(node, at):
            raise CannotRewrite(text[node.start : node.end])
        return text[node.start : node.end]

    def _shadow(self, node: Node, at: str) -> str:
        if node.parts or "//" in node.text or "@" in node.text or "::" in node.text:
            raise CannotRewrite(node.text)
        path = resolved(node.text, at)
        if path not in self.types:
            raise CannotRewrite(node.text)
        self.shadows.add(path)
        if node.text == ".":
            return f"../{at.rpartition('/')[2]}{DAYS}"
        return node.text + DAYS

    def _row(self, node: Node, text: str) -> str:
        """``position(..)`` and ``indexed-repeat``, which the engine does not know."""
        if node.text == "position" and len(node.parts) == 1:
            return f"{text[node.parts[0].start : node.parts[0].end]}/{ROW}"
        if node.text == "indexed-repeat" and len(node.parts) == 3:
            what, repeat, row = (text[part.start : part.end].strip() for part in node.parts)
            fixed = all(part.text.startswith("/") for part in node.parts[2].walk()
                        if part.kind == "path")  # fmt: skip
            if repeat in self.repeats and what.startswith(f"{repeat}/") and fixed:
                return f"{repeat}[position() = ({row})]{what[len(repeat) :]}"
        return ""


def resolved(path: str, at: str) -> str:
    """The whole path of *path* as the node *at* says it."""
    if path.startswith("/"):
        return path
    steps = at.split("/")
    for step in path.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step != ".":
            steps.append(step)
    return "/".join(steps)


def days(value: str, zone: timezone = CHINA) -> str:
    """A date or moment as days since 1970 in UTC; a number as it is; anything else is empty.

    A date begins at midnight in *zone*, as it does on the phone that wrote it.
    """
    try:
        if _DATE.fullmatch(value):
            when = moment(value, zone)
            return "" if when is None else repr(when.timestamp() / 86400)
        return repr(float(value)) if value else ""
    except (ValueError, OverflowError):
        return ""


def moment(value: str, zone: timezone = CHINA) -> datetime | None:
    """The moment an answer names; None where it names none."""
    try:
        if "T" in value:
            found = datetime.fromisoformat(value.replace("Z", "+00:00"))
            return found if found.tzinfo else found.replace(tzinfo=zone)
        day = date.fromisoformat(value)
        return datetime(day.year, day.month, day.day, tzinfo=zone)
    except ValueError:
        return None


def zone_of(value: str) -> timezone:
    """The offset in which a moment was written."""
    when = moment(value)
    offset = when.utcoffset() if when else None
    return timezone(offset) if offset is not None else CHINA


def stamp(when: datetime) -> str:
    """A moment as the engine takes it."""
    return when.astimezone(when.tzinfo or UTC).isoformat(timespec="milliseconds")
