"""The world that abuse is tried on: SQLite is enough, access is decided above the database."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from tests.abuse.world import World, build, hostile_framework
from tests.conftest import Browser, Person


@pytest.fixture
def database_kind() -> str:
    """One of the two."""
    return "sqlite"


@pytest.fixture
def world(
    client: Browser,
    database: Database,
    evidence_store: EvidenceStore,
    person: Callable[..., Person],
) -> World:
    """One round in each telling state."""
    return build(client, database, evidence_store, person)


@pytest.fixture
def hostile_world(
    client: Browser,
    database: Database,
    evidence_store: EvidenceStore,
    person: Callable[..., Person],
) -> World:
    """The same with a script in every text."""
    return build(client, database, evidence_store, person, hostile_framework())
