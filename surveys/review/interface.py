"""What review gives to the application."""

from __future__ import annotations

from surveys.review import story
from surveys.review.web import SubmissionController
from surveys.review.web_agreement import AgreementController
from surveys.review.web_own import OwnRecordController
from surveys.review.web_steps import ReviewController

HANDLERS = (SubmissionController, ReviewController, AgreementController, OwnRecordController)
TASKS = (story.tasks,)
BLOCKERS = (story.blockers,)
PANELS = (story.panel,)
STEPS = (story.steps,)
