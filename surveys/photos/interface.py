"""What photos give to the application."""

from __future__ import annotations

from typing import Any

from surveys.photos.web import OwnPhotoController, PhotoController

HANDLERS: tuple[Any, ...] = (PhotoController, OwnPhotoController)
TASKS: tuple[Any, ...] = ()
BLOCKERS: tuple[Any, ...] = ()
PANELS: tuple[Any, ...] = ()
STEPS: tuple[Any, ...] = ()
