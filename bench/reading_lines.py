"""Read and validate filled workbooks, against python-calamine reading the same file."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import python_calamine as calamine

from bench import province
from bench.measuring import Line, traced
from evaluation.framework.document import sha256
from evaluation.framework.methods import FULL_FILING
from surveys.filings.reading import Expected, read_filled
from surveys.filings.rules import Entry
from surveys.filings.store import Cell
from surveys.filings.template import Occasion, template
from surveys.observations.value_reading import read_values
from surveys.observations.value_writing import write_values

LIMIT = 3.0
BASELINE = "python-calamine reading the same file"
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def lines() -> Iterator[Line]:
    """Two province-wide workbooks, and one city's filled template."""
    for units in (province.SMALL, province.LARGE):
        yield _wide(units)
    yield _template()


def _wide(units: int) -> Line:
    made, cells = province.framework(units), province.given(units)
    data = write_values(made, FULL_FILING, cells, title="bench")

    def ours() -> object:
        return read_values(data, name="values.xlsx", framework=made, method=FULL_FILING)

    found = read_values(data, name="values.xlsx", framework=made, method=FULL_FILING)
    assert found.count == len(cells)
    large = units == province.LARGE
    return _line(f"read {units}×94", ours, data, rounds=9 if large else 25, calls=1 if large else 5)


def _template() -> Line:
    made, cells = province.framework(province.SMALL), province.given(province.SMALL)
    city, digest = made.units[0], sha256(made)
    filled = {
        node.code: Cell(_entry(cells.get((city.code, node.code))), 1) for node in made.indicators
    }
    last = {node.code: 1.0 for node in made.indicators}
    occasion = Occasion("R", "bench", city.code, city.name, digest, 1, NOW, "Asia/Shanghai")
    data = template(made, occasion, filled, last)
    expected = Expected("R", city.code, digest, 1)

    def ours() -> object:
        return read_filled(data, name="filing.xlsx", framework=made, expected=expected)

    found = read_filled(data, name="filing.xlsx", framework=made, expected=expected)
    assert len(found.given) == len(made.indicators), found.faults
    assert not found.faults
    return _line("read one city's 1×94", ours, data, rounds=25, calls=5)


def _line(name: str, ours: Callable[[], object], data: bytes, *, rounds: int, calls: int) -> Line:
    def bare() -> object:
        with calamine.load_workbook(io.BytesIO(data)) as book:
            return [book.get_sheet_by_name(sheet).to_python() for sheet in book.sheet_names]

    return Line(
        name, ours, bare, LIMIT, BASELINE, rounds=rounds, calls=calls, memory=traced(ours, bare)
    )


def _entry(value: float | bool | None) -> Entry:
    return Entry(None, not_applicable=True) if value is True else Entry(value)
