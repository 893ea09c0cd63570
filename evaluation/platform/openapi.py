"""The description of the API, as JSON at ``/schema/openapi.json``; nothing comes from a CDN."""

from __future__ import annotations

from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin


def openapi_config() -> OpenAPIConfig:
    """Only what lives under ``/api`` and ``/health`` is described; pages are for people."""
    return OpenAPIConfig(
        title="营商 yingshang",
        version="1",
        description="Read access to rounds and published results. Sign in first; what is not "
        "yours, or not published yet, is answered with 404. Errors are RFC 9457 problems.",
        path="/schema",
        render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        use_handler_docstrings=True,
    )
