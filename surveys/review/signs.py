"""What is odd about a record, in words: a sign asks for a look, it proves nothing. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from evaluation.platform.i18n import N_, _
from surveys.photos.trust import AMBER, BADGES, FAR, GREY, NEAR, RED
from surveys.photos.words import Length
from surveys.submissions import pace
from surveys.submissions.rules import FLAGS

#: How grave what was noted at receipt is; amber where nothing is said here.
LEVELS = {"future": RED, "no-ledger": GREY, "repeated": GREY}


@dataclass(frozen=True, slots=True)
class Sign:
    """One oddity. ``text`` is short, for the queue; ``why`` tells what was compared."""

    level: str
    text: str
    why: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return _(self.text, **self.facts)

    @property
    def explained(self) -> str:
        """What was compared, in the current language."""
        return _(self.why, **self.facts)

    @property
    def look(self) -> str:
        """A badge of `components.html`."""
        return BADGES[self.level]


@dataclass(frozen=True, slots=True)
class Material:
    """What signs are read from.

    ``minutes`` the visit took and ``usual`` the median of its form; ``away`` metres from the site
    at the nearest, ``slack`` metres of uncertainty there; ``others`` and ``own`` count records
    with the same answers; ``files`` those with the same file; ``overlaps`` visits of the same
    person or phone at the same time; ``people`` further evaluators on the same phone; ``skew``
    seconds by which the phone's clock is ahead; ``flags`` what was noted when it was received.
    """

    minutes: float | None = None
    usual: float | None = None
    away: float | None = None
    slack: float = 0.0
    mock: int = 0
    gallery: int = 0
    altered: int = 0
    problems: int = 0
    others: int = 0
    own: int = 0
    files: int = 0
    overlaps: int = 0
    people: int = 0
    skew: float = 0.0
    flags: frozenset[str] = frozenset()


def signs(seen: Material) -> tuple[Sign, ...]:
    """Everything odd, the gravest first."""
    order = (RED, AMBER, GREY)
    return tuple(sorted(_signs(seen), key=lambda sign: order.index(sign.level)))


def _signs(seen: Material) -> Iterator[Sign]:
    yield from _files(seen)
    yield from _place(seen)
    yield from _time(seen)
    yield from _likeness(seen)


def _files(seen: Material) -> Iterator[Sign]:
    if seen.altered:
        yield Sign(
            RED,
            N_("文件被改动"),
            N_("{count} 个文件与采集时的指纹不一致。"),
            {"count": seen.altered},
        )
    if seen.problems:
        yield Sign(
            RED, N_("文件有问题"), N_("{count} 个文件没有通过检查。"), {"count": seen.problems}
        )
    if seen.files:
        yield Sign(
            RED,
            N_("照片重复使用"),
            N_("完全相同的文件还出现在另外 {count} 份记录中。"),
            {"count": seen.files},
        )
    if seen.gallery:
        yield Sign(
            AMBER,
            N_("相册照片"),
            N_("{count} 张照片从相册选取，不是当场拍摄。"),
            {"count": seen.gallery},
        )


def _place(seen: Material) -> Iterator[Sign]:
    if seen.mock:
        yield Sign(
            RED, N_("模拟定位"), N_("手机报告 {count} 处定位是模拟的。"), {"count": seen.mock}
        )
    if seen.away is not None and seen.away > NEAR + seen.slack:
        yield Sign(
            RED if seen.away > FAR + seen.slack else AMBER,
            N_("离场所远"),
            N_("最近的一处定位距登记的场所约 {away}，超过 {near} 米。"),
            {"away": Length(seen.away), "near": round(NEAR)},
        )


def _time(seen: Material) -> Iterator[Sign]:
    if seen.minutes is not None and pace.yardstick(seen.minutes, None, seen.usual):
        yield Sign(
            AMBER,
            N_("用时过短"),
            N_("用时 {minutes} 分钟，不到本表单中位数 {usual} 分钟的三分之一。"),
            {"minutes": f"{seen.minutes:.0f}", "usual": f"{seen.usual:.0f}"},
        )
    if seen.overlaps:
        yield Sign(
            RED,
            N_("时间重叠"),
            N_("同一评价员或同一手机的另外 {count} 次访查与它时间重叠。"),
            {"count": seen.overlaps},
        )
    for flag in sorted(seen.flags):
        if flag == "skew":
            yield Sign(
                AMBER,
                N_("手机时钟不准"),
                N_("手机时钟与服务器相差约 {minutes} 分钟；判断期限时以服务器时间为准。"),
                {"minutes": round(abs(seen.skew) / 60)},
            )
        else:
            said = FLAGS.get(flag, flag)
            yield Sign(LEVELS.get(flag, AMBER), said, said)


def _likeness(seen: Material) -> Iterator[Sign]:
    if seen.others:
        yield Sign(
            RED,
            N_("与他人答案相同"),
            N_("与别的评价员的 {count} 份记录答案完全相同。"),
            {"count": seen.others},
        )
    if seen.own:
        yield Sign(
            AMBER,
            N_("答案重复"),
            N_("与同一评价员的另外 {count} 份记录答案完全相同。"),
            {"count": seen.own},
        )
    if seen.people:
        yield Sign(
            AMBER,
            N_("手机多人共用"),
            N_("这台手机还提交过另外 {count} 位评价员的记录。"),
            {"count": seen.people},
        )
