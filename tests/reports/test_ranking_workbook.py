"""The ranking workbook, opened and looked into."""

from __future__ import annotations

import io
import re
import zipfile

import numpy as np
import pytest
from openpyxl import Workbook, load_workbook

from evaluation.framework.tree import Unit
from evaluation.platform.i18n import use_locale
from reports.ranking import Provenance, ranking_report
from reports.render.tables import format_value
from reports.render.xlsx import render_xlsx
from tests.reports.factories import deep, framework, province, scored, two_levels, units

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
ATTACKS = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "=1+1\x07",
    "\x07=1+1",
)


def opened(data: bytes, **options: bool) -> Workbook:
    return load_workbook(io.BytesIO(data), **options)


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_it_looks_as_an_office_expects() -> None:
    book = opened(render_xlsx(ranking_report(province(15))))
    assert book.sheetnames == [
        "总排名", "一级指标得分", "一级指标排名", "指标明细", "与上期对比", "城市对标",
        "方法与说明",
    ]  # fmt: skip
    for sheet in book:
        assert "演示数据" in sheet["A1"].value
        assert any(str(merged).startswith("A1:") for merged in sheet.merged_cells.ranges)
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows
        assert "演示数据" in sheet.oddHeader.center.text
        assert "演示数据" in sheet.oddFooter.center.text
        last = [row[0].value for row in sheet.iter_rows(min_row=sheet.max_row - 2)]
        assert any("填表人" in str(text) and "审核人" in str(text) for text in last)
    assert book["总排名"].freeze_panes == "C4"
    assert book["一级指标得分"].freeze_panes == "D5"
    assert [cell.value for cell in book["总排名"][3]][:5] == [
        "序号", "参评单位", "综合得分", "排名", "较上期",
    ]  # fmt: skip
    assert book["总排名"]["A2"].value == "单位：分、名次"
    assert book["总排名"]._charts
    assert len(book["城市对标"]._charts) == 15


def test_every_cell_shows_what_the_screen_says() -> None:
    """The workbook's value, formatted by its own number format, is `format_value`'s text."""
    report = ranking_report(province(15))
    book = opened(render_xlsx(report), data_only=True)
    for key, title in (("standing", "总排名"), ("dimension_scores", "一级指标得分")):
        table = report.tables[key][1]
        first = 4 + bool(table.weights)
        for at, row in enumerate(table.rows):
            cells = book[title][first + at][: len(row.cells)]
            for column, given, cell in zip(table.columns, row.cells, cells, strict=True):
                expected = format_value(column, given)
                if isinstance(cell.value, str) or cell.value is None:
                    assert (cell.value or "") == expected
                elif column.kind == "score":
                    assert format_value(column, cell.value) == expected
                    assert cell.number_format == "#,##0.00"


def test_formulas_carry_our_values_for_those_who_do_not_recompute() -> None:
    data = render_xlsx(ranking_report(province(15)))
    live, cached = opened(data), opened(data, data_only=True)
    assert live["总排名"]["C4"].value == f"='一级指标得分'!C{_row(live, cached)}"
    formulas = [
        (sheet.title, cell.coordinate)
        for sheet in live
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert len(formulas) > 300
    for title, where in formulas:
        assert isinstance(cached[title][where].value, int | float)


def _row(live: Workbook, cached: Workbook) -> int:
    leader = live["总排名"]["B4"].value
    return next(cell.row for cell in live["一级指标得分"]["B"] if cell.value == leader)


def test_city_names_lead_to_their_indicators() -> None:
    book = opened(render_xlsx(ranking_report(province(15))))
    for cell in book["总排名"]["B"][3:18]:
        sheet, where = cell.hyperlink.location.split("!")
        target = book[sheet.strip("'")]
        assert target.title == "指标明细"
        assert target.cell(target[where].row, 2).value == cell.value
        assert target.cell(target[where].row, 1).value == 1


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_a_person_wrote_becomes_a_formula(attack: str) -> None:
    names = tuple(Unit(f"U{at}", attack, attack, zones=("Z1",)) for at in range(1, 4))
    nodes = tuple(
        type(node)(
            node.code, node.parent, attack, attack, unit=attack, best=node.best, worst=node.worst
        )
        for node in two_levels(3, 2)
    )
    made = framework(nodes, names, name=attack, name_en=attack, organiser=attack)
    told = Provenance(attack, attack, attack, attack, attack)
    facts = province(
        3, nodes, framework=made, sheet=scored(made), round_name=attack, organiser=attack,
        published=attack, previous_round_name=attack,
        provenance={(f"U{at}", leaf.code): told for at in range(1, 4) for leaf in made.indicators},
    )  # fmt: skip
    data = render_xlsx(ranking_report(facts))
    for sheet in opened(data):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert attack.strip() not in cell.value
                    assert "cmd" not in cell.value
    for name, part in parts(data).items():
        for formula in re.findall(r"<f>([^<]*)</f>", part):
            assert "cmd" not in formula, name
    assert not [name for name in parts(data) if "externalLink" in name]


def test_a_city_finds_no_other_citys_indicator_anywhere_in_the_file() -> None:
    made = framework(two_levels(4, 3), units(6))
    values = np.random.default_rng(5).uniform(1, 99, (6, 12)).round(9)
    facts = province(
        6, made.nodes, framework=made, sheet=scored(made, values=values),
        previous=scored(made, 2), audience=frozenset({"U002"}), demo=False,
    )  # fmt: skip
    everything = "\n".join(parts(render_xlsx(ranking_report(facts))).values())
    sheet = facts.sheet
    at = [sheet.nodes.index(code) for code in sheet.indicators]
    for i, city in enumerate(sheet.cities):
        private = [
            *(repr(value)[:9] for value in sheet.raw[i].tolist()),
            *(repr(value)[:9] for value in sheet.scores[i, at].tolist()),
        ]
        seen = [text for text in private if text in everything]
        evidence = f"{city}-D01.01.pdf" in everything
        if city == "U002":
            assert len(seen) == len(private)
            assert evidence
        else:
            assert seen == []
            assert not evidence


def test_in_english_nothing_is_left_in_chinese() -> None:
    made = framework(two_levels(18, 3), units(6), organiser="Office")
    sheet = scored(made, method={"impute": {"method": "median"}, "treat": {"method": "winsorise"}})
    told = Provenance("Filing", "Ledger", "2026-10-08", "Somebody", "x.pdf")
    facts = province(
        6, made.nodes, framework=made, sheet=sheet, organiser="Office", round_name="2026",
        previous=scored(made, 2), previous_round_name="2025",
        provenance={(unit.code, "D01.01"): told for unit in made.units},
    )  # fmt: skip
    with use_locale("en"):
        data = render_xlsx(ranking_report(facts))
    for name, part in parts(data).items():
        if name in ("xl/styles.xml", "docProps/core.xml"):  # the font's name, the program's name
            continue
        text = part.replace("　", " ")
        assert not CHINESE.search(text), (name, CHINESE.findall(text)[:20])


def test_the_report_speaks_the_language_of_whoever_renders_it() -> None:
    report = ranking_report(province(3))
    chinese = render_xlsx(report)
    with use_locale("en"):
        english = render_xlsx(report)
    assert opened(chinese).sheetnames[0] == "总排名"
    assert opened(english).sheetnames[0] == "Ranking"


def test_the_same_report_gives_the_same_bytes() -> None:
    report = ranking_report(province(5))
    assert render_xlsx(report) == render_xlsx(report)


def test_333_units_are_all_there() -> None:
    facts = province(333, two_levels(18, 1))
    book = opened(render_xlsx(ranking_report(facts)), data_only=True)
    ranks = [cell.value for cell in book["总排名"]["D"][3:336]]
    assert ranks[:332] == list(range(1, 333))
    assert ranks[332] == "参评不排名"
    assert book["指标明细"].max_row > 333 * 18
    assert len(book["城市对标"]._charts) == 1


@pytest.mark.parametrize("levels", [1, 2, 5])
def test_any_depth_renders(levels: int) -> None:
    book = opened(render_xlsx(ranking_report(province(3, deep(levels), compared=False))))
    assert len(book.sheetnames) == 7
    assert "没有上期结果" in book["与上期对比"]["A3"].value


def test_names_that_excel_refuses_still_make_a_workbook() -> None:
    made = framework(two_levels(3, 1), units(3), name="a" * 300 + "[]:*?/\\'&\x00")
    facts = province(3, made.nodes, framework=made, sheet=scored(made), round_name="A&B'C")
    book = opened(render_xlsx(ranking_report(facts)))
    assert "A&&B'C" in book["总排名"].oddFooter.left.text
