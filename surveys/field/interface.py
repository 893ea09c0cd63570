"""What the phone's pages give to the application."""

from __future__ import annotations

from typing import Any

from surveys.field import story
from surveys.field.web import PhoneController, ShellController

HANDLERS: tuple[Any, ...] = (ShellController, PhoneController)
TASKS: tuple[Any, ...] = ()
BLOCKERS: tuple[Any, ...] = ()
PANELS: tuple[Any, ...] = ()
STEPS: tuple[Any, ...] = (story.steps,)
