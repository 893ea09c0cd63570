"""What this package gives to the application, slice by slice in the order of the story."""

from __future__ import annotations

from typing import Any

from surveys.control import interface as control
from surveys.field import interface as field
from surveys.filings import interface as filings
from surveys.findings import interface as findings
from surveys.forms import interface as forms
from surveys.observations import interface as observations
from surveys.openrosa import interface as openrosa
from surveys.openrosa.afterwards import judge_while_running
from surveys.openrosa.inspecting import inspect
from surveys.photos import interface as photos
from surveys.readings import interface as readings
from surveys.review import interface as review
from surveys.review.returns import given_back
from surveys.submissions import interface as submissions
from surveys.visits import interface as visits

SLICES: tuple[Any, ...] = (
    *(filings, forms, visits, submissions, openrosa, field, photos),
    *(review, readings, control, findings, observations),
)
HANDLERS = tuple(each for slice_ in SLICES for each in slice_.HANDLERS)
TASKS = tuple(each for slice_ in SLICES for each in slice_.TASKS)
BLOCKERS = tuple(each for slice_ in SLICES for each in slice_.BLOCKERS)
PANELS = tuple(each for slice_ in SLICES for each in slice_.PANELS)
STEPS = tuple(each for slice_ in SLICES for each in slice_.STEPS)
#: Called in this order when a submission is accepted: values first, then findings.
ACCEPTED = (*readings.ACCEPTED, *findings.ACCEPTED)
#: Called when an accepted submission is opened again.
REOPENED = (*readings.REOPENED, *findings.REOPENED)
#: Says what a file is that a phone sent, also when a supervisor lets one in later.
INSPECT = inspect
#: What runs beside the requests for as long as the application does.
LIFESPANS = (judge_while_running,)
#: Why records came back: review says it, the phone shows it.
GIVEN_BACK = given_back
