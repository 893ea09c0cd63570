"""Invented places in every unit: names that say so, near the unit's point on the map."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from evaluation.framework.tree import Framework, Unit
from surveys.visits.site_rules import SiteEntry

#: Kind, Chinese and English name. The fifth differs from unit to unit.
EVERYWHERE = (
    ("hall", "政务服务大厅一号厅", "service hall 1"),
    ("hall", "政务服务大厅二号厅", "service hall 2"),
    ("hall", "园区企业服务中心", "business service centre"),
    ("power", "供电营业厅", "power supplier's office"),
)
BY_TURNS = (
    ("trading_centre", "公共资源交易中心", "public resource trading centre"),
    ("real_estate", "不动产登记大厅", "property registration hall"),
    ("water_gas", "水气联合营业厅", "water and gas office"),
)
#: Degrees from the unit's point, one for each place: nobody works exactly there.
OFFSETS = ((0.021, 0.013), (-0.017, 0.024), (0.034, -0.019), (-0.026, -0.031), (0.011, 0.042))


def kind_of_fifth(place: int) -> str:
    """The kind of the fifth place of the unit that stands at *place* in the framework."""
    return BY_TURNS[place % len(BY_TURNS)][0]


def sites(framework: Framework) -> Iterator[SiteEntry]:
    """Five places a unit."""
    for place, unit in enumerate(framework.units):
        kinds = (*EVERYWHERE, BY_TURNS[place % len(BY_TURNS)])
        for number, ((kind, name, name_en), (east, north)) in enumerate(
            zip(kinds, OFFSETS, strict=True), 1
        ):
            yield SiteEntry(
                code=f"DEMO-{unit.code}-{number}",
                city=unit.code,
                name=f"演示·{_short(unit)}{name}",
                kind=kind,
                name_en=f"Demo: {unit.name_en} {name_en}",
                address="演示地址（虚构）",
                lat=None if unit.lat is None else round(unit.lat + north, 6),
                lon=None if unit.lon is None else round(unit.lon + east, 6),
            )


def level(seed: int, unit: Unit) -> float:
    """How good places of a unit are, 0.6 to 0.95."""
    return 0.6 + 0.35 * Random(f"{seed}|level|{unit.code}").random()  # noqa: S311 - synthetic


def _short(unit: Unit) -> str:
    return unit.short_name or unit.name
