"""What forms give to the application."""

from __future__ import annotations

from typing import Any

from surveys.forms import story
from surveys.forms.preview_web import PreviewController
from surveys.forms.web import FormController
from surveys.forms.web_authoring import AuthoringController

HANDLERS: tuple[Any, ...] = (FormController, AuthoringController, PreviewController)
TASKS: tuple[Any, ...] = (story.tasks,)
BLOCKERS: tuple[Any, ...] = ()
PANELS: tuple[Any, ...] = ()
STEPS: tuple[Any, ...] = (story.steps,)
