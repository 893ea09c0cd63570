"""What this package gives to the application."""

from __future__ import annotations

from reports import story
from reports.lineage_web import LineageController
from reports.ranking_files import RankingApi, RankingFiles
from reports.web import ResultController

HANDLERS = (ResultController, LineageController, RankingFiles, RankingApi)
TASKS = (story.tasks,)
BLOCKERS = ()
PANELS = (story.panel,)
STEPS = (story.steps,)
