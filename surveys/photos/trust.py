"""How far a file can be trusted, in sentences: what was checked and what could not be. Pure.

EXIF is never read for this: anybody can write it. What counts is what the phone's ledger said at
the moment of capture, what arrived, where the site is, and where else the same picture turned up.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from evaluation.platform.i18n import N_, _
from surveys.photos.words import Codes, Length, Problem, Span
from surveys.submissions.models import Edition, EditionFile
from surveys.visits.models import Visit

GREEN, AMBER, GREY, RED = "green", "amber", "grey", "red"
WORDS = {
    GREEN: N_("可信"),
    AMBER: N_("需核对"),
    GREY: N_("无法核验"),
    RED: N_("有问题"),
}
#: How each level looks: a badge of `components.html`, so that shape and word say it too.
BADGES = {GREEN: "verified", AMBER: "pending", GREY: "closed", RED: "conflict"}

#: A photo may be taken a little before the record is begun and after it is closed.
LEEWAY = timedelta(minutes=15)
NEAR, FAR = 300.0, 2_000.0  # metres from the site, besides the position's own accuracy
VAGUE = 1_000.0  # metres: a position less accurate than this says nothing
SKEWED = 300.0  # seconds

CAMERA, GALLERY, SIGNATURE = "camera", "gallery", "signature"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that was checked, and what came of it."""

    level: str
    text: str
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def word(self) -> str:
        """Its level in the current language."""
        return _(WORDS[self.level])

    def __str__(self) -> str:
        return _(self.text, **self.facts)


@dataclass(frozen=True, slots=True)
class Badge:
    """The worst of what was found; grey where what matters could not be checked."""

    level: str
    reasons: tuple[Reason, ...]

    @property
    def word(self) -> str:
        """The level in the current language."""
        return _(WORDS[self.level])

    @property
    def look(self) -> str:
        """The badge of `components.html`."""
        return BADGES[self.level]


def badge(
    file: EditionFile, edition: Edition, visit: Visit, *, elsewhere: Sequence[str] = ()
) -> Badge:
    """What can be said of a file of an edition of a visit.

    *elsewhere*: codes of other submissions in which the same bytes turned up.
    """
    reasons = tuple(_reasons(file, edition, visit, elsewhere))
    levels = {reason.level for reason in reasons}
    level = next((each for each in (RED, AMBER, GREY) if each in levels), GREEN)
    return Badge(level, reasons)


def metres(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """Distance on the sphere, in metres; positions in degrees."""
    north, east = math.radians(to_lat - lat), math.radians(to_lon - lon)
    half = (
        math.sin(north / 2) ** 2
        + math.cos(math.radians(lat)) * math.cos(math.radians(to_lat)) * math.sin(east / 2) ** 2
    )
    return 2 * 6_371_000 * math.asin(math.sqrt(min(1.0, half)))


def _reasons(
    file: EditionFile, edition: Edition, visit: Visit, elsewhere: Sequence[str]
) -> Iterator[Reason]:
    if file.problem:
        yield Reason(RED, N_("文件没有通过检查：{why}"), {"why": Problem(file.problem)})
    if file.sha256 is None:
        yield Reason(GREY, N_("文件还没有收到。"))
        return
    yield _hash(file)
    if elsewhere:
        yield Reason(
            RED,
            N_("完全相同的文件还出现在另外 {count} 份记录中：{codes}。"),
            {"count": len(elsewhere), "codes": Codes(tuple(elsewhere))},
        )
    said = file.captured or {}
    if not said:
        yield Reason(
            GREY, N_("手机没有附带采集台账（ODK Collect 等通用客户端不提供），拍摄方式无从核对。")
        )
        return
    if said.get("source") == SIGNATURE:
        yield Reason(GREEN, N_("在表单里手写的签名。"))
        return
    yield _source(said)
    yield from _time(said, edition, visit)
    yield from _place(said, visit)


def _hash(file: EditionFile) -> Reason:
    if file.expected is None:
        return Reason(GREY, N_("手机没有报告采集时的文件指纹，无法证明此后没有改动。"))
    if file.expected == file.sha256:
        return Reason(GREEN, N_("收到的文件与采集时的指纹一致，此后没有改动。"))
    return Reason(RED, N_("收到的文件与采集时的指纹不一致：采集之后被改动或替换。"))


def _source(said: Mapping[str, Any]) -> Reason:
    if said.get("source") == CAMERA:
        return Reason(GREEN, N_("由应用当场调用相机拍摄。"))
    if said.get("source") == GALLERY:
        return Reason(AMBER, N_("从相册或文件中选取，不是当场拍摄。"))
    return Reason(GREY, N_("手机没有说明是当场拍摄还是从相册选取。"))


def _time(said: Mapping[str, Any], edition: Edition, visit: Visit) -> Iterator[Reason]:
    modified = said.get("lastModified") if said.get("source") == GALLERY else None
    taken = _moment(said.get("captured_at") if modified is None else modified)
    if taken is None:
        yield Reason(GREY, N_("手机没有报告采集时间。"))
        return
    skew = edition.skew_seconds or 0.0
    if abs(skew) > SKEWED:
        yield Reason(
            AMBER,
            N_("手机时钟与服务器相差约 {minutes} 分钟；以下时间已按服务器校正。"),
            {"minutes": round(abs(skew) / 60)},
        )
    begun, ended = edition.started_at, edition.ended_at
    corrected = taken - timedelta(seconds=skew)
    if begun and ended and not begun - LEEWAY <= taken <= ended + LEEWAY:
        if taken < begun:
            yield Reason(AMBER, N_("采集时间早于访查开始 {gap}。"), {"gap": Span(begun - taken)})
        else:
            yield Reason(AMBER, N_("采集时间晚于访查结束 {gap}。"), {"gap": Span(taken - ended)})
    elif begun and ended:
        yield Reason(GREEN, N_("采集时间在这次访查的起止之间。"))
    if not visit.opens_at - LEEWAY <= corrected <= visit.closes_at + LEEWAY:
        yield Reason(RED, N_("采集时间不在安排的访查期之内。"))


def _place(said: Mapping[str, Any], visit: Visit) -> Iterator[Reason]:
    if said.get("mock") is True:
        yield Reason(RED, N_("手机报告定位是模拟的。"))
    lat, lon, accuracy = (_number(said.get(key)) for key in ("lat", "lon", "accuracy"))
    site = visit.site
    if lat is None or lon is None:
        yield Reason(GREY, N_("采集时没有定位。"))
    elif site.lat is None or site.lon is None:
        yield Reason(GREY, N_("场所没有登记位置，无法核对距离。"))
    elif accuracy is not None and accuracy > VAGUE:
        yield Reason(
            GREY,
            N_("定位误差约 {accuracy} 米，太大，不能判断距离。"),
            {"accuracy": round(accuracy)},
        )
    else:
        away = metres(lat, lon, site.lat, site.lon)
        slack = accuracy or 0.0
        level = GREEN if away <= NEAR + slack else AMBER if away <= FAR + slack else RED
        yield Reason(
            level,
            N_("距登记的场所约 {away}，定位误差约 {accuracy} 米。")
            if accuracy is not None
            else N_("距登记的场所约 {away}，手机没有报告定位误差。"),
            {"away": Length(away), "accuracy": round(slack)},
        )


def _moment(value: object) -> datetime | None:
    """A moment as ISO text or, as browsers give it, in milliseconds."""
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value)
        elif (milliseconds := _number(value)) is not None:
            found = datetime.fromtimestamp(milliseconds / 1000, UTC)
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)
