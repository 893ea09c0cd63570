"""What readings give to the application."""

from __future__ import annotations

from typing import Any

from surveys.readings import service
from surveys.readings.web import ReadingController

HANDLERS: tuple[Any, ...] = (ReadingController,)
TASKS: tuple[Any, ...] = ()
BLOCKERS: tuple[Any, ...] = ()
PANELS: tuple[Any, ...] = ()
STEPS: tuple[Any, ...] = ()
#: Called when a submission is accepted, and when an accepted one is opened again.
ACCEPTED: tuple[Any, ...] = (service.on_accept,)
REOPENED: tuple[Any, ...] = (service.on_reopen,)
