"""What the control room gives to the application."""

from __future__ import annotations

from typing import Any

from surveys.control import story
from surveys.control.web import ControlController

HANDLERS: tuple[Any, ...] = (ControlController,)
TASKS: tuple[Any, ...] = ()
BLOCKERS: tuple[Any, ...] = ()
PANELS: tuple[Any, ...] = ()
STEPS: tuple[Any, ...] = (story.steps,)
