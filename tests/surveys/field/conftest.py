"""An evaluator with a password, a published form, a visit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from evaluation.accounts import service as accounts
from evaluation.accounts.roles import EVALUATOR
from evaluation.platform.audit import System
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from surveys.forms.models import FormVersion
from surveys.visits.models import Visit
from tests.conftest import Browser
from tests.factories import field as factory
from tests.factories.province import a_round

NAME, PASSWORD = "wang.fang", "Juyan-Hai-2026"


@dataclass(frozen=True)
class Field:
    """What there is to work on."""

    version: FormVersion
    visit: Visit


@pytest.fixture
def field(database: Database, evidence_store: EvidenceStore) -> Field:
    """The evaluator `NAME` with an issued visit in C1; the city's, nobody else's, has another."""
    with database.writing() as session:
        add(session, NAME)
        found = a_round(session)
        version = factory.a_form(session, evidence_store)
        visit = factory.a_visit(session, found, version, NAME)
        factory.a_visit(session, found, version, "somebody.else")
    return Field(version, visit)


def add(session: Any, name: str, role: str = EVALUATOR, **changes: Any) -> None:
    """An account that is ready to use."""
    values: dict[str, Any] = {"password": PASSWORD, "must_change_password": False}
    accounts.add_user(session, System(), username=name, role=role, **(values | changes))


@pytest.fixture
def unlock(client: Browser) -> Callable[..., Any]:
    """Sign in from a phone: ``unlock(password=…, devices=[…])``; gives the response."""

    def ask(name: str = NAME, password: str = PASSWORD, **more: Any) -> Any:
        body = {"username": name, "password": password, "name": "Android · Chrome", **more}
        return plain(client, "POST", "/field/unlock", json=body)

    return ask


def plain(client: Browser, method: str, path: str, *, key: str = "", **options: Any) -> Any:
    """Ask as the app does: JSON, a bearer key, no token of a page."""
    headers = {"accept": "application/json", "x-csrf-token": ""}
    if key:
        headers["authorization"] = f"Bearer {key}"
    return client.request(method, path, headers=headers, **options)
