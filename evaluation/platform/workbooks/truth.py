"""What the fast reader does not tell: error values, formulas never calculated, percent formats."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from defusedxml import ElementTree

from evaluation.platform.workbooks.package import DAMAGED, refuse
from evaluation.platform.workbooks.reach import place

if TYPE_CHECKING:
    from collections.abc import Collection

    from evaluation.platform.workbooks.package import Package

FORMULA = "formula"
_MAY_SHOW_PERCENT = re.compile(rb"""%|numFmtId=["'](?:9|10)["']""")
_ERRORS = (b'="e"', b"='e'")  # quick to look for; so are formulas, but not <formula1> of a range
_FORMULAS = (re.compile(rb"<f[\s/>]"), re.compile(rb":f[\s/>]"))


@dataclass(frozen=True)
class Truth:
    """``troubles`` maps a place to ``#DIV/0!`` and the like, or to ``formula``.

    ``percent`` holds the places shown as a percentage.
    """

    troubles: dict[tuple[int, int], str] = field(default_factory=dict)
    percent: frozenset[tuple[int, int]] = frozenset()


def sheet_parts(package: Package) -> dict[str, str]:
    """Sheet names and the parts that hold them, in the workbook's order."""
    try:
        book = ElementTree.fromstring(package.part("xl/workbook.xml"))
        links = ElementTree.fromstring(package.part("xl/_rels/workbook.xml.rels"))
    except (ElementTree.ParseError, ValueError):
        refuse(package.name, "damaged", DAMAGED)
    targets = {
        link.get("Id"): posixpath.normpath(posixpath.join("/xl", link.get("Target", "")))[1:]
        for link in links
        if link.get("Type", "").endswith("/worksheet")
    }
    found: dict[str, str] = {}
    for element in book.iter():
        if _local(element.tag) == "sheet":
            link = next((v for k, v in element.attrib.items() if k.endswith("}id")), None)
            if link in targets and targets[link] in package.entries:
                found[element.get("name", "")] = targets[link]
    return found


def percent_styles(styles: bytes) -> frozenset[str]:
    """Indexes of the cell formats that show a percentage, as the sheet writes them."""
    if not _MAY_SHOW_PERCENT.search(styles):
        return frozenset()
    try:
        root = ElementTree.fromstring(styles)
    except (ElementTree.ParseError, ValueError):
        return frozenset()
    percent = {"9", "10"}
    formats: list[str] = []
    for element in root.iter():
        if _local(element.tag) == "numFmt" and "%" in element.get("formatCode", ""):
            percent.add(element.get("numFmtId", ""))
        elif _local(element.tag) == "cellXfs":
            formats = [child.get("numFmtId", "0") for child in element]
    return frozenset(str(at) for at, kind in enumerate(formats) if kind in percent)


def read_truth(part: bytes, percent: Collection[str]) -> Truth:
    """Walk a sheet's XML for its suspicious cells; quick when it holds none."""
    suspicious = any(mark in part for mark in _ERRORS) or any(f.search(part) for f in _FORMULAS)
    if not percent and not suspicious:
        return Truth()
    troubles: dict[tuple[int, int], str] = {}
    shown: set[tuple[int, int]] = set()
    row = column = 0
    kind = ""
    formula = False
    value: list[str] = []
    inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, kind, formula, inside
        local = tag.rpartition(":")[2]
        if local == "row":
            given = attributes.get("r", "")
            row, column = (int(given) if given.isdigit() else row + 1), 0
        elif local == "c":
            row, column = place(attributes.get("r", ""), row, column + 1)
            kind, formula = attributes.get("t", ""), False
            value.clear()
            if attributes.get("s") in percent:
                shown.add((row - 1, column - 1))
        elif local == "f":
            formula = True
        elif local == "v":
            inside = True

    def characters(data: str) -> None:
        if inside:
            value.append(data)

    def end(tag: str) -> None:
        nonlocal inside
        local = tag.rpartition(":")[2]
        if local == "v":
            inside = False
        elif local == "c":
            if kind == "e":
                troubles[row - 1, column - 1] = "".join(value) or "#VALUE!"
            elif formula and not value and kind != "str":
                troubles[row - 1, column - 1] = FORMULA

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = characters
    parser.EndElementHandler = end
    parser.Parse(part, True)
    return Truth(troubles, frozenset(shown))


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]
