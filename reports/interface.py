"""What this package gives to the application."""

from __future__ import annotations

HANDLERS = ()
TASKS = ()
BLOCKERS = ()
PANELS = ()
STEPS = ()
