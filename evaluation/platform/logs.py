"""Structured logs: lines for people at a terminal, JSON for machines. Values are encoded."""

from __future__ import annotations

import logging

import structlog

# Local variables hold passwords, session tokens and what people filed: never in a log.
_WITHOUT_LOCALS = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)


def configure(log_format: str, *, level: int = logging.INFO) -> None:
    """Set structlog up once, when the application is made. ``log_format``: console or json."""
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(_WITHOUT_LOCALS)
            if log_format == "json"
            else structlog.processors.UnicodeDecoder(),
            _one_line,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )


def _one_line(_: object, __: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    for key, value in event.items():
        if isinstance(value, str) and key != "exception":
            event[key] = value.replace("\r", "\\r").replace("\n", "\\n")
    return event
