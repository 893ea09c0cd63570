"""What observations give to the application."""

from __future__ import annotations

from surveys.observations import story
from surveys.observations.uploads_web import ValuesController
from surveys.observations.web import ObservationController

HANDLERS = (ObservationController, ValuesController)
TASKS = ()
BLOCKERS = ()
PANELS = (story.panel,)
STEPS = (story.nav_steps,)
