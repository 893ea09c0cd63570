"""What this package gives to the application."""

from __future__ import annotations

from reports import story, whatif_story
from reports.audit_web import AuditController
from reports.compare_web import CompareController
from reports.firmness_web import FirmnessController
from reports.lineage_web import LineageController
from reports.ranking_files import RankingApi, RankingFiles
from reports.raters_web import RatersFile
from reports.web import ResultController
from reports.whatif_web import WhatIfController

HANDLERS = (
    ResultController,
    LineageController,
    FirmnessController,
    CompareController,
    AuditController,
    RankingFiles,
    RankingApi,
    RatersFile,
    WhatIfController,
)
TASKS = (story.tasks, whatif_story.tasks)
BLOCKERS = ()
PANELS = (story.panel,)
STEPS = (story.steps,)
