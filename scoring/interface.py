"""What this package gives to the application."""

from __future__ import annotations

from scoring.runs import story
from scoring.runs.judging import check_method
from scoring.runs.web import ScoringController

HANDLERS = (ScoringController,)
TASKS = (story.tasks,)
BLOCKERS = (story.blockers,)
PANELS = ()
STEPS = (story.steps,)
FRAMEWORK_CHECKS = (check_method,)

__all__ = ["BLOCKERS", "FRAMEWORK_CHECKS", "HANDLERS", "PANELS", "STEPS", "TASKS"]
