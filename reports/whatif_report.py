"""Answers to what-if as a `Report`: gains, changes, other weights, the way to a place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from evaluation.platform.i18n import N_
from reports.model import Column, Note, Phrase, Report, Row, Section, Table, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.whatif import Gain, Outcome, Route
    from scoring.whatif.chances import Chance

    Chances = Mapping[tuple[str, float], Chance]

AIMS = {
    "target": N_("目标值"),
    "zone-best": N_("本片区最好"),
    "province-best": N_("全省最好"),
    "next-better": N_("再上一档的值"),
}
STATES = {
    "open": N_("可提升"),
    "reached": N_("已达到，没有提升"),
    "no-aim": N_("没有可比的目标"),
    "not-applicable": N_("不适用"),
}
TONES = {"open": "good", "reached": "faint", "no-aim": "faint", "not-applicable": "faint"}
ROUTES = {
    "there": N_("现在就在这个名次以内，不需要改进。"),
    "program": N_("已证明没有投入更少的组合（整数规划，逐项精确重算）。"),
    "search": N_("已逐一重算所有投入更少的组合，都不够。"),
    "greedy": N_("这组确实能达到（已重算），但没有证明投入最少。"),
    "impossible": N_("即使全部做到也达不到；下面是全部做到的结果。"),
    "not-found": N_("全部做到也没有达到；下面是全部做到的结果。"),
}


HYPOTHETICAL = N_("假设分析，不是评价结果")


class Answers(Protocol):
    """What was asked of a city and answered; None where it was not asked."""

    @property
    def city(self) -> str: ...
    @property
    def gains(self) -> tuple[Gain, ...]: ...
    @property
    def changed(self) -> Outcome | None: ...
    @property
    def reweighed(self) -> Outcome | None: ...
    @property
    def route(self) -> Route | None: ...


def whatif_report(
    answers: Answers,
    *,
    names: Mapping[str, Text],
    cities: Mapping[str, Text],
    chances: Chances | None = None,
) -> Report:
    """Sections ``gains`` and, where they were asked for, ``changed``, ``reweighed``, ``route``.

    ``chances`` are of the places after a gain, by code and raw value, where they were drawn.
    """
    sections = [_gains(answers, names, cities, chances or {})]
    if answers.changed:
        title = Phrase(N_("改变数值后"))
        sections.append(_outcome("changed", title, answers.changed, answers.city, cities))
    if answers.reweighed:
        title = Phrase(N_("改变权重后"))
        sections.append(_outcome("reweighed", title, answers.reweighed, "", cities))
    if answers.route:
        sections.append(_route(answers.route, names, cities))
    banner = Phrase(HYPOTHETICAL)
    return Report("whatif", Phrase(N_("假设分析")), tuple(sections), banner=banner)


def _gains(
    answers: Answers, names: Mapping[str, Text], cities: Mapping[str, Text], chances: Chances
) -> Section:
    unsure = any(each.interval for each in answers.gains)
    columns = [
        Column("code", Phrase(N_("代码"))),
        Column("name", Phrase(N_("名称")), width=24),
        Column("aim", Phrase(N_("目标"))),
        Column("state", Phrase(N_("状态")), "light"),
        Column("value", Phrase(N_("现值")), "value"),
        Column("to", Phrase(N_("改为")), "value"),
        Column("of", Phrase(N_("参照城市"))),
        Column("score_gain", Phrase(N_("得分变化")), "change", 2, hint="bar"),
        Column("rank", Phrase(N_("达到后名次")), "rank"),
        Column("rank_gain", Phrase(N_("名次上升")), "change", 0),
        Column("others", Phrase(N_("随之变动的城市数")), "value", 0),
    ]
    if unsure:
        columns += [
            Column("gain_low", Phrase(N_("上升下限（5%）")), "change", 0),
            Column("gain_high", Phrase(N_("上升上限（95%）")), "change", 0),
        ]
    if chances:
        columns += [
            Column("place_low", Phrase(N_("达到后名次下限（5%）")), "value", 0),
            Column("place_high", Phrase(N_("达到后名次上限（95%）")), "value", 0),
            Column("rise", Phrase(N_("上升的可能性（%）")), "value", 0),
        ]
    rows = tuple(
        _gain(at, each, names, cities, unsure=unsure, chances=chances)
        for at, each in enumerate(answers.gains)
    )
    notes = [Note(Phrase(N_("每一行都是只改这一项后的重新评分，不是估算。")))]
    if any(each.others for each in answers.gains):
        said = N_("标准化是相对的：一个城市改变，其他城市的得分也会变动。")
        notes.append(Note(Phrase(said), warning=True))
    title = Phrase(N_("{city}：单项提升的效果"), {"city": cities.get(answers.city, answers.city)})
    table = Table("gains", tuple(columns), rows, title, filtered=True)
    return Section("gains", Phrase(N_("单项提升")), (table,), notes=tuple(notes))


def _gain(
    at: int,
    each: Gain,
    names: Mapping[str, Text],
    cities: Mapping[str, Text],
    *,
    unsure: bool,
    chances: Chances,
) -> Row:
    goal = each.goal
    is_open = goal.state == "open"
    chance = chances.get((goal.code, goal.raw)) if is_open and goal.raw is not None else None
    drawn = (chance.low, chance.high, 100 * chance.rise) if chance else (None, None, None)
    return Row(
        str(at),
        (
            goal.code,
            names.get(goal.code, goal.code),
            Phrase(AIMS[goal.kind]),
            Phrase(STATES[goal.state], tone=TONES[goal.state]),  # type: ignore[arg-type]
            goal.value,
            goal.aim,
            cities.get(goal.of, goal.of),
            each.score_gain if is_open else None,
            each.rank if is_open else None,
            each.rank_gain if is_open else None,
            len(each.others) if is_open else None,
            *((each.interval.get("low"), each.interval.get("high")) if unsure else ()),
            *(drawn if chances else ()),
        ),
    )


def _outcome(
    key: str, title: Text, made: Outcome, city: str, cities: Mapping[str, Text]
) -> Section:
    columns = [
        Column("city", Phrase(N_("参评单位"))),
        Column("score", Phrase(N_("原得分")), "score", 2),
        Column("new_score", Phrase(N_("新得分")), "score", 2),
        Column("score_change", Phrase(N_("得分变化")), "change", 2),
        Column("rank", Phrase(N_("原名次")), "rank"),
        Column("new_rank", Phrase(N_("新名次")), "rank"),
        Column("rank_gain", Phrase(N_("名次上升")), "change", 0),
    ]
    if made.intervals:
        columns += [
            Column("gain_low", Phrase(N_("上升下限（5%）")), "change", 0),
            Column("gain_high", Phrase(N_("上升上限（95%）")), "change", 0),
        ]
    held = made.as_mapping()
    order = sorted(held, key=lambda c: (held[c]["new_rank"] is None, held[c]["new_rank"] or 0, c))
    rows = []
    for code in order:
        each = held[code]
        change = each["rank_change"]
        cells = [
            cities.get(code, code),
            *(each[name] for name in ("score", "new_score", "score_change", "rank", "new_rank")),
            None if change is None else 0.0 - change,
        ]
        if made.intervals:
            interval = each.get("interval")
            cells += [0.0 - interval["high"], 0.0 - interval["low"]] if interval else [None, None]
        rows.append(Row(code, tuple(cells), strong=code == city))
    notes = []
    if made.intervals:
        said = N_("区间是前后两次模拟用同一组随机数时名次变化的区间。")
        notes.append(Note(Phrase(said)))
    table = Table(key, tuple(columns), tuple(rows), title, frozen=1)
    return Section(key, title, (table,), notes=tuple(notes))


def _route(made: Route, names: Mapping[str, Text], cities: Mapping[str, Text]) -> Section:
    columns = (
        Column("code", Phrase(N_("代码"))),
        Column("name", Phrase(N_("名称")), width=24),
        Column("aim", Phrase(N_("目标"))),
        Column("value", Phrase(N_("现值")), "value"),
        Column("to", Phrase(N_("改为")), "value"),
        Column("of", Phrase(N_("参照城市"))),
    )
    rows = tuple(
        Row(
            goal.code,
            (
                goal.code,
                names.get(goal.code, goal.code),
                Phrase(AIMS[goal.kind]),
                goal.value,
                goal.aim,
                cities.get(goal.of, goal.of),
            ),
        )
        for goal in made.items
    )
    said = made.as_mapping()
    ranks = [said[key] for key in ("rank", "new_rank")]
    facts = {
        "count": len(made.items),
        "effort": made.effort,
        "rank": "—" if ranks[0] is None else f"{ranks[0]:g}",
        "new": "—" if ranks[1] is None else f"{ranks[1]:g}",
    }
    line = N_("{count} 项，投入合计 {effort:g}；名次由 {rank} 到 {new}。")
    notes = (Note(Phrase(line, facts)), Note(Phrase(ROUTES[made.how]), not made.reached))
    title = Phrase(
        N_("{city}：到第 {rank} 名的最省路径"),
        {"city": cities.get(made.city, made.city), "rank": made.wanted},
    )
    table = Table("route", columns, rows, title)
    return Section("route", Phrase(N_("最省路径")), (table,), notes=notes)
