"""The workbook of sites: its columns, and the workbook out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from evaluation.framework.tree import Unit
from evaluation.platform.i18n import N_, _, english, named
from evaluation.platform.workbooks.layout import (
    dropdown,
    fit_columns,
    fit_rows,
    number_range,
    set_page,
)
from evaluation.platform.workbooks.saving import to_bytes
from evaluation.platform.workbooks.writing import House
from surveys.visits.kinds import KINDS
from surveys.visits.models import Site
from surveys.visits.site_rules import LATITUDES, LONGITUDES

SHEET = N_("场所")
GUIDE = N_("说明")
YES, NO = N_("是"), N_("否")
YES_WORDS = frozenset({"是", "在用", "yes", "y", "true", "1", ""})
NO_WORDS = frozenset({"否", "停用", "no", "n", "false", "0"})
#: key → header; ``city_name`` is there for the reader and never read.
HEADERS = {
    "code": N_("场所代码"),
    "city": N_("市州代码"),
    "city_name": N_("市州"),
    "county": N_("县区"),
    "name": N_("场所名称"),
    "name_en": N_("英文名称"),
    "kind": N_("场所类型"),
    "address": N_("地址"),
    "lat": N_("纬度"),
    "lon": N_("经度"),
    "active": N_("在用"),
}
NEEDED = ("city", "name", "kind")
BLANK_ROWS = 40
_WIDTHS = {"code": 16, "city": 10, "city_name": 12, "county": 12, "name": 32, "name_en": 26}
_WIDTHS |= {"kind": 18, "address": 36, "lat": 11, "lon": 11, "active": 7}


def header_keys() -> dict[str, str]:
    """Every spelling of a header, in lower case, to its key."""
    found = {key: key for key in HEADERS}
    for key, name in HEADERS.items():
        found[name.lower()] = key
        found[english().get(name, name).lower()] = key
    return found


def kind_keys() -> dict[str, str]:
    """Every spelling of a kind of site, in lower case, to its key."""
    found = {key: key for key in KINDS}
    for key, name in KINDS.items():
        found[name.lower()] = key
        found[english().get(name, name).lower()] = key
    return found


def write_sites(sites: Iterable[Site], cities: Mapping[str, Unit], *, demo: bool) -> bytes:
    """The workbook with *sites* filled in and room for more."""
    book = Workbook()
    house = House(book)
    sheet = book.active
    assert sheet is not None
    sheet.title = _(SHEET)
    head = 1
    if demo:
        house.banner(sheet, 1, len(HEADERS), _("演示数据：全部为虚构，不代表任何地区的实际情况"))
        head = 2
    house.header(sheet, head, [_(name) for name in HEADERS.values()])
    at = head
    for at, site in enumerate(sites, head + 1):
        for column, value in enumerate(_row(site, cities), 1):
            look = "input-number" if isinstance(value, float) else "input"
            house.put(sheet.cell(at, column), value, look)
    last = at + BLANK_ROWS
    for row in range(at + 1, last + 1):
        for column in range(1, len(HEADERS) + 1):
            house.put(sheet.cell(row, column), None, "input")
    letter = {key: get_column_letter(column) for column, key in enumerate(HEADERS, 1)}
    cells = {key: f"{name}{head + 1}:{name}{last}" for key, name in letter.items()}
    choices = book.create_sheet(_(GUIDE))
    _guide(house, book, cities)
    dropdown(sheet, cells["kind"], f"='{choices.title}'!$A$2:$A${1 + len(KINDS)}")
    if cities:
        dropdown(sheet, cells["city"], f"='{choices.title}'!$C$2:$C${1 + len(cities)}")
    dropdown(sheet, cells["active"], [_(YES), _(NO)])
    number_range(sheet, cells["lat"], *LATITUDES, "°")
    number_range(sheet, cells["lon"], *LONGITUDES, "°")
    sheet.freeze_panes = f"A{head + 1}"
    fit_columns(sheet, fixed=dict(enumerate(_WIDTHS.values(), 1)))
    fit_rows(sheet, from_row=head + 1)
    set_page(sheet, title_rows=f"{head}:{head}", footer=_(SHEET))
    return to_bytes(book, title=_(SHEET))


def _row(site: Site, cities: Mapping[str, Unit]) -> list[object]:
    unit = cities.get(site.city)
    return [
        site.code,
        site.city,
        named(unit.name, unit.name_en) if unit else "",
        site.county,
        site.name,
        site.name_en,
        _(KINDS[site.kind]),
        site.address,
        site.lat,
        site.lon,
        _(YES) if site.active else _(NO),
    ]


def _guide(house: House, book: Workbook, cities: Mapping[str, Unit]) -> None:
    sheet = book[_(GUIDE)]
    house.header(sheet, 1, [_("场所类型"), "", _("市州代码"), _("市州"), "", _("怎样填写")])
    for row, name in enumerate(KINDS.values(), 2):
        house.put(sheet.cell(row, 1), _(name))
    for row, unit in enumerate(cities.values(), 2):
        house.put(sheet.cell(row, 3), unit.code, "code")
        house.put(sheet.cell(row, 4), named(unit.name, unit.name_en))
    for row, text in enumerate(
        (
            _("一行一个场所。代码已存在的改那个场所，没有的新增；表里没有的场所不受影响。"),
            _("场所代码可以不填，系统按市州和名称生成。"),
            _("经纬度用十进制度数（WGS 84），可以都不填；填了才能核对照片和签到的距离。"),
            _("不再使用的场所把“在用”改为“否”，不要删行：删行不会停用。"),
        ),
        2,
    ):
        house.put(sheet.cell(row, 6), text, "prose")
    fit_columns(sheet, fixed={2: 3, 5: 3, 6: 70})
