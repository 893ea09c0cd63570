"""The tutorial is true, and lists the whole of the engine's API."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from scoring import composite

DOCS = Path(__file__).parents[3] / "docs"
PAGE = DOCS / "tutorial.md"


def test_every_line_prints_what_the_page_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DOCS / "examples")
    said: list[str] = []
    test = doctest.DocTestParser().get_doctest(PAGE.read_text("utf-8"), {}, PAGE.name, None, 0)
    found = doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    assert found.attempted > 50
    assert found.failed == 0, "".join(said)


def test_the_list_is_the_api() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert listed == composite.__all__
    for name in listed:
        assert getattr(composite, name).__doc__, name
