"""Points, lists, bands and challengers in the ranking report, for those who may see them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reports.model import Report, Table, plain
from reports.ranking import ranking_report
from reports.render.xlsx import render_xlsx
from tests.reports.factories import framework, province, scored, two_levels, units

METHOD = {
    "weights": {"method": "equal"},
    "grades": {"by": "rank", "names": ["一档", "二档"], "limits": [2]},
    "challengers": {"methods": ["topsis", "vikor", "promethee"], "reversals": True},
}


def _report(at: int | None = None) -> tuple[Report, list[str]]:
    made = framework(two_levels(3, 2), units(5, unranked=0))
    one, two, *_ = [unit.code for unit in made.units]
    adjust = {
        "bonus_cap": 1,
        "items": [{"city": one, "code": "奖励", "kind": "bonus", "points": 2, "reason": "文件"}],
        "lists": [
            {
                "code": "重大案件", "colour": "black", "cities": [two], "reason": "通报",
                "effect": "rank", "rank": 5,
            },
            {
                "code": "失信", "colour": "black", "cities": [two], "reason": "通报",
                "effect": "grade", "grade": "二档",
            },
        ],
    }  # fmt: skip
    sheet = scored(made, method={**METHOD, "adjust": adjust}, gaps=False)
    facts = province(5, made.nodes, framework=made, sheet=sheet)
    if at is not None:
        facts = replace(facts, audience=frozenset({made.units[at].code}))
    return ranking_report(facts), [one, two]


def _column(table: Table, key: str) -> list[object]:
    return [plain(row.cells[table.position[key]]) for row in table.rows]


def test_everything_that_followed_the_scores_has_a_table() -> None:
    report, (one, two) = _report()
    section = next(each for each in report.sections if each.key == "further")
    tables = {table.key: table for table in section.tables}
    assert list(tables) == [
        "grades", "points", "point_items", "lists", "challengers", "reversals",
    ]  # fmt: skip
    assert _column(tables["grades"], "grade").count("一档") == 2
    assert _column(tables["points"], "bonus") == [1]
    assert [str(text) for text in _column(tables["points"], "limited")] == ["加分"]
    assert _column(tables["point_items"], "counted") == [2]
    assert _column(tables["lists"], "to") == [5, "二档"]
    assert sorted(_column(tables["challengers"], "vikor"))[0] == 1  # type: ignore[type-var]
    assert _column(tables["reversals"], "cities")[0] == 0  # fixed goalposts, equal weights
    standing = report.tables["standing"][1]
    assert standing.rows[-1].key == two
    assert one in standing.row_position


def test_the_weights_shown_are_those_that_made_the_scores() -> None:
    report, _ = _report()
    weights = report.tables["weights"][1]
    assert set(_column(weights, "weight")) - {None} == {round(1 / 3, 12), 0.5}
    lines = {row.key for row in report.tables["method"][1].rows}
    assert {"weights.method", "weights.executed.executed", "adjust.bonus_cap"} <= lines


def test_the_workbook_has_a_sheet_of_it() -> None:
    report, _ = _report()
    assert render_xlsx(report).startswith(b"PK")


def test_without_any_there_is_no_such_section() -> None:
    report = ranking_report(province(5))
    assert "further" not in {section.key for section in report.sections}


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_city_sees_nothing_of_the_others(at: int) -> None:
    full, _ = _report()
    cities = [row.key for row in full.tables["dimension_scores"][1].rows]
    report, (one, two) = _report(at)
    section = next(each for each in report.sections if each.key == "further")
    tables = {table.key: table for table in section.tables}
    assert not {"challengers", "reversals"} & set(tables)
    assert [row.key for row in tables["grades"].rows] == [cities[at]]
    assert ("points" in tables) == (cities[at] == one)
    assert ("lists" in tables) == (cities[at] == two)
