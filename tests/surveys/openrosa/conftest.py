"""A phone with a visit, and a Collect that talks to a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from surveys.submissions import devices
from surveys.submissions.models import Device
from tests.conftest import Person, Server
from tests.surveys.openrosa.collect import Collect
from tests.surveys.submissions.phones import Phone, a_phone


@pytest.fixture
def phone(
    database: Database,
    evidence_store: EvidenceStore,
    settings: Settings,
    person: Callable[..., Person],
) -> Phone:
    """A phone of the evaluator ``lin``, registered for Collect."""
    person("evaluator", name="lin")
    made = a_phone(database, evidence_store, settings, "lin")
    with database.writing() as session:
        device, key = devices.register(
            session, "lin", "示例手机", devices.COLLECT, secret=settings.secret
        )
    made.device, made.key = device, key
    return made


@pytest.fixture
def collect(server: Server, phone: Phone) -> Iterator[Callable[..., Collect]]:
    """``collect()`` proves itself by Digest, ``collect(path=True)`` has the key in its address."""
    made: list[Collect] = []

    def make(*, path: bool = False, key: str = "") -> Collect:
        key = key or phone.key
        if path:
            client = Collect(f"{server.url}/openrosa/k/{key}")
        else:
            client = Collect(f"{server.url}/openrosa", phone.device.code, key)
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


def change_device(database: Database, code: str, **values: object) -> None:
    """Change a phone's row."""
    with database.writing() as session:
        session.execute(sa.update(Device).where(Device.code == code).values(**values))
