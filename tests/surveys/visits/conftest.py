"""An issued plan, and somebody in every role before its pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from evaluation.accounts.access import COOKIE
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from tests.conftest import Browser
from tests.surveys.visits.desk import (
    Field,
    draw,
    issue,
    make_plan,
    set_up,
)


@pytest.fixture
def made(database: Database, evidence_store: EvidenceStore, person: Callable[..., Any]) -> Field:
    """An issued plan, and somebody in every role."""
    found = set_up(database, evidence_store, person)
    for role, cities in (
        ("clerk", ["C1"]), ("approver", ["C1"]), ("department", []), ("leader", []),
        ("auditor", []),
    ):  # fmt: skip
        found.people[role] = person(role, cities=cities, name=role)
    found.people["local"] = person("supervisor", cities=["C2"], name="local")
    found.people["idle"] = person("evaluator", rounds=["R9"], name="idle")
    with database.writing() as session:
        make_plan(found, session)
    draw(found)
    issue(found)
    return found


@pytest.fixture
def enter(made: Field, browser: Callable[[], Browser]) -> Callable[[str], Browser]:
    """A browser of somebody."""

    def as_(name: str) -> Browser:
        entered = browser()
        entered.cookies.set(COOKIE, made.people[name].token)
        return entered

    return as_
