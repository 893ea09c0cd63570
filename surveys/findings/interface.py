"""What findings give to the application."""

from __future__ import annotations

from typing import Any

HANDLERS: tuple[Any, ...] = ()
TASKS: tuple[Any, ...] = ()
BLOCKERS: tuple[Any, ...] = ()
PANELS: tuple[Any, ...] = ()
STEPS: tuple[Any, ...] = ()
ACCEPTED: tuple[Any, ...] = ()
REOPENED: tuple[Any, ...] = ()
