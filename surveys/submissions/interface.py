"""What submissions give to the application."""

from __future__ import annotations

from typing import Any

from surveys.submissions import story
from surveys.submissions.web_devices import DeviceController
from surveys.submissions.web_receipts import ReceiptController
from surveys.submissions.web_refusals import RefusalController

HANDLERS: tuple[Any, ...] = (DeviceController, ReceiptController, RefusalController)
TASKS: tuple[Any, ...] = (story.tasks,)
BLOCKERS: tuple[Any, ...] = ()
PANELS: tuple[Any, ...] = ()
STEPS: tuple[Any, ...] = ()
