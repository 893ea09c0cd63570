"""A workbook of sites in: every fault at once, each by its cell."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import N_
from evaluation.platform.workbooks import CellProblem, Sheet, address, cells, read_workbook
from surveys.visits import site_rules
from surveys.visits.codes import ALPHABET
from surveys.visits.site_rules import SiteEntry
from surveys.visits.site_sheet import (
    HEADERS,
    NEEDED,
    NO_WORDS,
    YES_WORDS,
    header_keys,
    kind_keys,
)

MOST_ROWS = 20_000


def read_sites(data: bytes, *, name: str, cities: Collection[str]) -> list[SiteEntry]:
    """The sites of a workbook. Raises `Faulty` with everything wrong with it."""
    book = read_workbook(data, name=name)
    keys = header_keys()
    for sheet in book.sheets.values():
        head = _header(sheet, keys)
        if head is not None:
            return _Reading(sheet, name, cities, head).entries()
    raise Faulty(
        [
            Fault(
                "no-header",
                N_("没有找到表头：前 20 行里没有一行同时有“场所名称”和“市州代码”。"),
                N_("请使用下载的模板。"),
                file=name,
            )
        ]
    )


def _header(sheet: Sheet, keys: Mapping[str, str]) -> int | None:
    for at, row in enumerate(sheet.rows[:20]):
        said = {keys.get(cells.text(value).lower()) for value in row}
        if {"name", "city"} <= said:
            return at
    return None


def code_for(city: str, name: str, place: str) -> str:
    """The code of a site that was given none: the same for the same name and address."""
    held = hashlib.sha256("\n".join((city, name, place)).encode()).digest()
    return f"{city}-{''.join(ALPHABET[each % len(ALPHABET)] for each in held[:6])}"


class _Reading:
    """One pass over the rows that collects faults as it goes."""

    def __init__(self, sheet: Sheet, name: str, cities: Collection[str], head: int) -> None:
        self.sheet, self.file, self.cities, self.head = sheet, name, cities, head
        self.faults: list[Fault] = []
        self.column: dict[str, int] = {}
        self._kinds = kind_keys()

    def entries(self) -> list[SiteEntry]:
        """Read everything. Raises `Faulty`."""
        self._columns()
        found: list[SiteEntry] = []
        seen: dict[str, int] = {}
        for at in range(self.head + 1, len(self.sheet.rows)):
            if all(cells.is_empty(value) for value in self.sheet.rows[at]):
                continue
            entry = self._row(at)
            if entry.code in seen:
                self._fault(
                    at,
                    "code" if "code" in self.column else "name",
                    "repeated-site",
                    N_("场所“{site}”重复，前面是第 {first} 行。"),
                    N_("请只保留一行。"),
                    site=entry.code,
                    first=seen[entry.code] + 1,
                )
            seen.setdefault(entry.code, at)
            found.append(entry)
        if not found and not self.faults:
            self._fault(self.head, "name", "no-sites", N_("表里没有场所。"))
        if len(found) > MOST_ROWS:
            self._fault(self.head, "name", "too-many", N_("一次最多 {count} 行。"), count=MOST_ROWS)
        if self.faults:
            raise Faulty(self.faults)
        return found

    def _columns(self) -> None:
        keys = header_keys()
        for at, value in enumerate(self.sheet.rows[self.head]):
            said = cells.text(value)
            key = keys.get(said.lower())
            if key is None:
                if said:
                    self._cell_fault(
                        self.head, at, "unknown-column", N_("没有名为“{said}”的列。"),
                        N_("请改用模板的表头，或删除这一列。"), said=said[:60],
                    )  # fmt: skip
            elif key in self.column:
                self._cell_fault(
                    self.head, at, "repeated-column", N_("“{said}”列重复。"),
                    N_("请只保留一列。"), said=said,
                )  # fmt: skip
            else:
                self.column[key] = at
        for key in NEEDED:
            if key not in self.column:
                self.faults.append(
                    Fault(
                        "column-missing",
                        N_("缺少“{column}”列。"),
                        N_("请使用下载的模板。"),
                        {"column": HEADERS[key]},
                        file=self.file,
                        sheet=self.sheet.name,
                        row=self.head + 1,
                    )
                )

    def _row(self, at: int) -> SiteEntry:
        said = {key: self._text(at, key) for key in HEADERS}
        kind = self._kinds.get(said["kind"].lower(), said["kind"])
        code = said["code"] or code_for(said["city"], said["name"], said["address"])
        entry = SiteEntry(
            code,
            said["city"],
            said["name"],
            kind,
            said["county"],
            said["name_en"],
            said["address"],
            self._degrees(at, "lat"),
            self._degrees(at, "lon"),
            self._active(at, said["active"]),
        )
        for fault in site_rules.faults(entry, self.cities):
            if fault.column in ("lat", "lon") and self._spoilt(at):
                continue  # what was typed there is told already
            self.faults.append(replace(fault, **self._place(at, fault.column)))
        return entry

    def _text(self, at: int, key: str) -> str:
        return cells.text(self._value(at, key))

    def _value(self, at: int, key: str) -> Any:
        column = self.column.get(key)
        return None if column is None else self.sheet.cell(at, column)

    def _degrees(self, at: int, key: str) -> float | None:
        number = self._number(at, key)
        if isinstance(number, CellProblem):
            self.faults.append(number.at(**self._place(at, key)))
            return None
        return number

    def _number(self, at: int, key: str) -> float | CellProblem | None:
        column = self.column.get(key, -1)
        trouble = self.sheet.truth.troubles.get((at, column), "")
        return cells.number(self._value(at, key), unit="°", trouble=trouble)

    def _spoilt(self, at: int) -> bool:
        return any(isinstance(self._number(at, key), CellProblem) for key in ("lat", "lon"))

    def _active(self, at: int, said: str) -> bool:
        if said.lower() in NO_WORDS:
            return False
        if said.lower() not in YES_WORDS:
            self._fault(
                at,
                "active",
                "not-yes-or-no",
                N_("“{said}”既不是“是”也不是“否”。"),
                N_("请填“是”或“否”；空白表示在用。"),
                said=said[:40],
            )
        return True

    def _place(self, at: int, key: str) -> dict[str, Any]:
        column = self.column.get(key)
        place = {"file": self.file, "sheet": self.sheet.name, "row": at + 1, "column": ""}
        return place if column is None else {**place, "cell": address(at, column)}

    def _fault(self, at: int, key: str, code: str, what: str, mend: str = "", **facts: Any) -> None:
        self.faults.append(Fault(code, what, mend, facts, **self._place(at, key)))

    def _cell_fault(
        self, at: int, column: int, code: str, what: str, mend: str, **facts: Any
    ) -> None:
        self.faults.append(
            Fault(
                code,
                what,
                mend,
                facts,
                file=self.file,
                sheet=self.sheet.name,
                cell=address(at, column),
                row=at + 1,
            )
        )
