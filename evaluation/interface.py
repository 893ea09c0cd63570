"""What this package gives to the application."""

from __future__ import annotations

from evaluation.accounts.audit_log import AuditController
from evaluation.accounts.demo import DEMO_ACCOUNTS
from evaluation.accounts.people_web import PeopleController
from evaluation.accounts.web import SignInController
from evaluation.framework.web import FrameworkController
from evaluation.platform.health import health
from evaluation.rounds.holidays_web import HolidayController
from evaluation.rounds.home import HomeController
from evaluation.rounds.web import RoundController, nav_steps

HANDLERS = (
    SignInController,
    PeopleController,
    AuditController,
    HomeController,
    RoundController,
    HolidayController,
    FrameworkController,
    health,
)
TASKS = ()
BLOCKERS = ()
PANELS = ()
STEPS = (nav_steps,)

__all__ = ["BLOCKERS", "DEMO_ACCOUNTS", "HANDLERS", "PANELS", "STEPS", "TASKS"]
