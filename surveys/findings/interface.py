"""What findings give to the application."""

from __future__ import annotations

from typing import Any

from surveys.findings import service, story
from surveys.findings.web import FindingController

HANDLERS: tuple[Any, ...] = (FindingController,)
TASKS: tuple[Any, ...] = ()
BLOCKERS: tuple[Any, ...] = ()
PANELS: tuple[Any, ...] = ()
STEPS: tuple[Any, ...] = (story.steps,)
#: Called when a submission is accepted, and when an accepted one is opened again.
ACCEPTED: tuple[Any, ...] = (service.on_accept,)
REOPENED: tuple[Any, ...] = (service.on_reopen,)
