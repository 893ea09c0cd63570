"""What later steps of the story add to the pages of earlier ones; `app` puts it together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from evaluation.accounts.principal import Principal
from evaluation.platform.audit import Actor
from evaluation.platform.pages import AnyRequest
from evaluation.rounds.models import Round


@dataclass(frozen=True)
class Task:
    """Something that waits for a person. ``light``: green, yellow or red."""

    title: str
    href: str
    detail: str = ""
    due: datetime | None = None
    light: str = "green"


@dataclass(frozen=True)
class Blocker:
    """Why a round cannot move on yet, in the reader's language, and where to see to it."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class NavStep:
    """A step of the story in the side bar. ``state``: done, active, waiting or blocked."""

    key: str
    label: str
    href: str
    state: str = "waiting"


@dataclass
class Story:
    """Functions that slices contribute, called in order."""

    tasks: Sequence[Callable[[Session, Principal, Round], Sequence[Task]]] = field(default=())
    blockers: Sequence[Callable[[Session, Round, str], Sequence[Blocker]]] = field(default=())
    panels: Sequence[Callable[[AnyRequest, Session, Round], Markup | None]] = field(default=())
    steps: Sequence[Callable[[Principal, Round], Sequence[NavStep]]] = field(default=())
    settled: Sequence[Callable[[Session, Actor, Round, str], None]] = field(default=())


def story_of(request: AnyRequest) -> Story:
    """The story as `app` put it together."""
    story: Any = request.app.state.story
    assert isinstance(story, Story)
    return story
