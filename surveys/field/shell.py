"""The part of the app that is the same for everybody and lives on the phone: page, worker, icons.

Nothing in it depends on who asks, so that it can be kept and started without any network. Its
version is a hash over all of it; a phone takes a new one whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.accounts.demo import DemoAccount
from evaluation.accounts.roles import EVALUATOR
from evaluation.platform import pages
from evaluation.platform.i18n import LOCALES, _, use_locale
from evaluation.platform.settings import Settings
from surveys.field import rules
from surveys.field.words import WORDS

HOME = "/field/"
MANIFEST = "/field/manifest.webmanifest"
ICONS = Path(__file__).parents[1] / "static" / "field_icons"
ENGINE = ("form_engine.js", "field_form.css")
_PARTS = ("field_app.js", "field_app.css")
_WORKER = "field_worker.js"
_URL = re.compile(rb"""url\(["']?\./([A-Za-z0-9._-]+)["']?\)""")


@dataclass(frozen=True)
class Shell:
    """The page as HTML, the service worker as JavaScript, and the version both belong to."""

    page: str
    worker: str
    version: str


def icons() -> list[str]:
    """Addresses of the app's icons."""
    return [f"/field/icons/{path.name}" for path in sorted(ICONS.glob("*.*"))]


def make(settings: Settings, accounts: Sequence[DemoAccount]) -> Shell:
    """The shell out of what was last built. *accounts* are shown at the door, in demo mode only."""
    held = {
        "shell": sorted({*map(pages.asset, _PARTS), *_drawn(_PARTS), MANIFEST, *icons()}),
        "engine": sorted({*map(pages.asset, ENGINE), *_drawn(ENGINE)}),
    }
    source = _built(_WORKER).decode()
    drawn = b"".join(path.read_bytes() for path in sorted(ICONS.glob("*.*")))
    whole = f"{held}{_page(settings, accounts, '')}{source}{manifest()}".encode() + drawn
    version = hashlib.sha256(whole).hexdigest()[:12]
    worker = f"const SHELL = {_said({'version': version, 'home': HOME, **held})};\n{source}"
    return Shell(_page(settings, accounts, version), worker, version)


def manifest() -> dict[str, Any]:
    """What a phone needs to put the app on its home screen.

    The name under the icon says nothing of evaluations: a visitor's phone is looked at by others.
    """
    return {
        "id": HOME,
        "name": "营商随记",
        "short_name": "随记",
        "description": "没有网络也能用的记录本。",
        "lang": "zh-CN",
        "start_url": HOME,
        "scope": HOME,
        "display": "standalone",
        "background_color": "#fbf9f4",
        "theme_color": "#fbf9f4",
        "icons": [
            {"src": "/field/icons/icon.svg", "sizes": "any", "type": "image/svg+xml"},
            *(
                {
                    "src": f"/field/icons/icon-{size}.png",
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                }
                for size in (192, 512)
            ),
            {
                "src": "/field/icons/maskable-512.png",
                "sizes": "512x512",
                "type": "image/png",
                "purpose": "maskable",
            },
        ],
    }


def _page(settings: Settings, accounts: Sequence[DemoAccount], version: str) -> str:
    shown = accounts if settings.demo else ()
    config = {
        "version": version,
        "home": HOME,
        "accounts": [
            {"username": each.username, "password": each.password}
            for each in shown
            if each.role == EVALUATOR
        ],
        "timezone": settings.timezone,
        "idle_minutes": rules.IDLE_MINUTES,
        "piece": rules.PIECE,
        "engine": pages.asset(ENGINE[0]),
        "engine_style": pages.asset(ENGINE[1]),
    }
    template = pages.environment().get_template("field_shell.html")
    words = _said({"words": _words(), "config": config})
    return template.render(words=words, demo=settings.demo)


def _words() -> dict[str, dict[str, str]]:
    found = {}
    for locale in LOCALES:
        with use_locale(locale):
            found[locale] = {key: _(text) for key, text in WORDS.items()}
    return found


def _said(value: Any) -> str:
    """JSON that stands inside HTML and JavaScript alike."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _drawn(names: tuple[str, ...]) -> set[str]:
    """Addresses of the pictures that built style sheets name."""
    sheets = (_built(name) for name in names if name.endswith(".css"))
    return {f"/static/{found.decode()}" for sheet in sheets for found in _URL.findall(sheet)}


def _built(name: str) -> bytes:
    path = pages.DIST / pages.asset(name).rpartition("/")[2]
    return path.read_bytes() if path.is_file() else b""
