"""How values look, so that the screen and the workbook agree."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from evaluation.platform.i18n import _
from reports.model import Cell, Column, Phrase, Table, Value, plain

#: The weakest, the middle and the strongest of a heat scale: pale yellow, grey-green, blue. Safe
#: for colour-blind eyes, and dark text can be read on all of it.
HEAT_ENDS = ("FFF4C2", "BFCDCB", "6C94CF")
#: The same scale in ten steps, for `heat_level`.
HEAT_COLOURS = (
    "FFF4C2",
    "F1EBC4",
    "E3E3C6",
    "D4DAC8",
    "C6D1CA",
    "B6C7CB",
    "A3BACC",
    "91ADCD",
    "7EA1CE",
    "6C94CF",
)
EMPTY = "—"
EXACT = 1e15  # from here on a double has no decimals to round


def decimals_of(value: float, column: Column, cell_decimals: int | None = None) -> int:
    """Decimals to show: the cell's own, else the column's, else as many as the number needs."""
    if cell_decimals is not None:
        return cell_decimals
    if column.decimals is not None:
        return column.decimals
    if float(value).is_integer():
        return 0
    hundredths = abs(value) * 100
    return 2 if hundredths >= 100 or abs(hundredths - round(hundredths)) < 1e-9 else 4


def format_value(column: Column, value: Value | Cell) -> str:
    """The text of a cell in the current language: numbers rounded here and nowhere before."""
    decimals = value.decimals if isinstance(value, Cell) else None
    bare = plain(value)
    if bare is None:
        return "" if column.kind in ("text", "light") else EMPTY
    if not isinstance(bare, int | float):
        return str(bare)
    if column.kind in ("rank", "index"):
        return f"{bare:g}"  # an average rank may end in .5
    figure = rounded(abs(bare), decimals_of(bare, column, decimals))
    if column.kind == "change":
        return EMPTY if bare == 0 else ("▲" if bare > 0 else "▼") + figure
    return ("-" if bare < 0 else "") + figure


def rounded(value: float, decimals: int) -> str:
    """Half up on fifteen significant digits, as office programs show a number (四舍五入)."""
    if value >= EXACT:
        return f"{value:,.{decimals}f}"
    step = Decimal(1).scaleb(-decimals)
    return f"{Decimal(f'{value:.15g}').quantize(step, ROUND_HALF_UP):,f}"


def heading(column: Column) -> str:
    """The title of a column with its unit, our own words with a capital."""
    title, unit = str(column.title), str(column.unit)
    if isinstance(column.title, Phrase):
        title = title[:1].upper() + title[1:]
    return _("{title}（{unit}）", title=title, unit=unit) if unit else title


def heat_range(table: Table, key: str) -> tuple[float, float] | None:
    """Lowest and highest number of the peers in a column: the two ends of its heat scale."""
    numbers = list(table.numbers(key))
    return (min(numbers), max(numbers)) if numbers else None


def heat_level(value: float, low: float, high: float, *, reverse: bool = False) -> int:
    """The step of `HEAT_COLOURS` for *value* between *low* and *high*: 0 (weakest) to 9.

    ``reverse`` is for ranks, where the lowest number is the best. A column in which all are
    equal is in the middle.
    """
    if high <= low:
        return 5
    share = min(max((value - low) / (high - low), 0.0), 1.0)
    return min(int((1 - share if reverse else share) * 10), 9)
