"""What this package gives to the application."""

from __future__ import annotations

from scoring.objections import story as objections
from scoring.runs import story
from scoring.runs.judging import check_method
from scoring.runs.web import ScoringController

HANDLERS = (ScoringController,)
TASKS = (story.tasks, objections.tasks)
BLOCKERS = (story.blockers, objections.blockers)
PANELS = ()
STEPS = (story.steps,)
SETTLED = (objections.settled,)
FRAMEWORK_CHECKS = (check_method,)

__all__ = ["BLOCKERS", "FRAMEWORK_CHECKS", "HANDLERS", "PANELS", "SETTLED", "STEPS", "TASKS"]
