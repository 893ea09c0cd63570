"""Records made one by one, for tests of pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import store as rounds
from surveys.forms.models import FormVersion
from tests.surveys.review.submitted import Field, a_field, submit


@pytest.fixture
def made(database: Database, evidence_store: EvidenceStore) -> Callable[..., str]:
    """Make a record; gives its code."""
    started = False

    def make(prepare: Any = None, **options: Any) -> str:
        nonlocal started
        with database.writing() as session:
            if not started:
                field = a_field(session, evidence_store)
            else:
                found = rounds.by_code(session, "R1")
                version = session.query(FormVersion).one()
                field = Field(session, evidence_store, found, version)
            started = True
            record = submit(field, **options)
            if prepare is not None:
                prepare(field, record)
            return record.code

    return make
