"""What visits give to the application."""

from __future__ import annotations

from surveys.visits import story
from surveys.visits.conflicts_web import ConflictController
from surveys.visits.my_visits_web import MyVisitsController
from surveys.visits.plan_web import PlanController
from surveys.visits.plans_web import PlansController
from surveys.visits.quotas_web import QuotasController
from surveys.visits.site_uploads_web import SiteUploadController
from surveys.visits.sites_web import SiteController
from surveys.visits.visit_web import VisitController

HANDLERS = (
    SiteController,
    SiteUploadController,
    ConflictController,
    PlansController,
    PlanController,
    QuotasController,
    VisitController,
    MyVisitsController,
)
TASKS = (story.tasks,)
BLOCKERS = (story.blockers,)
PANELS = (story.panel,)
STEPS = (story.steps,)
