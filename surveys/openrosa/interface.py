"""What the OpenRosa protocol gives to the application."""

from __future__ import annotations

from typing import Any

from litestar import Router
from litestar.exceptions import HTTPException
from sqlalchemy.exc import DatabaseError

from evaluation.platform.errors import DomainError
from surveys.openrosa import speaking
from surveys.openrosa.files_web import FilesController
from surveys.openrosa.forms_web import FormsController
from surveys.openrosa.web import SubmissionController


def _door(path: str) -> Router:
    """The same addresses below *path*. No cookie counts here, so no page's token is needed."""
    return Router(
        path=path,
        route_handlers=[FormsController, SubmissionController, FilesController],
        opt={"exclude_from_csrf": True},
        exception_handlers={
            DomainError: speaking.handle_domain,
            HTTPException: speaking.handle_http,
            DatabaseError: speaking.handle_database,
            Exception: speaking.handle_unexpected,
        },
    )


HANDLERS: tuple[Any, ...] = (_door("/openrosa"), _door("/openrosa/k/{key:str}"))
TASKS: tuple[Any, ...] = ()
BLOCKERS: tuple[Any, ...] = ()
PANELS: tuple[Any, ...] = ()
STEPS: tuple[Any, ...] = ()
