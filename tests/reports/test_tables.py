"""How values look."""

from __future__ import annotations

import pytest

from evaluation.platform.i18n import use_locale
from reports.model import Cell, Column, Phrase, Row, Table
from reports.render.tables import HEAT_COLOURS, format_value, heading, heat_level, heat_range


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        (Column("a", "a", "score", 2), 83.125, "83.13"),
        (Column("a", "a", "score", 2), 61.825, "61.83"),
        (Column("a", "a", "score", 2), 1.005, "1.01"),
        (Column("a", "a", "score", 2), 1e300, f"{1e300:,.2f}"),
        (Column("a", "a", "score", 2), None, "—"),
        (Column("a", "a", "score", 2), float("nan"), "—"),
        (Column("a", "a", "rank"), 3.0, "3"),
        (Column("a", "a", "rank"), 1.5, "1.5"),
        (Column("a", "a", "change", 0), 2.0, "▲2"),
        (Column("a", "a", "change", 2), -1.239, "▼1.24"),
        (Column("a", "a", "change", 0), 0.0, "—"),
        (Column("a", "a", "value"), 12345.0, "12,345"),
        (Column("a", "a", "value"), -0.00123, "-0.0012"),
        (Column("a", "a", "value"), 0.5, "0.50"),
        (Column("a", "a", "value"), 3.14159, "3.14"),
        (Column("a", "a", "value"), Cell(3.14159, decimals=1), "3.1"),
        (Column("a", "a"), None, ""),
        (Column("a", "a", "value"), Phrase("缺失"), "缺失"),
    ],
)
def test_format(column: Column, value: object, text: str) -> None:
    assert format_value(column, value) == text  # type: ignore[arg-type]


def test_heading_carries_the_unit_in_the_current_language() -> None:
    column = Column("t", Phrase("得分"), unit=Phrase("单位：分"))
    assert heading(column) == "得分（单位：分）"
    with use_locale("en"):
        assert heading(column) == "Score (Unit: points)"


def test_heat_has_ten_steps_and_ranks_run_the_other_way() -> None:
    assert len(HEAT_COLOURS) == 10
    assert [heat_level(x, 0, 100) for x in (-5, 0, 9.99, 50, 99, 100, 120)] == [0, 0, 0, 5, 9, 9, 9]
    assert heat_level(1, 1, 14, reverse=True) == 9
    assert heat_level(14, 1, 14, reverse=True) == 0
    assert heat_level(3, 3, 3) == 5


def test_dark_text_can_be_read_on_every_step() -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    ink = luminance("1F2328")
    steps = [luminance(colour) for colour in HEAT_COLOURS]
    assert all((step + 0.05) / (ink + 0.05) >= 4.5 for step in steps)
    assert steps == sorted(steps, reverse=True)


def test_heat_looks_at_peers_only() -> None:
    rows = (
        Row("a", (10.0,)),
        Row("b", (20.0,)),
        Row("c", (Phrase("缺失"),)),
        Row("d", (99.0,), False),
    )
    table = Table("t", (Column("x", "x", "score"),), rows)
    assert heat_range(table, "x") == (10.0, 20.0)
    assert table.summary("mean", "x") == 15.0
