"""Two scorings compared as a `Report`: every city's change, and its causes, which add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.platform.i18n import N_
from reports.model import Column, Name, Note, Phrase, Report, Row, Section, Table, Text
from reports.screen.comparison import change_words, difference_name

if TYPE_CHECKING:
    from scoring.composite.sheet import ScoreSheet, Tree
    from scoring.whatif import Comparison


@dataclass(frozen=True)
class Named:
    """Names by code: of nodes in both languages, and of cities."""

    nodes: Mapping[str, str]
    nodes_en: Mapping[str, str]
    cities: Mapping[str, str]

    def node(self, code: str) -> Text:
        """A node's name, its code where it has none."""
        name = self.nodes.get(code, "")
        return Name(name, self.nodes_en.get(code, "")) if name else code

    def unit(self, code: str) -> Text:
        """A city's name, its code where it has none."""
        return self.cities.get(code, "") or code


def comparison_report(
    made: Comparison,
    sheets: tuple[ScoreSheet, ScoreSheet],
    trees: tuple[Tree, Tree],
    named: Named,
) -> Report:
    """Sections ``cities`` and ``parts``; the parts of a city add up to its change."""
    ends = _cities(made, sheets, trees, named), _parts(made, named)
    return Report("comparison", Phrase(N_("两次评分的比较")), ends)


def _cities(
    made: Comparison,
    sheets: tuple[ScoreSheet, ScoreSheet],
    trees: tuple[Tree, Tree],
    named: Named,
) -> Section:
    columns = (
        Column("code", Phrase(N_("代码"))),
        Column("city", Phrase(N_("参评单位"))),
        Column("before", Phrase(N_("原得分")), "score", 2),
        Column("after", Phrase(N_("现得分")), "score", 2),
        Column("change", Phrase(N_("变化")), "change", 4),
        Column("rank", Phrase(N_("原名次")), "rank"),
        Column("new_rank", Phrase(N_("现名次")), "rank"),
    )
    rows = []
    for at, city in enumerate(made.cities):
        scores, ranks = (
            [_at(sheet, stage, city, tree.root) for sheet, tree in zip(sheets, trees, strict=True)]
            for stage in ("scores", "ranks")
        )
        change = _known(made.score_change[at])
        rows.append(Row(city, (city, named.unit(city), *scores, change, *ranks)))
    rows.sort(key=lambda row: (row.cells[6] is None, row.cells[6] or 0.0, row.key))
    table = Table("cities", columns, tuple(rows), Phrase(N_("总分与名次")))
    return Section("cities", Phrase(N_("总分与名次")), (table,))


def _parts(made: Comparison, named: Named) -> Section:
    columns = (
        Column("code", Phrase(N_("代码"))),
        Column("city", Phrase(N_("参评单位"))),
        Column("cause", Phrase(N_("原因")), width=40),
        Column("was", Phrase(N_("原值")), width=24),
        Column("now", Phrase(N_("现值")), width=24),
        Column("points", Phrase(N_("得分")), "change", 4),
        Column("places", Phrase(N_("名次变化")), "change", 2),
    )
    rows = []
    for city, said in made.as_mapping()["cities"].items():
        for part in said["parts"]:
            what = made.differences[part["difference"]]
            was, now = change_words(made, what, city)
            cells = (named.unit(city), difference_name(what, named), was, now)
            places = None if part["rank"] is None else -part["rank"]
            rows.append(Row(f"{city}/{part['difference']}", (city, *cells, part["score"], places)))
    how = Phrase(N_("每项原因的份额是它在所有先后次序中影响的平均（夏普利值），精确计算。"))
    if made.how != "shapley":
        word = N_("每项原因的份额是它在 {orders} 种先后次序中影响的平均（每种次序连同其倒序）。")
        how = Phrase(word, {"orders": made.orders})
    note = Note(Phrase(N_("同一单位的各项原因相加等于它的总变动。")))
    table = Table("parts", columns, tuple(rows), Phrase(N_("变动的原因")), filtered=True)
    return Section("parts", Phrase(N_("变动的原因")), (table,), notes=(Note(how), note))


def _at(sheet: ScoreSheet, stage: str, city: str, root: str) -> float | None:
    if city not in sheet.cities:
        return None
    return _known(getattr(sheet, stage)[sheet.cities.index(city), sheet.nodes.index(root)])


def _known(value: float) -> float | None:
    return None if value != value else float(value)
