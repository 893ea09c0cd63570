"""How a reader's spreadsheet recomputes a cell. Only our own references go into a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from reports.model import Derivation, Difference, RankOf, SameAs, SummaryKind, WeightedMean
from reports.render.placing import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reports.render.placing import Place

SUMMARIES: dict[SummaryKind, str] = {"mean": "AVERAGE", "max": "MAX", "min": "MIN"}


def formula(derived: Derivation, place: Place, row: int, places: Mapping[str, Place]) -> str:
    """The formula of a derived cell in *row* of the table at *place*."""
    match derived:
        case WeightedMean(columns=columns):
            return _weighted_mean(place, row, columns)
        case RankOf(table=table, row=key, column=column):
            return _rank(place, places[table], key, column)
        case SameAs(table=table, row=key, column=column):
            there = places[table]
            return f"={_sheet(place, there)}{there.letter(column)}{there.row_of(key)}"
        case Difference(column=column, minus=minus):
            return f"={place.letter(column)}{row}-{place.letter(minus)}{row}"
        case _:
            assert_never(derived)


def summary(kind: SummaryKind, place: Place, column: str) -> str:
    """The mean, highest or lowest of the peers in a column."""
    return f"={SUMMARIES[kind]}({place.peers(column)})"


def _weighted_mean(place: Place, row: int, columns: tuple[str, ...]) -> str:
    """Over the numbers present: words (缺失, 不适用) count neither above nor below."""
    first, last = place.letter(columns[0]), place.letter(columns[-1])
    weights = f"${first}${place.weights}:${last}${place.weights}"
    scores = f"{first}{row}:{last}{row}"
    return f"=SUMPRODUCT({weights},{scores})/SUMPRODUCT({weights},--ISNUMBER({scores}))"


def _rank(here: Place, there: Place, key: str, column: str) -> str:
    """1 + how many peers are above.

    COUNTIF would compare 15 digits of text, RANK the last bit of a recomputed total: both can
    part a tie. A billionth of a point is never a lead.
    """
    sheet = _sheet(here, there)
    peers = sheet + there.peers(column)
    own = f"{sheet}{there.letter(column)}{there.row_of(key)}"
    return f"=SUMPRODUCT(ISNUMBER({peers})*({peers}>{own}+1E-9))+1"


def _sheet(here: Place, there: Place) -> str:
    return "" if here.sheet == there.sheet else quoted(there.sheet) + "!"
