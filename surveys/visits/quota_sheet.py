"""Quotas as a workbook: one row a city, one column a form; out, and in again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook

from evaluation.framework.tree import Unit
from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import N_, _, english, named
from evaluation.platform.workbooks import CellProblem, Sheet, address, cells, read_workbook
from evaluation.platform.workbooks.layout import fit_columns, number_range, set_page
from evaluation.platform.workbooks.saving import to_bytes
from evaluation.platform.workbooks.writing import House
from surveys.visits import rules

SHEET = N_("配额")
CITY = N_("市州代码")
NAME = N_("市州")
FIRST_FORM = 3

Counts = dict[tuple[str, str], int | None]


def write_quotas(
    title: str,
    units: Mapping[str, Unit],
    forms: Mapping[str, str],
    counts: Mapping[tuple[str, str], int],
) -> bytes:
    """The workbook of a plan's quotas; *forms* gives titles to codes, which are the headers."""
    book = Workbook()
    house = House(book)
    sheet = book.active
    assert sheet is not None
    sheet.title = _(SHEET)
    width = FIRST_FORM - 1 + len(forms)
    house.title(sheet, 1, max(width, 4), title)
    house.header(sheet, 2, ["", "", *forms.values()])
    house.header(sheet, 3, [_(CITY), _(NAME), *forms], "key")
    for row, unit in enumerate(units.values(), 4):
        house.put(sheet.cell(row, 1), unit.code, "code")
        house.put(sheet.cell(row, 2), named(unit.name, unit.name_en))
        for column, form in enumerate(forms, FIRST_FORM):
            held = counts.get((unit.code, form)) or None
            cell = sheet.cell(row, column)
            house.put(cell, held, "input-number")
            number_range(sheet, cell.coordinate, 0, rules.MOST_QUOTA, _("次"))
    sheet.freeze_panes = "C4"
    fit_columns(sheet, from_row=2, least=12)
    set_page(sheet, title_rows="1:3", footer=title)
    return to_bytes(book, title=title)


def read_quotas(
    data: bytes, *, name: str, units: Mapping[str, Unit], forms: Mapping[str, str]
) -> Counts:
    """The quotas of a workbook; an empty cell is none. Raises `Faulty` with every fault."""
    book = read_workbook(data, name=name)
    wanted = {CITY, english().get(CITY, CITY), "city"}
    for sheet in book.sheets.values():
        for head, row in enumerate(sheet.rows[:20]):
            if row and cells.text(row[0]) in wanted:
                return _Reading(sheet, name, units, forms, head).counts()
    raise Faulty(
        [
            Fault(
                "no-header",
                N_("没有找到表头：前 20 行里没有以“市州代码”开头的一行。"),
                N_("请使用下载的模板。"),
                file=name,
            )
        ]
    )


class _Reading:
    """One pass over the sheet that collects faults as it goes."""

    def __init__(
        self,
        sheet: Sheet,
        name: str,
        units: Mapping[str, Unit],
        forms: Mapping[str, str],
        head: int,
    ) -> None:
        self.sheet, self.file, self.units, self.forms, self.head = sheet, name, units, forms, head
        self.faults: list[Fault] = []

    def counts(self) -> Counts:
        """Read everything. Raises `Faulty`."""
        columns = self._columns()
        found: Counts = {}
        seen: dict[str, int] = {}
        for at in range(self.head + 1, len(self.sheet.rows)):
            row = self.sheet.rows[at]
            if all(cells.is_empty(value) for value in row):
                continue
            city = cells.text(row[0])
            if city not in self.units:
                self._fault(
                    at, 0, "quota-city", N_("没有代码为“{city}”的市州，或不由您负责。"),
                    N_("请对照参评单位的代码。"), city=city[:32],
                )  # fmt: skip
            elif city in seen:
                self._fault(
                    at, 0, "repeated-city", N_("“{city}”的行重复，前面是第 {first} 行。"),
                    N_("请只保留一行。"), city=city, first=seen[city] + 1,
                )  # fmt: skip
            else:
                seen[city] = at
                for column, form in columns:
                    found[city, form] = self._count(at, column)
        if self.faults:
            raise Faulty(self.faults)
        return found

    def _columns(self) -> list[tuple[int, str]]:
        found: list[tuple[int, str]] = []
        names = {NAME, english().get(NAME, NAME), ""}
        for at, value in enumerate(self.sheet.rows[self.head]):
            said = cells.text(value)
            if at == 0 or said in names:
                continue
            if said not in self.forms:
                self._fault(
                    self.head, at, "quota-form", N_("计划里没有表单“{form}”。"),
                    N_("请使用本计划下载的模板，或先把表单加入计划。"), form=said[:64],
                )  # fmt: skip
            elif said in (form for _at, form in found):
                self._fault(
                    self.head, at, "repeated-column", N_("“{said}”列重复。"),
                    N_("请只保留一列。"), said=said,
                )  # fmt: skip
            else:
                found.append((at, said))
        return found

    def _count(self, at: int, column: int) -> int | None:
        trouble = self.sheet.truth.troubles.get((at, column), "")
        number = cells.number(self.sheet.cell(at, column), trouble=trouble)
        if isinstance(number, CellProblem):
            self.faults.append(number.at(**self._place(at, column)))
            return None
        if number is None:
            return 0
        if not number.is_integer() or not 0 <= number <= rules.MOST_QUOTA:
            self._fault(
                at, column, "quota-number", N_("请填 0 到 {most} 的整数。"), most=rules.MOST_QUOTA
            )
            return None
        return int(number)

    def _place(self, at: int, column: int) -> dict[str, Any]:
        cell = address(at, column)
        return {"file": self.file, "sheet": self.sheet.name, "cell": cell, "row": at + 1}

    def _fault(
        self, at: int, column: int, code: str, what: str, mend: str = "", **facts: Any
    ) -> None:
        self.faults.append(Fault(code, what, mend, facts, **self._place(at, column)))
