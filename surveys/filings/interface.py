"""What filing gives to the application."""

from __future__ import annotations

from surveys.filings import story
from surveys.filings.web import FilingController
from surveys.filings.web_approval import FilingApprovalController
from surveys.filings.web_evidence import FilingEvidenceController
from surveys.filings.web_workbooks import FilingWorkbookController

HANDLERS = (
    FilingController,
    FilingWorkbookController,
    FilingEvidenceController,
    FilingApprovalController,
)
TASKS = (story.tasks,)
BLOCKERS = (story.blockers,)
PANELS = (story.panel,)
STEPS = (story.steps,)
