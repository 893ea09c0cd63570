"""What a site must say to be found. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from evaluation.platform.errors import Fault
from evaluation.platform.i18n import N_
from surveys.visits.kinds import KINDS

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
#: Degrees; wide enough for every place in China, narrow enough to catch a swapped pair.
LATITUDES, LONGITUDES = (3.0, 54.0), (73.0, 136.0)
LONGEST = {"name": 200, "name_en": 200, "county": 64, "address": 255}
DEGREES = re.compile(r"-?\d{1,3}(\.\d{1,12})?")


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """A site as somebody gives it; ``lat`` and ``lon`` in degrees (WGS 84), both or none."""

    code: str
    city: str
    name: str
    kind: str
    county: str = ""
    name_en: str = ""
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    active: bool = True

    def facts(self) -> dict[str, Any]:
        """As the audit log keeps it."""
        return asdict(self)


def degrees(text: str) -> float | None:
    """Degrees typed in a field; None for nothing, NaN for what is no number."""
    said = text.strip()
    if not said:
        return None
    return float(said) if DEGREES.fullmatch(said) else math.nan


def faults(entry: SiteEntry, cities: Collection[str]) -> Iterator[Fault]:
    """Everything wrong with a site; ``column`` names the field."""
    if not CODE.fullmatch(entry.code):
        yield Fault(
            "site-code",
            N_("场所代码“{code}”不可用。"),
            N_("请用字母、数字、点、横线，最多 64 个字符。"),
            {"code": entry.code[:64]},
            column="code",
        )
    if entry.city not in cities:
        yield Fault(
            "site-city",
            N_("没有代码为“{city}”的市州，或不由您负责。"),
            N_("请对照参评单位的代码。"),
            {"city": entry.city[:32]},
            column="city",
        )
    if not entry.name.strip():
        yield Fault("site-name", N_("请填写场所名称。"), column="name")
    for field, longest in LONGEST.items():
        if len(getattr(entry, field)) > longest:
            yield Fault(
                "site-long",
                N_("内容太长，最多 {count} 个字符。"),
                "",
                {"count": longest},
                column=field,
            )
    if entry.kind not in KINDS:
        yield Fault(
            "site-kind",
            N_("没有类型“{kind}”。"),
            N_("请从下拉列表中选择。"),
            {"kind": entry.kind[:32]},
            column="kind",
        )
    yield from _position(entry.lat, entry.lon)


def _position(lat: float | None, lon: float | None) -> Iterator[Fault]:
    if lat is None and lon is None:
        return
    if lat is None or lon is None:
        column = "lat" if lat is None else "lon"
        yield Fault("site-half", N_("经度和纬度要一起填，或都不填。"), column=column)
        return
    if _within(lon, LATITUDES) and _within(lat, LONGITUDES):
        yield Fault("site-swapped", N_("纬度和经度填反了。"), N_("请对调这两个数。"), column="lat")
        return
    for value, bounds, column, what in (
        (lat, LATITUDES, "lat", N_("纬度应在 {low} 到 {high} 度之间。")),
        (lon, LONGITUDES, "lon", N_("经度应在 {low} 到 {high} 度之间。")),
    ):
        if not _within(value, bounds):
            low, high = bounds
            yield Fault(
                "site-position",
                what,
                N_("请填写十进制度数，例如 36.0612。"),
                {"low": f"{low:g}", "high": f"{high:g}"},
                column=column,
            )


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]  # false for NaN
