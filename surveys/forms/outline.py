"""A form workbook as questions within groups: kinds, paths, lists. Pure once the book is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from surveys.forms import vocabulary as words
from surveys.forms.book import Book, Row

ROOT = "data"


@dataclass(frozen=True, slots=True)
class Group:
    """A group or repeat: ``path`` its XPath, ``row`` where it begins."""

    name: str
    row: Row
    path: str
    repeats: bool
    parents: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A question of the survey sheet, silent ones and notes included."""

    name: str
    kind: str
    list_name: str
    row: Row
    path: str
    parents: tuple[Group, ...] = ()

    def text(self, key: str) -> str:
        """What a column says of it."""
        return self.row.get(key)

    @property
    def repeat(self) -> Group | None:
        """The innermost repeat around it."""
        return next((group for group in reversed(self.parents) if group.repeats), None)

    def conditions(self) -> Iterator[tuple[Row, str]]:
        """Its own relevant and those of the groups around it, outermost first."""
        for row in (*(group.row for group in self.parents), self.row):
            if row.get("relevant"):
                yield row, row.get("relevant")


@dataclass
class Loose:
    """A begin without its end, or an end without its begin."""

    row: Row
    kind: str
    name: str


@dataclass
class Outline:
    """The form as it is meant. ``items`` and ``groups`` are in the order of the sheet.

    Where a name stands twice, ``by_name`` has the first.
    """

    book: Book
    items: list[Item] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    loose: list[Loose] = field(default_factory=list)
    unknown: list[Row] = field(default_factory=list)
    lists: dict[str, list[Row]] = field(default_factory=dict)
    by_name: dict[str, Item] = field(default_factory=dict)
    group_names: set[str] = field(default_factory=set)

    def choices(self, item: Item) -> list[str]:
        """The names of the choices of a select."""
        return [row.get("name") for row in self.lists.get(item.list_name, ())]


def outline(book: Book) -> Outline:
    """Lay the survey sheet out; whatever does not fit is noted, nothing raises."""
    made = Outline(book)
    for row in book[words.CHOICES].rows:
        if row.get("list_name"):
            made.lists.setdefault(row.get("list_name"), []).append(row)
    open_groups: list[Group] = []
    for row in book[words.SURVEY].rows:
        kind, list_name = _type(row)
        name = row.get("name")
        if not row.get("type") and not name:
            continue
        if kind.startswith("begin "):
            path = _path(open_groups, name)
            group = Group(name, row, path, kind == "begin repeat", tuple(open_groups))
            made.groups.append(group)
            made.group_names.add(name)
            open_groups.append(group)
        elif kind.startswith("end "):
            _end(made, open_groups, row, kind)
        elif kind:
            item = Item(name, kind, list_name, row, _path(open_groups, name), tuple(open_groups))
            made.items.append(item)
            made.by_name.setdefault(name, item)
        else:
            made.unknown.append(row)
    made.loose += [Loose(group.row, _begin(group), group.name) for group in open_groups]
    return made


def _type(row: Row) -> tuple[str, str]:
    if words.plain(row.get("type").split(" ", maxsplit=1)[0]) in words.REFUSED_TYPES:
        return "", ""
    kind, list_name = words.type_of(row.get("type"))
    if kind == "image" and "signature" in row.get("appearance").split():
        kind = "signature"
    return kind, list_name


def _path(around: list[Group], name: str) -> str:
    return "/".join(["", ROOT, *(group.name for group in around), name])


def _begin(group: Group) -> str:
    return "begin repeat" if group.repeats else "begin group"


def _end(made: Outline, open_groups: list[Group], row: Row, kind: str) -> None:
    """Close the innermost group of the kind; those left open inside it are loose."""
    repeats = kind == "end repeat"
    if not any(group.repeats == repeats for group in open_groups):
        made.loose.append(Loose(row, kind, row.get("name")))
        return
    while open_groups:
        group = open_groups.pop()
        if group.repeats == repeats:
            return
        made.loose.append(Loose(group.row, _begin(group), group.name))
