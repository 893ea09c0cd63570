"""Chinese is the source language; English comes from each package's ``locales/en*.po``."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

LOCALES = ("zh", "en")
DEFAULT_LOCALE = "zh"

_locale: ContextVar[str] = ContextVar("locale", default=DEFAULT_LOCALE)


def current_locale() -> str:
    """The language of the present request or command: ``zh`` or ``en``."""
    return _locale.get()


def set_locale(locale: str) -> None:
    """Speak *locale* from here on in this context; anything unknown means Chinese."""
    _locale.set(locale if locale in LOCALES else DEFAULT_LOCALE)


@contextmanager
def use_locale(locale: str) -> Iterator[None]:
    """Speak *locale* inside the block."""
    token = _locale.set(locale if locale in LOCALES else DEFAULT_LOCALE)
    try:
        yield
    finally:
        _locale.reset(token)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name
    """Mark *message* for translation and leave it as it is."""
    return message


def _(message: str, /, **facts: object) -> str:
    """Translate *message* to the current language and fill its ``{fields}`` from *facts*."""
    text = message if current_locale() == "zh" else english().get(message, message)
    return text.format(**facts) if facts else text


def named(zh: str, en: str) -> str:
    """A name held in both languages, in the current one; Chinese where English is empty."""
    return en if en and current_locale() == "en" else zh


def listed(items: Iterable[object]) -> str:
    """Items one after the other, as the current language separates them."""
    return ("、" if current_locale() == "zh" else ", ").join(str(item) for item in items)


@lru_cache(maxsize=1)
def english() -> dict[str, str]:
    """Every package's English catalogue as one mapping."""
    from babel.messages.pofile import read_po  # slow to import, needed only for English

    messages: dict[str, str] = {}
    for path in sorted(Path(__file__).parents[2].glob("*/locales/en*.po")):
        with path.open("rb") as file:
            messages.update(
                {str(m.id): str(m.string) for m in read_po(file, locale="en") if m.id and m.string}
            )
    return messages


def system_locale() -> str:
    """The language of the terminal: Chinese when LC_ALL, LC_MESSAGES or LANG starts with zh."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"
