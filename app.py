"""The composition root: the only place where all four packages meet."""

from __future__ import annotations

from typing import Any

from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.static_files import create_static_files_router
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError

from evaluation import interface as evaluation
from evaluation.accounts.access import WhoIsAsking
from evaluation.platform import logs, pages, problems
from evaluation.platform.database import Database
from evaluation.platform.edge import Asked, BodyLimit, Edge, csrf_config
from evaluation.platform.errors import DomainError
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.openapi import openapi_config
from evaluation.platform.sessions import provide_session
from evaluation.platform.settings import Settings
from evaluation.rounds.story import Story
from evaluation.rounds.web import frame
from reports import interface as reports
from scoring import interface as scoring
from surveys import interface as surveys

SLICES = (evaluation, surveys, scoring, reports)


def joined(name: str) -> list[Any]:
    """What every slice contributes under *name*, in the order of the story."""
    return [each for part in SLICES for each in getattr(part, name)]


def state_of(settings: Settings) -> State:
    """What a deployment holds: its database and files, and what the slices hang in."""
    return State(
        {
            "settings": settings,
            "database": Database(settings.database),
            "evidence": EvidenceStore(settings.data / "evidence"),
            "frames": (frame,),
            "story": Story(*map(joined, ("TASKS", "BLOCKERS", "PANELS", "STEPS")), scoring.SETTLED),
            "framework_checks": scoring.FRAMEWORK_CHECKS,
            "demo_accounts": evaluation.DEMO_ACCOUNTS,
            "given_back": surveys.GIVEN_BACK,
            "inspect": surveys.INSPECT,
            "accepted": surveys.ACCEPTED,
            "reopened": surveys.REOPENED,
        }
    )


def create_app(settings: Settings | None = None) -> Litestar:
    """The whole application on one database. Settings are read once, here."""
    settings = settings or Settings.from_environment()
    logs.configure(settings.log_format)
    pages.DIST.mkdir(parents=True, exist_ok=True)
    app = Litestar(
        route_handlers=[
            *joined("HANDLERS"),
            create_static_files_router("/static", [pages.DIST], opt={"exclude_from_auth": True}),
        ],
        dependencies={"db_session": Provide(provide_session)},
        request_class=Asked,
        middleware=[WhoIsAsking, BodyLimit],
        exception_handlers={
            DomainError: problems.handle_domain,
            HTTPException: problems.handle_http,
            DatabaseError: problems.handle_database,
            IntegrityError: problems.handle_clash,
            DataError: problems.handle_data,
            Exception: problems.handle_unexpected,
        },
        csrf_config=csrf_config(settings),
        compression_config=CompressionConfig("gzip", minimum_size=1024, gzip_compress_level=5),
        request_max_body_size=settings.upload_megabytes * 1024 * 1024,
        openapi_config=openapi_config(),
        state=state_of(settings),
        lifespan=list(surveys.LIFESPANS),
        on_shutdown=[lambda app: app.state.database.dispose()],
        logging_config=None,
        debug=False,
    )
    app.asgi_handler = Edge(app.asgi_handler)
    return app
