"""Pages for people: Jinja templates with the frame that every page shares."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Request, Response
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.utils.scope.state import ScopeState

from evaluation.platform import clock
from evaluation.platform.i18n import _, current_locale, listed, named

ROOT = Path(__file__).parents[2]
DIST = ROOT / "evaluation" / "static" / "dist"

AnyRequest = Request[Any, Any, Any]

#: What a form sent: each field once, as text.
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]

#: Adds to the frame of a page (rounds, steps of the story, counts) from what the request sees.
Frame = Callable[[AnyRequest], Mapping[str, Any]]


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The template environment over all four packages; everything is escaped."""
    folders = [
        ROOT / name / "templates" for name in ("evaluation", "surveys", "scoring", "reports")
    ]
    env = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.globals.update(_=_, named=named, asset=asset)
    env.filters.update(moment=moment, day=day, number=number, listed=listed)
    return env


@lru_cache(maxsize=1)
def _manifest() -> dict[str, str]:
    path = DIST / "manifest.json"
    loaded: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    return loaded


def asset(name: str) -> str:
    """Address of a built asset, with its content hash in the name."""
    return f"/static/{_manifest().get(name, name)}"


def render(
    request: AnyRequest,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    framed: bool = True,
    **context: Any,
) -> Response[str]:
    """Render a page inside the frame that the application's slices supply."""
    text = render_text(request, template, framed=framed, **context)
    return Response(
        text, status_code=status, media_type=MediaType.HTML, headers=dict(headers or {})
    )


def render_text(request: AnyRequest, template: str, *, framed: bool = True, **context: Any) -> str:
    """The text of a page; what the caller gives wins over the frame."""
    state = request.app.state
    frame: dict[str, Any] = {
        "locale": current_locale(),
        "path": request.url.path,
        "address": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "user": request.scope.get("user"),
        "demo": state.settings.demo,
        "csrf_token": ScopeState.from_scope(request.scope).csrf_token or "",
        "timezone": state.settings.timezone,
        "upload_megabytes": state.settings.upload_megabytes,
        "flashes": take_flashes(request),
        "round": None,
        "rounds": (),
        "steps": (),
    }
    frames: Sequence[Frame] = state.frames if framed else ()
    for extend in frames:
        frame.update(extend(request))
    frame.update(context)
    return environment().get_template(template).render(frame)


def attachment(content: bytes, name: str, media_type: str) -> Response[bytes]:
    """A file to be saved under *name*, never shown in the page."""
    kept = "".join(letter for letter in name if letter.isprintable())
    plain = kept.encode("ascii", "ignore").decode().replace('"', "") or "file"
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(kept)}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})


FLASH_COOKIE = "yingshang_flash"


def flash(response: Response[Any], text: str, kind: str = "done") -> None:
    """Say *text* once, on the next page. ``kind``: done, info or warning."""
    response.set_cookie(
        FLASH_COOKIE, json.dumps([kind, text]).encode().hex(), httponly=True, samesite="lax"
    )


def take_flashes(request: AnyRequest) -> list[dict[str, str]]:
    """What the last page wanted said; anything malformed is ignored."""
    held = request.cookies.get(FLASH_COOKIE, "")
    if not held:
        return []
    request.scope["state"]["spent_flash"] = True
    try:
        kind, text = json.loads(bytes.fromhex(held))
    except (ValueError, TypeError):
        return []
    return [{"kind": str(kind), "text": str(text)}]


def moment(value: datetime | None, timezone: str = "Asia/Shanghai") -> str:
    """A moment as people here write it: 2026-11-24 14:05."""
    return "" if value is None else clock.local(value, timezone).strftime("%Y-%m-%d %H:%M")


def day(value: datetime | date | None, timezone: str = "Asia/Shanghai") -> str:
    """A day: 2026-11-24."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = clock.local(value, timezone).date()
    return value.isoformat()


def number(value: float | None, decimals: int | None = None) -> str:
    """A number for reading; without *decimals* the shortest exact spelling."""
    if value is None or value != value:
        return ""
    if decimals is not None:
        return f"{value:,.{decimals}f}"
    return f"{value:,.10g}"
