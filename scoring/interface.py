"""What this package gives to the application."""

from __future__ import annotations

from scoring.agreement import story as raters
from scoring.agreement.web import RatersController
from scoring.objections import story as objections
from scoring.objections.cell_web import ObjectionCellController
from scoring.objections.web import ObjectionController
from scoring.runs import story
from scoring.runs.judging import check_method
from scoring.runs.web import ScoringController
from scoring.sealing import story as sealing
from scoring.sealing.reopening_web import ReopeningController
from scoring.sealing.web import KeyController, PackageController

HANDLERS = (
    ScoringController,
    RatersController,
    ObjectionController,
    ObjectionCellController,
    PackageController,
    ReopeningController,
    KeyController,
)
TASKS = (story.tasks, objections.tasks, sealing.tasks)
BLOCKERS = (story.blockers, raters.blockers, objections.blockers, sealing.blockers)
PANELS = (raters.panel,)
STEPS = (
    story.steps,
    objections.steps,
)
SETTLED = (objections.settled,)
FRAMEWORK_CHECKS = (check_method,)

__all__ = ["BLOCKERS", "FRAMEWORK_CHECKS", "HANDLERS", "PANELS", "SETTLED", "STEPS", "TASKS"]
