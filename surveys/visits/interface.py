"""What visits give to the application."""

from __future__ import annotations

from typing import Any

from surveys.visits.conflicts_web import ConflictController
from surveys.visits.site_uploads_web import SiteUploadController
from surveys.visits.sites_web import SiteController

HANDLERS: tuple[Any, ...] = (SiteController, SiteUploadController, ConflictController)
TASKS: tuple[Any, ...] = ()
BLOCKERS: tuple[Any, ...] = ()
PANELS: tuple[Any, ...] = ()
STEPS: tuple[Any, ...] = ()
