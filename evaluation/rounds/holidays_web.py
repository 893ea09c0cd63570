"""The working days that deadlines are counted in: a year to look at, and what was entered."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import sqlalchemy as sa
from litestar import Controller, Response, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.accounts.names import display_names
from evaluation.platform import calendar, clock, holidays, pages
from evaluation.platform.errors import Fault, Faulty, NotFound
from evaluation.platform.i18n import _
from evaluation.platform.pages import AnyRequest, Form
from evaluation.platform.sessions import DbSession
from evaluation.rounds import rules
from evaluation.rounds.models import Round

Year = Annotated[int | None, QueryParameter(ge=holidays.FIRST_YEAR, le=holidays.LAST_YEAR)]


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the year view; ``entered``: by the office, whatever the calendar says."""

    day: date
    working: bool
    entered: bool
    today: bool


class HolidayController(Controller):
    """节假日与调休."""

    path = "/holidays"
    include_in_schema = False
    guards = [requires(roles.OFFICE, roles.AUDITOR)]

    @get("/", sync_to_thread=True)
    def show(self, request: AnyRequest, db_session: DbSession, year: Year = None) -> Response[str]:
        """One year, and every day that was entered."""
        return _show(request, db_session, year)

    @post("/", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def put(self, request: AnyRequest, db_session: DbSession, data: Form) -> Response[Any]:
        """Enter a day."""
        day = _date(data.get("day", ""))
        try:
            held = holidays.put(
                db_session,
                request.user,
                day,
                working=data.get("working") == "1",
                name=data.get("name", ""),
            )
        except Faulty as error:
            db_session.rollback()
            return _show(request, db_session, None, faults=error.faults, typed=data)
        return _back(held.day, _("已录入 {day}。", day=held.day))

    @post("/{day:str}/remove", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def remove(
        self, request: AnyRequest, db_session: DbSession, day: FromPath[str]
    ) -> Response[Any]:
        """Take a day out again."""
        found = _date(day)
        if found is None:
            raise NotFound(holiday=day)
        holidays.remove(db_session, request.user, found)
        return _back(found, _("已移除 {day}，按内置日历计算。", day=found))


def warnings(session: Session, timezone: str) -> list[str]:
    """What to mind before the end of a year that the calendar does not cover is counted in."""
    entered = holidays.entered(session)
    open_rounds = session.scalars(
        sa.select(Round).where(Round.state == rules.OBJECTION).order_by(Round.id)
    )
    said = []
    for found in open_rounds:
        if found.objection_closes_at is None:
            continue
        last = clock.local(found.objection_closes_at, timezone).date()
        said += [
            _("轮次 {code} 的异议期截止于 {day}，内置日历还没有 {year} 年。",
              code=found.code, day=last, year=year)
            for year in calendar.unknown_years(last, last)
            if not any(each.day.year == year for each in entered)
        ]  # fmt: skip
    return said


def _show(
    request: AnyRequest,
    session: Session,
    year: int | None,
    *,
    faults: tuple[Fault, ...] = (),
    typed: dict[str, str] | None = None,
) -> Response[str]:
    timezone = request.app.state.settings.timezone
    today = clock.local(clock.now(), timezone).date()
    shown = year or today.year
    entered = holidays.entered(session)
    return pages.render(
        request,
        "holidays.html",
        status=422 if faults else 200,
        faults=faults,
        typed=typed or {},
        year=shown,
        first=holidays.FIRST_YEAR,
        last=holidays.LAST_YEAR,
        months=list(_months(shown, {each.day: each.working for each in entered}, today)),
        known=calendar.known(date(shown, 1, 1)),
        next_known=calendar.known(date(today.year + 1, 1, 1)),
        next_year=today.year + 1,
        late_in_year=today.month >= 11,
        entered=[each for each in entered if each.day.year == shown],
        others=sorted({each.day.year for each in entered} - {shown}),
        warnings=warnings(session, timezone),
        names=display_names(session, (each.set_by for each in entered)),
        office=request.user.role == roles.OFFICE,
    )


def _months(year: int, exceptions: dict[date, bool], today: date) -> Any:
    """Twelve months of weeks, Monday first; None where a week reaches into another month."""
    for month in range(1, 13):
        weeks = months.Calendar().monthdatescalendar(year, month)
        yield (
            month,
            [
                [
                    Day(
                        day,
                        calendar.working_day(day, exceptions),
                        day in exceptions,
                        day == today,
                    )
                    if day.month == month
                    else None
                    for day in week
                ]
                for week in weeks
            ],
        )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def _back(day: date, said: str) -> Redirect:
    response = Redirect(f"/holidays?year={day.year}", status_code=303)
    pages.flash(response, said)
    return response
