"""Every message has an English translation with the same fields, and no translation is stale."""

from __future__ import annotations

import io
import re
import string
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

ROOT = Path(__file__).parents[1]
PACKAGES = ("evaluation", "surveys", "scoring", "reports")
CHINESE = re.compile(r"[\u3400-\u9fff]")


@lru_cache(maxsize=1)
def messages() -> dict[str, str]:
    """Every marked message of the code and the templates, and where it first stands."""
    found: dict[str, str] = {}
    for path in [ROOT / "app.py", ROOT / "command.py", *_files("*.py")]:
        for line, message, *_ in extract(
            "python", io.BytesIO(path.read_bytes()), keywords={"_": None, "N_": None}
        ):
            found.setdefault(_text(message), f"{path.relative_to(ROOT)}:{line}")
    for path in _files("templates/*.html"):
        with path.open("rb") as file:
            for line, _name, message, _comments in babel_extract(file, ("_",), (), {}):
                found.setdefault(_text(message), f"{path.relative_to(ROOT)}:{line}")
    return {text: place for text, place in found.items() if CHINESE.search(text)}


@lru_cache(maxsize=1)
def catalogue() -> dict[str, str]:
    """Every English entry; the same message twice with two meanings is an error."""
    entries: dict[str, str] = {}
    for path in (each for name in PACKAGES for each in (ROOT / name).glob("locales/en*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en", abort_invalid=True):
                if message.id:
                    said = str(message.string)
                    held = entries.setdefault(str(message.id), said)
                    assert held == said, f"two translations of {message.id!r}"
    return entries


def test_there_is_something_to_translate() -> None:
    assert len(messages()) > 200


def test_every_message_is_translated() -> None:
    missing = [
        f"{place}: {text}" for text, place in messages().items() if not catalogue().get(text)
    ]
    assert missing == []


def test_translations_keep_the_fields() -> None:
    wrong = [text for text, said in catalogue().items() if _fields(text) != _fields(said)]
    assert wrong == []


def test_translations_have_no_chinese_left() -> None:
    allowed = re.compile(r"营商|中文|(?<=[“\"'(（ ])[\u3400-\u9fff]+(?=[”\"')） ])")
    wrong = [said for said in catalogue().values() if CHINESE.search(allowed.sub("", said))]
    assert wrong == []


@pytest.mark.parametrize("package", PACKAGES)
def test_the_law_says_business_entities(package: str) -> None:
    """经营主体, not the older word."""
    texts = "".join(path.read_text() for path in _files("*.py", package))
    assert "市场" + "主体" not in texts


def _files(pattern: str, package: str = "") -> Iterator[Path]:
    for name in [package] if package else PACKAGES:
        yield from sorted(
            path for path in (ROOT / name).rglob(pattern) if "static" not in path.parts
        )


def _text(message: object) -> str:
    if isinstance(message, (tuple, list)):
        return str(next(part for part in message if part))
    return str(message)


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
