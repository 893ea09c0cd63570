"""调整与参照: points and lists, bands, other rankings beside the published one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evaluation.platform.i18n import N_
from reports.model import Column, Joined, Note, Phrase, Row, Section, Table, Text
from reports.ranking.words import WHAT_FOLLOWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reports.ranking.facts import RankingFacts

UNIT = N_("参评单位")


def further_sections(facts: RankingFacts) -> tuple[Section, ...]:
    """One section where the method adjusts, grades or compares; none where it does not.

    A city sees its own points, lists and grade; other rankings are for who sees everybody.
    """
    said = facts.sheet.further
    adjusted, graded = said.get("adjust", {}), said.get("grades", {})
    tables = [
        *_grades(facts, graded.get("cities", {})),
        *_points(facts, adjusted.get("points", {})),
        *_lists(facts, adjusted.get("lists", [])),
    ]
    if facts.audience == "full":
        tables += _beside(facts, said.get("challengers", {}))
    if not tables:
        return ()
    notes = []
    if adjusted:
        notes.append(Note(Phrase(N_("名次区间已计入加扣分，未计入红黑榜对名次的改动。"))))
    if "challengers" in said and facts.audience == "full":
        notes.append(Note(Phrase(N_("参照排名用同样的标准化得分和权重，只供比较，不影响名次。"))))
    title = Phrase(N_("调整与参照"))
    return (Section("further", title, tuple(tables), notes=tuple(notes)),)


def _shown(facts: RankingFacts, by_city: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for unit in facts.in_order:
        if unit in by_city and facts.shows(unit):
            yield unit, by_city[unit]


def _grades(facts: RankingFacts, cities: Mapping[str, str | None]) -> Iterator[Table]:
    rows = tuple(
        Row(unit, (facts.unit_name(unit), grade)) for unit, grade in _shown(facts, cities) if grade
    )
    if rows:
        columns = Column("unit", Phrase(UNIT)), Column("grade", Phrase(N_("档次")))
        yield Table("grades", columns, rows, title=Phrase(N_("分档")), frozen=1)


def _points(facts: RankingFacts, points: Mapping[str, Mapping[str, Any]]) -> Iterator[Table]:
    columns = (
        Column("unit", Phrase(UNIT)),
        Column("before", Phrase(N_("调整前得分")), "score", 2),
        Column("bonus", Phrase(N_("加分")), "score", 2),
        Column("deduction", Phrase(N_("扣分")), "score", 2),
        Column("after", Phrase(N_("调整后得分")), "score", 2),
        Column("limited", Phrase(N_("起作用的限制"))),
    )
    rows = tuple(
        Row(
            unit,
            (
                facts.unit_name(unit),
                *(record[key] for key in ("before", "bonus", "deduction", "after")),
                Joined(tuple(_limit(limit) for limit in record["limited"])),
            ),
        )
        for unit, record in _shown(facts, points)
    )
    if not rows:
        return
    yield Table("points", columns, rows, title=Phrase(N_("加分与扣分")), frozen=1)
    items = (
        Column("unit", Phrase(UNIT)),
        Column("kind", Phrase(N_("类别"))),
        Column("code", Phrase(N_("加扣分项"))),
        Column("reason", Phrase(N_("依据")), width=30),
        Column("points", Phrase(N_("申报分值")), "score", 2),
        Column("counted", Phrase(N_("计入分值")), "score", 2),
    )
    lines = tuple(
        Row(
            f"{unit}/{at}",
            (
                facts.unit_name(unit),
                Phrase(WHAT_FOLLOWS[item["kind"]]),
                *(item[key] for key in ("code", "reason", "points", "counted")),
            ),
        )
        for unit, record in _shown(facts, points)
        for at, item in enumerate(record["items"])
    )
    if lines:
        yield Table("point_items", items, lines, title=Phrase(N_("加扣分事项")), frozen=1)


def _lists(facts: RankingFacts, records: list[Mapping[str, Any]]) -> Iterator[Table]:
    columns = (
        Column("unit", Phrase(UNIT)),
        Column("list", Phrase(N_("名单"))),
        Column("colour", Phrase(N_("红榜或黑榜"))),
        Column("effect", Phrase(N_("作用"))),
        Column("reason", Phrase(N_("依据")), width=30),
        Column("from", Phrase(N_("原为")), "rank"),
        Column("to", Phrase(N_("改为")), "rank"),
    )
    rows = tuple(
        Row(
            f"{record['city']}/{at}",
            (
                facts.unit_name(record["city"]),
                record["list"],
                Phrase(WHAT_FOLLOWS[record["colour"]]),
                Phrase(WHAT_FOLLOWS[record["effect"]]),
                *(record[key] for key in ("reason", "from", "to")),
            ),
        )
        for at, record in enumerate(records)
        if facts.shows(record["city"])
    )
    if rows:
        yield Table("lists", columns, rows, title=Phrase(N_("红黑榜")), frozen=1)


def _beside(facts: RankingFacts, said: Mapping[str, Any]) -> Iterator[Table]:
    beside = said.get("beside", {})
    if not beside:
        return
    columns = (
        Column("unit", Phrase(UNIT)),
        Column("own", Phrase(N_("排名")), "rank"),
        *(Column(name, Phrase(WHAT_FOLLOWS[name]), "rank") for name in beside),
    )
    rows = tuple(
        Row(
            unit,
            (
                facts.unit_name(unit),
                facts.rank(unit, facts.root.code),
                *(each["ranks"].get(unit) for each in beside.values()),
            ),
        )
        for unit in facts.in_order
        if unit in facts.peers
    )
    yield Table("challengers", columns, rows, title=Phrase(N_("参照排名")), frozen=1)
    turned = said.get("reversals", {})
    names = [name for name in ("own", *beside) if name in turned]
    summary = (
        Column("method", Phrase(N_("排名方法"))),
        Column("agreement", Phrase(N_("与本排名的一致性（肯德尔系数）")), "value", 3),
        *(
            (
                Column("cities", Phrase(N_("去掉后会改变其他城市次序的城市数")), "index"),
                Column("pairs", Phrase(N_("次序改变的城市对数")), "index"),
            )
            if turned
            else ()
        ),
    )
    lines = tuple(
        Row(
            name,
            (
                Phrase(WHAT_FOLLOWS[name]),
                beside[name]["agreement"] if name in beside else 1.0,
                *((turned[name]["cities"], len(turned[name]["pairs"])) if turned else ()),
            ),
        )
        for name in (names or beside)
    )
    yield Table("reversals", summary, lines, title=Phrase(N_("一致性与次序稳定性")), frozen=1)


def _limit(limit: str) -> Text:
    """A cap or a list by its word, with the code of what it is about."""
    kind, _, code = limit.partition(":")
    word = Phrase(WHAT_FOLLOWS[kind])
    return Joined((word, code), Phrase(N_("："))) if code else word
