"""Working days of China: what the State Council announced, and what the office entered.

The announced days come with the `chinesecalendar` package, which knows them year by year. Of a
year that it does not know yet, Monday to Friday are taken for working days; whoever shows a day
counted that way says so, which is what `known` is for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType

import chinese_calendar

#: Days that somebody entered: True for a day that is worked, False for one that is not.
Exceptions = Mapping[date, bool]
NONE: Exceptions = MappingProxyType({})

#: No counting goes on for ever, whatever is entered.
LONGEST = 3_660


class NoWorkingDay(ValueError):
    """Nothing but days off for ten years: what was entered cannot be meant."""


def known(day: date) -> bool:
    """Whether the announced calendar covers the year of *day*."""
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return False
    return True


def working_day(day: date, exceptions: Exceptions = NONE) -> bool:
    """Whether *day* is worked; *exceptions* win over the calendar.

    Where the calendar does not know the year, Monday to Friday are.
    """
    if day in exceptions:
        return exceptions[day]
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def after(day: date, count: int, exceptions: Exceptions = NONE) -> date:
    """The *count*-th working day after *day*, which itself is not counted.

    Raises ValueError for a count below 1, `NoWorkingDay` where there are none to count.
    """
    if count < 1:
        raise ValueError("count at least one working day")
    left = count
    for each in following(day):
        left -= working_day(each, exceptions)
        if left == 0:
            return each
    raise NoWorkingDay(f"fewer than {count} working days after {day}")


def unknown_years(first: date, last: date) -> tuple[int, ...]:
    """The years between two days, both included, that the announced calendar does not cover."""
    return tuple(y for y in range(first.year, last.year + 1) if not known(date(y, 1, 1)))


def following(day: date) -> Iterator[date]:
    """The days after *day*, up to ten years of them."""
    for ahead in range(1, LONGEST + 1):
        try:
            yield day + timedelta(days=ahead)
        except OverflowError:  # the end of what dates can say
            return
