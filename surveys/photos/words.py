"""Facts of a badge that put themselves into words of the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from evaluation.platform.i18n import N_, _, listed
from surveys.photos.kinds import REASONS
from surveys.submissions import reasons


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of a file in words, whichever slice named it."""

    problem: str

    def __str__(self) -> str:
        if self.problem in reasons.REASONS:
            return _(reasons.REASONS[self.problem].label)
        text = REASONS.get(self.problem, "{")
        return _(N_("类型、大小或内容不符合要求。") if "{" in text else text)


@dataclass(frozen=True, slots=True)
class Codes:
    """A few codes of submissions, with a sign that there are more."""

    codes: tuple[str, ...]

    def __str__(self) -> str:
        return listed(self.codes[:5]) + ("…" if len(self.codes) > 5 else "")


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in words."""

    length: timedelta

    def __str__(self) -> str:
        minutes = max(1, round(self.length.total_seconds() / 60))
        if minutes < 120:
            return _("{count} 分钟", count=minutes)
        if minutes < 2 * 24 * 60:
            return _("{count} 小时", count=round(minutes / 60))
        return _("{count} 天", count=round(minutes / 60 / 24))


@dataclass(frozen=True, slots=True)
class Length:
    """A distance in words."""

    length: float

    def __str__(self) -> str:
        if self.length < 1_000:
            return _("{count} 米", count=int(round(self.length, -1 if self.length >= 100 else 0)))
        return _("{count} 公里", count=f"{self.length / 1_000:.1f}")
