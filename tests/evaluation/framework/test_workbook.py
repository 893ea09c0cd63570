"""A framework out as a workbook and in again is the same framework."""

from __future__ import annotations

import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.framework.demo_province import demo_framework
from evaluation.framework.document import sha256
from evaluation.framework.methods import METHODS
from evaluation.framework.tree import Framework, Measure, Node, Unit, Zone
from evaluation.framework.workbook import export_framework, import_framework
from evaluation.platform.i18n import use_locale
from tests.evaluation.framework.examples import edited, small

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
