"""Working days: announced ones, entered ones, and years that nobody has announced yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.accounts import roles
from evaluation.platform import audit, calendar, clock, holidays
from evaluation.platform.audit import System
from evaluation.platform.database import Database
from evaluation.platform.errors import Faulty, NotFound
from evaluation.rounds import rules as rounds
from evaluation.rounds import service as round_service
from tests.factories.province import a_round

WHO = System("office", "office")
DAYS = st.dates(date(2004, 1, 1), date(2099, 12, 31))
ENTERED = st.dictionaries(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.booleans())


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),  # a Saturday that makes up for a day of the holiday
        (date(2026, 11, 24), True),
        (date(2026, 11, 28), False),
        (date(2027, 1, 4), True),
        (date(2027, 1, 2), False),
    ],
)
def test_announced_days_and_weekdays_of_unknown_years(day: date, worked: bool) -> None:
    assert calendar.working_day(day) is worked
    assert calendar.known(day) is (day.year < 2027)


def test_what_is_entered_wins() -> None:
    day = date(2026, 10, 1)
    assert calendar.working_day(day, {day: True})
    assert calendar.after(date(2026, 9, 30), 1, {day: True}) == day
    assert calendar.after(date(2026, 9, 30), 1) == date(2026, 10, 8)


def test_years_nobody_announced_are_named() -> None:
    assert calendar.unknown_years(date(2026, 12, 30), date(2028, 1, 5)) == (2027, 2028)
    assert calendar.unknown_years(date(2026, 1, 1), date(2026, 12, 31)) == ()


@given(DAYS, st.integers(1, 40), ENTERED)
def test_counting_agrees_with_looking_at_each_day(
    day: date, count: int, entered: dict[date, bool]
) -> None:
    last = calendar.after(day, count, entered)
    between = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert calendar.working_day(last, entered)
    assert sum(calendar.working_day(each, entered) for each in between) == count


@given(DAYS, st.integers(1, 20), st.integers(1, 20), ENTERED)
def test_counting_on_is_counting_at_once(
    day: date, first: int, second: int, entered: dict[date, bool]
) -> None:
    stop = calendar.after(day, first, entered)
    assert calendar.after(stop, second, entered) == calendar.after(day, first + second, entered)


def test_no_count_and_no_end() -> None:
    with pytest.raises(ValueError, match="at least one"):
        calendar.after(date(2026, 1, 1), 0)
    never = {date(2026, 1, 1) + timedelta(days=n): False for n in range(4000)}
    with pytest.raises(calendar.NoWorkingDay):
        calendar.after(date(2026, 1, 1), 1, never)


def test_entering_and_removing_is_audited(database: Database) -> None:
    day = date(2027, 2, 8)
    with database.writing() as session:
        for _time in range(2):
            holidays.put(session, WHO, day, working=False, name="春节")
        holidays.put(session, WHO, day, working=True, name="调休")
        assert holidays.exceptions(session) == {day: True}
        holidays.remove(session, WHO, day)
        with pytest.raises(NotFound):
            holidays.remove(session, WHO, day)
        with pytest.raises(Faulty) as refused:
            holidays.put(session, WHO, None, working=False, name=" ")
        assert [fault.column for fault in refused.value.faults] == ["day", "name"]
        said = [row["action"] for row in audit.entries(session)]
    assert said == ["holiday.set", "holiday.set", "holiday.removed"]


@pytest.mark.parametrize("preset", [None, -5, 60])
def test_feeding_scores_back_sets_the_deadline(database: Database, preset: int | None) -> None:
    """The end of the n-th working day after, or a preset day that is later."""
    with database.writing() as session:
        found = a_round(session, state=rounds.SCORED, objection_days=7)
        now = clock.now()
        if preset is not None:
            found.objection_closes_at = now + timedelta(days=preset)
        today = clock.local(now, clock.ZONE).date()
        holidays.put(session, WHO, today + timedelta(days=1), working=False, name="放假")
        last = calendar.after(today, 7, holidays.exceptions(session))
        counted = clock.end_of_day(last, clock.ZONE)
        kept = found.objection_closes_at
        round_service.advance(session, WHO, found, rounds.OBJECTION)
        assert found.objection_closes_at == (kept if preset == 60 else counted)


@pytest.mark.parametrize("days", ["0", "31", "x", "-1"])
def test_the_period_of_a_round_has_bounds(
    sign_in_as: Callable[..., Any], database: Database, days: str
) -> None:
    with database.writing() as session:
        a_round(session)
    form = {
        "code": "R2", "name": "新轮次", "kind": "annual", "framework": "SMALL@1",
        "opens": "2026-01-01", "closes": "2026-02-01", "objection_days": days,
    }  # fmt: skip
    office = sign_in_as(roles.OFFICE)
    answer = office.post("/rounds/new", data=form)
    assert answer.status_code == 422
    assert "1 到 30 个工作日" in answer.text
    assert office.post("/rounds/new", data=form | {"objection_days": "9"}).status_code == 303


def test_the_page_of_working_days(sign_in_as: Callable[..., Any]) -> None:
    office = sign_in_as(roles.OFFICE)
    assert "内置日历还没有 2031 年" in office.get("/holidays?year=2031").text
    day = {"day": "2031-05-01", "working": "0", "name": "劳动节"}
    assert office.post("/holidays", data=day).status_code == 303
    assert "劳动节" in office.get("/holidays?year=2031").text
    wrong = office.post("/holidays", data={"day": "x", "name": "留住这句"})
    assert wrong.status_code == 422
    assert "留住这句" in wrong.text
    assert office.post("/holidays/2031-05-01/remove").status_code == 303
    assert office.post("/holidays/nonsense/remove").status_code == 404
    assert sign_in_as(roles.AUDITOR).get("/holidays").status_code == 200
    assert office.get("/holidays?year=1").status_code == 400
