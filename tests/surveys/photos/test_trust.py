"""The badge of a file: what was checked, and that it says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from evaluation.platform.i18n import use_locale
from surveys.photos.trust import AMBER, GREEN, GREY, RED, Badge, badge, metres
from surveys.submissions.models import Edition, EditionFile
from surveys.visits.models import Site, Visit

NOON = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
HASH = "a" * 64
NORTH = 1 / 111_195  # degrees of latitude in a metre


def judged(
    *,
    file: dict[str, Any] | None = None,
    said: dict[str, Any] | None = None,
    ledger: bool = True,
    edition: dict[str, Any] | None = None,
    site: dict[str, Any] | None = None,
    elsewhere: tuple[str, ...] = (),
) -> Badge:
    """The badge of a good photo, changed in one respect."""
    captured: dict[str, Any] = {
        "captured_at": "2026-03-05T12:10:00+00:00", "source": "camera",
        "lat": 36.0, "lon": 103.0, "accuracy": 10.0, "mock": False,
    }  # fmt: skip
    held: dict[str, Any] = {"expected": HASH, "sha256": HASH, "problem": ""}
    sent: dict[str, Any] = {
        "started_at": NOON, "ended_at": NOON + timedelta(hours=1), "skew_seconds": 3.0,
    }  # fmt: skip
    place: dict[str, Any] = {"lat": 36.0, "lon": 103.0}
    visit = Visit(opens_at=NOON - timedelta(days=2), closes_at=NOON + timedelta(days=2))
    visit.site = Site(**(place | (site or {})))
    return badge(
        EditionFile(captured=captured | (said or {}) if ledger else {}, **(held | (file or {}))),
        Edition(**(sent | (edition or {}))),
        visit,
        elsewhere=elsewhere,
    )


def test_a_good_photo_is_green_and_says_why() -> None:
    good = judged()
    assert good.level == GREEN
    assert good.word == "可信"
    told = " ".join(map(str, good.reasons))
    for part in ("指纹一致", "相机", "起止之间", "距登记的场所约 0 米"):
        assert part in told


@pytest.mark.parametrize(
    ("change", "level", "word"),
    [
        ({"file": {"sha256": "b" * 64}}, RED, "不一致"),
        ({"file": {"expected": None}}, GREY, "没有报告采集时的文件指纹"),
        ({"file": {"sha256": None}}, GREY, "还没有收到"),
        ({"file": {"problem": "polyglot"}}, RED, "藏有别的内容"),
        ({"file": {"problem": "something-new"}}, RED, "不符合要求"),
        ({"file": {"problem": "wrong-hash", "sha256": None}}, RED, "与拍摄时的哈希不符"),
        ({"ledger": False}, GREY, "ODK Collect"),
        ({"said": {"source": "gallery"}}, AMBER, "相册"),
        ({"said": {"source": "unknown"}}, GREY, "没有说明"),
        ({"said": {"captured_at": None}}, GREY, "没有报告采集时间"),
        ({"said": {"captured_at": "yesterday"}}, GREY, "没有报告采集时间"),
        ({"said": {"captured_at": "2026-03-05T09:00:00+00:00"}}, AMBER, "早于访查开始 3 小时"),
        ({"said": {"captured_at": "2026-03-06T13:00:00+00:00"}}, AMBER, "晚于访查结束 24 小时"),
        ({"said": {"captured_at": "2026-02-01T12:00:00+00:00"}}, RED, "不在安排的访查期"),
        ({"said": {"mock": True}}, RED, "模拟"),
        ({"said": {"lat": None}}, GREY, "没有定位"),
        ({"said": {"lat": "36"}}, GREY, "没有定位"),
        ({"site": {"lat": None}}, GREY, "没有登记位置"),
        ({"said": {"accuracy": 5000.0, "lat": 37.0}}, GREY, "太大"),
        ({"said": {"lat": 36 + 305 * NORTH}}, GREEN, "约 300 米"),  # within its accuracy
        ({"said": {"lat": 36 + 900 * NORTH}}, AMBER, "约 900 米"),
        ({"said": {"lat": 36 + 5000 * NORTH}}, RED, "约 5.0 公里"),
        ({"said": {"lat": 36 + 900 * NORTH, "accuracy": 800.0}}, GREEN, "约 900 米"),
        ({"elsewhere": ("AB", "CD")}, RED, "另外 2 份记录中：AB、CD"),
        ({"edition": {"skew_seconds": 2 * 365 * 86400.0}}, RED, "时钟"),
    ],
)
def test_what_is_doubtful_is_said(change: dict[str, Any], level: str, word: str) -> None:
    found = judged(**change)
    assert found.level == level
    assert word in " ".join(map(str, found.reasons))
    with use_locale("en"):
        assert not any("\u4e00" <= sign <= "\u9fff" for r in found.reasons for sign in str(r))


def test_a_clock_two_years_off_is_corrected_before_the_window_is_judged() -> None:
    ahead = timedelta(days=730)
    found = judged(
        said={"captured_at": (NOON + ahead + timedelta(minutes=10)).isoformat()},
        edition={
            "started_at": NOON + ahead,
            "ended_at": NOON + ahead + timedelta(hours=1),
            "skew_seconds": ahead.total_seconds(),
        },
    )
    assert found.level == AMBER
    assert [r.level for r in found.reasons].count(AMBER) == 1


def test_a_gallery_photo_is_judged_by_the_day_of_its_file() -> None:
    old = int((NOON - timedelta(days=30)).timestamp() * 1000)
    found = judged(said={"source": "gallery", "lastModified": old})
    assert "早于访查开始 30 天" in " ".join(map(str, found.reasons))


def test_a_signature_needs_no_camera() -> None:
    assert judged(said={"source": "signature", "lat": None}).level == GREEN


def test_distance_on_the_sphere() -> None:
    assert metres(36.06, 103.83, 36.06, 103.83) == 0
    # one degree of latitude on a sphere of 6,371 km
    assert metres(0, 0, 1, 0) == pytest.approx(111_194.93, rel=1e-6)
    assert metres(0, 179.5, 0, -179.5) == pytest.approx(111_194.93, rel=1e-6)
