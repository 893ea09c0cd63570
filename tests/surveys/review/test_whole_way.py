"""From a phone's own sending to a value, and back: nothing here is made by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from surveys import interface as surveys
from surveys.observations.models import Observation
from surveys.openrosa.inspecting import inspect
from surveys.review import service
from surveys.review.errors import FindingsUnanswered, Moved
from surveys.submissions import service as submissions
from surveys.submissions.intake import Intake
from surveys.submissions.models import Submission
from surveys.submissions.parcel import Parcel
from tests.factories.field import a_device, a_record
from tests.surveys.review.submitted import (
    OFFICE,
    OTHER_OFFICE,
    SECOND,
    SUPERVISOR,
    Field,
    a_field,
    seen,
)

FIRST = "uuid:11111111-1111-4111-8111-111111111111"
NEXT = "uuid:22222222-2222-4222-8222-222222222222"


def test_sent_reviewed_accepted_and_opened_again(
    database: Database,
    evidence_store: EvidenceStore,
    settings: Settings,
    person: Callable[..., Any],
) -> None:
    person("evaluator", name="walker")
    with database.writing() as session:
        field = a_field(session, evidence_store)
        visit = field.visit("walker").code
        device = a_device(session, "walker")[0]
    at = Intake(database, evidence_store, settings, device, inspect)
    submissions.receive(at, Parcel(a_record(field.version, visit, instance=FIRST, minutes=20)))

    def take(who: Any, action: str, held_as: Any = None, **told: Any) -> None:
        with database.writing() as session:
            here = Field(session, evidence_store, field.round, field.version)
            record = session.scalars(sa.select(Submission)).one()
            desk = here.desk(who, accepted=surveys.ACCEPTED, reopened=surveys.REOPENED)
            service.take(session, desk, action, record, held_as or seen(session, record), **told)

    def stands() -> tuple[str, list[float | None]]:
        with database.reading() as session:
            values = session.scalars(
                sa.select(Observation.value).where(Observation.indicator == "I1")
            )
            return session.scalars(sa.select(Submission.state)).one(), list(values)

    # the checkpoint has no photo, so the form's logic objects and a reason is needed
    with pytest.raises(FindingsUnanswered):
        take(SUPERVISOR, "approve")
    take(SUPERVISOR, "approve", reason="大厅禁止拍照，已电话核实")
    assert stands() == ("approved", [])
    with database.reading() as session:
        before = seen(session, session.scalars(sa.select(Submission)).one())
    edit = a_record(field.version, visit, instance=NEXT, follows=FIRST, minutes=25)
    submissions.receive(at, Parcel(edit))
    assert stands()[0] == "received"
    # what was approved is not what would be accepted
    with pytest.raises(Moved, match="第 2 版"):
        take(OFFICE, "accept", before)
    take(SECOND, "approve", reason="大厅禁止拍照，已电话核实")
    take(OFFICE, "accept")
    assert stands() == ("accepted", [25.0])
    take(OFFICE, "ask", reason="数字抄错")
    assert stands() == ("accepted", [25.0])
    take(OTHER_OFFICE, "reopen")
    assert stands() == ("received", [])
