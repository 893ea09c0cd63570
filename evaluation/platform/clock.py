"""Server time: stored in UTC, shown in the deployment's own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

#: Where the provinces are, unless a deployment says otherwise.
ZONE = "Asia/Shanghai"


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def local(moment: datetime, timezone: str) -> datetime:
    """*moment* as a clock on the wall in *timezone* shows it."""
    return moment.astimezone(ZoneInfo(timezone))


def end_of_day(day: date, timezone: str) -> datetime:
    """The last second of *day* in *timezone*, in UTC: a deadline given as a date lasts all day."""
    moment = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=ZoneInfo(timezone))
    return moment.astimezone(UTC)


def start_of_day(day: date, timezone: str) -> datetime:
    """The first moment of *day* in *timezone*, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(timezone)).astimezone(UTC)
