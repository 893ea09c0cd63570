"""Every word that the app asks for exists, and none is left over."""

from __future__ import annotations

import re
from pathlib import Path

from surveys.field.words import WORDS

SCRIPTS = Path(__file__).parents[3] / "surveys" / "static" / "js"
SOURCES = [SCRIPTS / "field_app.js", *sorted((SCRIPTS / "parts").glob("field_*.js"))]
TEXT = "\n".join(path.read_text() for path in SOURCES)
# keys that are put together, like t(`log.${what}`), are of one of these families
MADE = {
    prefix
    for prefix in re.findall(r"`([a-z_]+(?:\.[a-z_]+)*\.)\$\{", TEXT)
    if any(key.startswith(prefix) for key in WORDS)
}


def test_every_key_in_the_scripts_is_a_word() -> None:
    asked = set(re.findall(r'"([a-z_]+\.[a-z_.-]+)"', TEXT))
    families = {key.split(".")[0] for key in WORDS}
    unknown = {key for key in asked if key.split(".")[0] in families and key not in WORDS}
    assert unknown == set()


def test_every_word_is_asked_for() -> None:
    unused = {
        key
        for key in WORDS
        if f'"{key}"' not in TEXT and not any(key.startswith(prefix) for prefix in MADE)
    }
    assert unused == set()


def test_made_keys_exist_for_everything_they_are_made_of() -> None:
    logged = set(re.findall(r'log\(vault, "([a-z_]+)"', TEXT)) | {"busy", "away", "away_sync"}
    assert {f"log.{each}" for each in logged} <= set(WORDS)
    shut = set(re.findall(r'Shut\("([a-z-]+)"', TEXT))
    assert shut
    assert {f"gate.shut.{each}" for each in shut} <= set(WORDS)
