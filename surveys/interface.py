"""What this package gives to the application."""

from __future__ import annotations

from surveys.filings import story as filings
from surveys.filings.web import FilingController
from surveys.filings.web_approval import FilingApprovalController
from surveys.filings.web_evidence import FilingEvidenceController
from surveys.filings.web_workbooks import FilingWorkbookController
from surveys.observations import story as observations
from surveys.observations.uploads_web import ValuesController
from surveys.observations.web import ObservationController

HANDLERS = (
    FilingController,
    FilingWorkbookController,
    FilingEvidenceController,
    FilingApprovalController,
    ObservationController,
    ValuesController,
)
TASKS = (filings.tasks,)
BLOCKERS = (filings.blockers,)
PANELS = (filings.panel, observations.panel)
STEPS = (filings.steps, observations.nav_steps)
