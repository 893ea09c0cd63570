"""A framework out as a workbook and in again, and every fault told with its cell."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from evaluation.framework.checks import check_framework
from evaluation.framework.demo_province import demo_framework
from evaluation.framework.document import sha256
from evaluation.framework.methods import METHODS
from evaluation.framework.tree import Framework, Measure, Node, Unit, Zone
from evaluation.framework.workbook import export_framework, import_framework
from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import use_locale


def small() -> Framework:
    return Framework(
        code="T1",
        name="试用体系",
        units=(Unit("a", "甲市", zones=("z",)), Unit("b", "乙市", ranked=False, population=2.5)),
        zones=(Zone("z", "东片"),),
        nodes=(
            Node("I", None, "总指数"),
            Node("D", "I", "维度"),
            Node("x", "D", "比例", unit="%", best=98.0, worst=1.0, minimum=0.0, maximum=100.0),
            Node("y", "D", "时间", direction=-1, best=1.0, worst=9.0, methods=("full_filing",)),
        ),
        measures=(
            Measure(1, "招标", "=缩短时间", deadline="2026-12-31", indicators=("x",)),
            Measure(2, "", "其他", supporting_units=("甲局", "乙局")),
        ),
        method={"rank": {"ties": "min", "decimals": 2}, "aggregate": {"levels": ["a", "b"]}},
    )


def edited(change: Callable[[openpyxl.Workbook], object]) -> bytes:
    """The small framework's workbook after somebody's hand."""
    book = openpyxl.load_workbook(io.BytesIO(export_framework(small())))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def faults(data: bytes) -> list[Fault]:
    with pytest.raises(Faulty) as refusal:
        import_framework(data, name="体系.xlsx")
    return list(refusal.value.faults)


def at(sheet: Worksheet, key: str, row: int) -> str:
    """Address of a key's cell in a data row, counting from 0."""
    column = [cell.value for cell in sheet[2]].index(key) + 1
    return sheet.cell(row + 3, column).coordinate


words = st.text(
    st.characters(whitelist_categories=("Lu", "Ll", "Lo", "Nd", "Sm", "Po"), max_codepoint=0x9FFF),
    min_size=1,
    max_size=12,
).map(str.strip).filter(bool)  # fmt: skip
single = words.map(lambda said: "".join(c for c in said if c not in "、,，;；")).filter(bool)
names = st.builds(lambda n: f"c{n}", st.integers(0, 10**6))
numbers = st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: round(x, 6) + 0.0)
plain_method = st.recursive(
    st.booleans() | st.integers(-(10**6), 10**6) | numbers | st.text("abc .\"[{=", max_size=8)
    | st.lists(st.text("ab", max_size=3), max_size=3),
    lambda inner: st.dictionaries(st.text("abc.\" é", min_size=1, max_size=5), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@st.composite
def frameworks(draw: st.DrawFn) -> Framework:
    zones = draw(st.lists(names, unique=True, max_size=3))
    units = draw(st.lists(names, unique=True, min_size=1, max_size=4))
    codes = draw(st.lists(names, unique=True, min_size=2, max_size=8))
    maybe = st.none() | numbers
    nodes = [Node(codes[0], None, draw(words), official=draw(st.booleans()))]
    for n, code in enumerate(codes[1:]):
        low, high = sorted(draw(st.lists(numbers, min_size=2, max_size=2, unique=True)))
        direction = draw(st.sampled_from((1, -1)))
        nodes.append(
            Node(
                code,
                codes[draw(st.integers(0, n))],
                draw(words),
                draw(st.just("") | words),
                direction,
                draw(st.floats(0.001, 10).map(lambda x: round(x, 4))),
                draw(st.just("") | words),
                *((high, low) if direction > 0 else (low, high)),
                methods=tuple(draw(st.lists(st.sampled_from(list(METHODS)), unique=True))),
                allow_not_applicable=draw(st.booleans()),
                target=draw(maybe),
                warning=draw(maybe),
                decimals=draw(st.none() | st.integers(0, 6)),
                evidence_required=draw(st.booleans()),
            )
        )
    return Framework(
        draw(names),
        draw(words),
        edition=draw(st.just("") | words),
        official=draw(st.booleans()),
        units=tuple(
            Unit(
                code,
                draw(words),
                ranked=draw(st.booleans()),
                zones=tuple(zones[: draw(st.integers(0, len(zones)))]),
                population=draw(st.none() | st.floats(0, 1e5).map(lambda x: round(x, 3) + 0.0)),
            )
            for code in units
        ),
        zones=tuple(Zone(code, draw(words)) for code in zones),
        nodes=tuple(nodes),
        measures=tuple(
            Measure(
                no,
                text=draw(words),
                category=draw(st.just("") | words),
                supporting_units=tuple(draw(st.lists(single, max_size=2))),
                deadline=draw(st.just("") | st.dates().map(lambda day: day.isoformat())),
                target=draw(maybe),
                indicators=tuple(codes[: draw(st.integers(0, 2))]),
            )
            for no in range(1, draw(st.integers(1, 4)))
        ),
        method=draw(st.dictionaries(st.text("abc.", min_size=1, max_size=4), plain_method)),
    )


@settings(derandomize=True, max_examples=60, deadline=None)
@given(frameworks())
def test_out_and_in_gives_the_same_framework(framework: Framework) -> None:
    again = import_framework(export_framework(framework), name="a.xlsx")
    assert again == framework
    assert sha256(again) == sha256(framework)


def test_demo_goes_out_and_in_in_either_language() -> None:
    with use_locale("en"):
        data = export_framework(demo_framework())
    assert import_framework(data, name="a.xlsx") == demo_framework()


def test_the_same_framework_gives_the_same_bytes() -> None:
    assert export_framework(small()) == export_framework(small())


@pytest.mark.parametrize("gone", [1, 2])
def test_either_header_row_is_enough(gone: int) -> None:
    data = edited(lambda book: [sheet.delete_rows(gone) for sheet in book.worksheets[1:]])
    assert import_framework(data, name="a.xlsx") == small()


def test_a_title_above_the_header_is_let_be() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["指标"].insert_rows(1)
        book["指标"]["A1"] = "某省指标体系"

    assert import_framework(edited(change), name="a.xlsx") == small()


def test_formula_in_a_text_stays_text() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(export_framework(small())))["整改措施"]
    assert sheet["C3"].data_type == "s"
    assert sheet["C3"].value == "=缩短时间"


def put(sheet: str, key: str, row: int, value: object) -> Callable[[openpyxl.Workbook], object]:
    def change(book: openpyxl.Workbook) -> None:
        book[sheet][at(book[sheet], key, row)] = value

    return change


def percent(book: openpyxl.Workbook) -> None:
    cell = book["指标"][at(book["指标"], "best", 2)]
    cell.value, cell.number_format = 0.98, "0%"


CELLS = {
    "full-width": put("指标", "weight", 2, "１"),
    "thousands-separator": put("指标", "best", 2, "1,234"),
    "percent-sign": put("指标", "best", 2, "98%"),
    "percent-format": percent,
    "text-with-number": put("指标", "worst", 3, "9天"),
    "formula-without-value": put("指标", "worst", 3, "=4+5"),
    "error-value": put("指标", "worst", 3, "#DIV/0!"),
    "duplicate-code": put("指标", "code", 3, "x"),
    "bad-code": put("指标", "code", 3, "a/b"),
    "empty-code": put("参评单位", "code", 1, None),
    "empty-name": put("参评单位", "name", 1, " "),
    "unknown-parent": put("指标", "parent", 3, "Q"),
    "several-roots": put("指标", "parent", 1, None),
    "negative-weight": put("指标", "weight", 3, -1),
    "not-a-choice": put("指标", "direction", 3, "斜向"),
    "goalposts-against-direction": put("指标", "direction", 2, "逆向"),
    "equal-goalposts": put("指标", "worst", 3, 1),
    "half-goalposts": put("指标", "worst", 3, None),
    "minimum-above-maximum": put("指标", "minimum", 2, 200),
    "out-of-range": put("指标", "target", 2, 150),
    "not-whole": put("指标", "decimals", 2, 1.5),
    "unknown-method": put("指标", "methods", 3, "全量数据填报、神算"),
    "unknown-zone": put("参评单位", "zones", 0, "z、东"),
    "unknown-indicator": put("整改措施", "indicators", 0, "x,没有"),
    "bad-date": put("整改措施", "deadline", 0, "2026-02-30"),
    "bad-number": put("整改措施", "no", 1, 1),
    "empty-text": put("整改措施", "text", 1, None),
    "empty-value": put("评分方法", "value", 0, None),
    "bad-method-row": put("评分方法", "value", 0, '["a"'),
    "duplicate-method-key": put("评分方法", "key", 1, "rank.ties"),
}


@pytest.mark.parametrize("code", CELLS)
def test_every_bad_cell_is_told_with_its_place_and_mend(code: str) -> None:
    found = [fault for fault in faults(edited(CELLS[code])) if fault.code == code]
    assert found, code
    assert found[0].sheet
    assert found[0].cell
    assert found[0].file == "体系.xlsx"
    assert found[0].remedy()
    with use_locale("en"):
        assert found[0].explain() != found[0].what


def test_place_is_the_cell_itself() -> None:
    (fault,) = faults(edited(put("指标", "best", 2, "1,234")))
    assert (fault.sheet, fault.cell, fault.column) == ("指标", "H5", "最优值")
    assert "1234" in fault.remedy()


def test_a_cycle_is_told_with_its_way() -> None:
    found = faults(edited(put("指标", "parent", 0, "D")))
    cycle = next(fault for fault in found if fault.code == "cycle")
    assert "I → D → I" in cycle.explain()
    assert "no-root" in {fault.code for fault in found}


def test_renamed_header_is_told_with_the_nearest() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["指标"]["H1"], book["指标"]["H2"] = "最优数值", None

    (fault,) = faults(edited(change))
    assert (fault.code, fault.cell) == ("unknown-header", "H1")
    assert "最优值" in fault.remedy()


def test_missing_required_column_is_told() -> None:
    codes = [f.code for f in faults(edited(lambda book: book["指标"].delete_cols(1)))]
    assert "missing-column" in codes


def test_unknown_column_and_sheet_are_told() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["分区"]["Z1"] = "我的想法"
        book.create_sheet("草稿")["A1"] = "x"

    assert {f.code for f in faults(edited(change))} == {"unknown-header", "unknown-sheet"}


def test_renamed_sheet_is_told_once_with_the_right_name() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["指标"].title = "指标表"

    found = [fault for fault in faults(edited(change)) if fault.code == "missing-sheet"]
    assert len(found) == 1
    assert "指标表" in found[0].remedy()


def test_merged_cells_are_told() -> None:
    found = faults(edited(lambda book: book["指标"].merge_cells("B5:B6")))
    assert ("merged-cells", "B5") in {(f.code, f.cell) for f in found}


def test_an_empty_workbook_is_told() -> None:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    assert {f.code for f in faults(out.getvalue())} >= {"missing-sheet", "unknown-sheet"}


def test_every_fault_comes_at_once() -> None:
    def change(book: openpyxl.Workbook) -> None:
        for code in ("full-width", "text-with-number", "unknown-zone", "bad-date", "empty-value"):
            CELLS[code](book)

    found = [fault.code for fault in faults(edited(change))]
    assert sorted(found) == [
        "bad-date",
        "empty-value",
        "full-width",
        "text-with-number",
        "unknown-zone",
    ]


def test_zero_weights_no_indicators_and_no_units() -> None:
    nodes = (Node("I", None, "总"), Node("x", "I", "指", weight=0.0))
    codes = [finding.code for finding in check_framework(Framework("F", "名", nodes=nodes))]
    assert codes == ["no-units", "zero-weights"]
    units = (Unit("a", "甲"),)
    lone = Framework("F", "名", units=units, nodes=(Node("I", None, "总"),))
    assert [finding.code for finding in check_framework(lone)] == ["no-indicators"]
    assert "no-indicators" in [f.code for f in check_framework(Framework("F", "名", units=units))]
