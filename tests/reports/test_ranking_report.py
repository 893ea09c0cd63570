"""The ranking as a report, before any format."""

from __future__ import annotations

import numpy as np
import pytest

from reports.model import (
    Cell,
    Difference,
    RankOf,
    Report,
    SameAs,
    Table,
    Value,
    WeightedMean,
    plain,
)
from reports.ranking import ranking_report
from tests.reports.factories import deep, framework, province, scored, two_levels, units


def table(report: Report, key: str) -> Table:
    return report.tables[key][1]


def column(found: Table, key: str) -> list[Value]:
    return [plain(row.cells[found.position[key]]) for row in found.rows]


def words(found: Table, key: str) -> list[str]:
    return [str(value) for value in column(found, key)]


def derived(found: Table, key: str) -> list[object]:
    at = found.position[key]
    return [row.cells[at].derived for row in found.rows if isinstance(row.cells[at], Cell)]


def notes(report: Report, key: str) -> str:
    section = next(section for section in report.sections if section.key == key)
    return "\n".join(str(note.text) for note in section.notes)


def test_the_seven_sheets_stand_in_the_order_that_offices_expect() -> None:
    report = ranking_report(province(5))
    assert [str(section.title) for section in report.sections] == [
        "总排名", "一级指标得分", "一级指标排名", "指标明细", "与上期对比", "城市对标",
        "方法与说明",
    ]  # fmt: skip


def test_standing_is_by_rank_and_the_other_sheets_administrative() -> None:
    facts = province(15)
    report = ranking_report(facts)
    ranks = column(table(report, "standing"), "rank")
    assert ranks[:14] == [float(rank) for rank in range(1, 15)]
    order = [row.key for row in table(report, "dimension_scores").rows]
    assert order == [unit.code for unit in facts.framework.units]


def test_a_unit_that_is_not_ranked_stands_below_and_takes_no_rank() -> None:
    made = framework(two_levels(3, 2), units(4, unranked=0))
    middle = made.units[1]
    unranked = type(middle)(middle.code, middle.name, ranked=False)
    made = framework(made.nodes, (made.units[0], unranked, *made.units[2:]))
    best = np.full((4, 6), 50.0)
    best[1] = [100, 0, 0, 100, 100, 0]
    report = ranking_report(
        province(4, made.nodes, framework=made, sheet=scored(made, values=best))
    )
    for key in ("standing", "dimension_scores", "dimension_ranks", "previous"):
        assert table(report, key).rows[-1].key == middle.code
        assert [row.peer for row in table(report, key).rows] == [True, True, True, False]
    assert words(table(report, "standing"), "rank") == ["1.0", "1.0", "1.0", "参评不排名"]
    assert column(table(report, "dimension_scores"), "no") == [1, 2, 3, None]


def test_ties_share_a_rank_and_say_so() -> None:
    made = framework(two_levels(3, 2), units(4, unranked=0))
    values = np.array([[40.0] * 6, [70.0] * 6, [70.0] * 6, [20.0] * 6])
    values[:, 1::2] = 50.0
    report = ranking_report(
        province(4, made.nodes, framework=made, sheet=scored(made, values=values), previous=None)
    )
    standing = table(report, "standing")
    ranks = dict(zip((row.key for row in standing.rows), column(standing, "rank"), strict=True))
    assert ranks["U002"] == ranks["U003"]
    tied = [row.key for row in standing.rows if "并列" in str(plain(row.cells[-1]))]
    assert tied == ["U002", "U003"]


def test_missing_and_not_applicable_are_words_and_never_zero() -> None:
    facts = province(15)
    detail = table(ranking_report(facts), "detail")
    values = dict(zip((row.key for row in detail.rows), column(detail, "value"), strict=True))
    gone = facts.sheet.not_applicable
    missing = np.isnan(facts.sheet.raw) & ~gone
    assert gone.any()
    assert missing.any()
    for marks, word in ((gone, "不适用"), (missing, "缺失")):
        for city, leaf in zip(*np.nonzero(marks), strict=True):
            key = f"{facts.sheet.cities[city]}/{facts.sheet.indicators[leaf]}"
            assert str(values[key]) == word


def test_an_imputed_value_is_shown_as_missing_with_what_was_put_in() -> None:
    made = framework(two_levels(3, 2), units(5))
    values = np.random.default_rng(4).uniform(1, 99, (5, 6))
    values[2, 3] = np.nan
    sheet = scored(made, method={"impute": {"method": "median"}}, values=values)
    detail = table(ranking_report(province(5, made.nodes, framework=made, sheet=sheet)), "detail")
    remarks = [
        str(plain(row.cells[detail.position["remark"]]))
        for row in detail.rows
        if str(plain(row.cells[detail.position["value"]])) == "缺失"
    ]
    assert remarks
    assert all("插补为" in remark for remark in remarks)


@pytest.mark.parametrize(
    ("direction", "value", "word"),
    [
        (1, 80.0, "达标"),
        (1, 79.9, "未达标"),
        (1, 39.9, "预警"),
        (-1, 20.0, "达标"),
        (-1, 61.0, "预警"),
    ],
)
def test_lights_follow_the_direction(direction: int, value: float, word: str) -> None:
    from reports.ranking.detail import light

    leaves = [node for node in two_levels(2, 2) if node.target is not None]
    node = next(node for node in leaves if node.direction == direction)
    assert str(light(node, value)) == word


def test_without_targets_zones_provenance_or_intervals_their_columns_are_gone() -> None:
    made = framework(two_levels(4, 2, targets=False), units(4, zones=False))
    report = ranking_report(
        province(
            4,
            made.nodes,
            framework=made,
            sheet=scored(made),
            previous=None,
            provenance={},
            intervals={},
        )
    )
    detail = {column.key for column in table(report, "detail").columns}
    assert not detail & {"target", "light", "method", "source", "when", "by", "evidence", "remark"}
    assert "zone" not in table(report, "benchmark").position
    assert not {"interval", "change"} & set(table(report, "standing").position)


def test_without_an_earlier_round_the_comparison_says_so_in_one_line() -> None:
    report = ranking_report(province(4, compared=False, demo=False, official=True))
    section = next(section for section in report.sections if section.key == "previous")
    assert section.tables == ()
    assert [str(note.text) for note in section.notes] == ["没有上期结果，本期不作对比。"]


def test_change_is_positive_for_places_gained() -> None:
    facts = province(15)
    standing = table(ranking_report(facts), "standing")
    assert facts.previous is not None
    root = facts.sheet.nodes.index("B")
    for row in standing.rows[:14]:
        at = facts.sheet.cities.index(row.key)
        gained = facts.previous.ranks[at, root] - facts.sheet.ranks[at, root]
        assert plain(row.cells[standing.position["change"]]) == gained


def test_a_unit_absent_from_the_earlier_round_is_said_to_be() -> None:
    made = framework(two_levels(3, 2), units(5, unranked=0))
    before = framework(made.nodes, made.units[:4])
    report = ranking_report(
        province(5, made.nodes, framework=made, sheet=scored(made), previous=scored(before, 2))
    )
    assert words(table(report, "previous"), "rank_before")[4] == "上期未参评"


def test_five_levels_deep_every_node_below_the_dimensions_has_its_line() -> None:
    report = ranking_report(province(3, deep(5)))
    detail = table(report, "detail")
    assert len(detail.rows) == 3 * (4 + 8 + 16 + 32)
    last = detail.rows[-1]
    assert str(plain(last.cells[detail.position["above"]])).count(" / ") == 2
    assert sum(row.strong for row in detail.rows) == 3 * (4 + 8 + 16)


def test_one_level_the_indicators_are_the_dimensions() -> None:
    report = ranking_report(province(3, deep(1)))
    assert [row.key for row in table(report, "detail").rows][:2] == ["U001/R.1", "U001/R.2"]
    assert list(table(report, "dimension_scores").position)[-2:] == ["R.1", "R.2"]


def test_without_names_codes_stand_in() -> None:
    nodes = tuple(type(node)(node.code, node.parent, "") for node in deep(2))
    made = framework(nodes, units(3, named=False), name="", name_en="")
    report = ranking_report(province(3, nodes, framework=made, sheet=scored(made)))
    assert str(report.title) == "demo"
    assert words(table(report, "dimension_scores"), "unit") == ["U001", "U002", "U003"]
    assert [str(c.title) for c in table(report, "dimension_scores").columns][-2:] == ["R.1", "R.2"]


def test_a_city_gets_its_own_indicators_and_everybodys_ranks() -> None:
    report = ranking_report(province(15, audience=frozenset({"U002"})))
    detail = table(report, "detail")
    assert {row.key.split("/")[0] for row in detail.rows} == {"U002"}
    assert "其他单位的指标明细未列入本文件" in notes(report, "detail")
    for key in ("standing", "dimension_scores", "dimension_ranks", "previous"):
        assert len(table(report, key).rows) == 15
    linked = [
        row.key
        for row in table(report, "standing").rows
        if isinstance(row.cells[1], Cell) and row.cells[1].link
    ]
    assert linked == ["U002"]


def test_totals_and_ranks_are_live_where_they_recompute() -> None:
    report = ranking_report(province(15))
    scores, ranks = table(report, "dimension_scores"), table(report, "dimension_ranks")
    assert all(isinstance(how, WeightedMean) for how in derived(scores, "total"))
    assert sum(isinstance(how, RankOf) for how in derived(ranks, "D01")) >= 13
    assert all(isinstance(how, SameAs) for how in derived(table(report, "standing"), "total"))
    changes = derived(table(report, "previous"), "score_change")
    assert all(isinstance(how, Difference) for how in changes)


def test_a_geometric_total_is_a_value_with_a_note() -> None:
    made = framework(two_levels(4, 3), units(6))
    sheet = scored(made, method={"aggregate": {"levels": ["arithmetic", "geometric"]}})
    report = ranking_report(province(6, made.nodes, framework=made, sheet=sheet))
    assert set(derived(table(report, "dimension_scores"), "total")) == {None}
    assert "不是本表各列的加权算术平均" in notes(report, "dimension_scores")


@pytest.mark.parametrize("rule", [{"ties": "average"}, {"decimals": 0}])
def test_other_tie_and_rounding_policies_are_values(rule: dict[str, object]) -> None:
    made = framework(two_levels(3, 2), units(4, unranked=0))
    values = np.array([[40.0] * 6, [70.0] * 6, [70.4] * 6, [20.0] * 6])
    values[:, 3] = 50.0
    if "ties" in rule:
        values[2] = values[1]
    sheet = scored(made, method={"rank": rule}, values=values)
    report = ranking_report(province(4, made.nodes, framework=made, sheet=sheet))
    assert set(derived(table(report, "standing"), "rank")) == {None}


def test_weights_are_the_executed_ones() -> None:
    facts = province(15)
    weights = table(ranking_report(facts), "dimension_scores").weights
    assert weights == {node.code: node.weight for node in facts.dimensions}


def test_the_executed_method_is_all_there() -> None:
    made = framework(two_levels(3, 3), units(6))
    sheet = scored(made, method={"uncertainty": {"draws": 20, "seed": 7}})
    report = ranking_report(province(6, made.nodes, framework=made, sheet=sheet, intervals=None))
    keys = {row.key for row in table(report, "method").rows}
    for step, rules in sheet.method.items():
        for rule, value in rules.items():
            if value in (None, [], {}, ()) or rule == "executed":
                continue
            assert any(key.startswith(f"{step}.{rule}") for key in keys)
    assert "uncertainty.executed.failed" in keys
    assert "interval" in table(report, "standing").position


def test_what_one_indicator_does_differently_has_a_line_of_its_own() -> None:
    nodes = tuple(
        type(node)(node.code, node.parent, node.name, best=None, worst=None)
        if node.code == "D01.01"
        else node
        for node in two_levels(3, 2)
    )
    report = ranking_report(province(4, nodes))
    lines = {row.key: row for row in table(report, "method").rows}
    assert "极差标准化" in str(plain(lines["normalise.by_indicator.D01.01"].cells[2]))
