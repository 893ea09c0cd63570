"""From the phone's record to the score: what nobody accepted does not get there."""

from __future__ import annotations

from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.principal import Principal
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from evaluation.rounds.models import Round
from scoring.runs import store as runs
from surveys import interface as surveys
from surveys.findings.models import Finding
from surveys.review import cases, service, store
from surveys.review.cases import Seen
from surveys.review.desk import Desk
from surveys.submissions.models import Edition, Submission
from tests.factories.field import a_form
from tests.surveys.readings.desk import a_field_round, a_record


def somebody(role: str, name: str) -> Principal:
    return Principal(
        0, 0, name, name, role, frozenset(), frozenset(), "", must_change_password=False
    )


def scored(session: Session, found: Round) -> list[tuple[str, str, float | None]]:
    """What scoring would freeze now."""
    held = runs.snapshot(session, found).observations
    return [(each.city, each.indicator, each.value) for each in held]


def seen(session: Session, sent: Submission) -> Seen:
    return cases.seen_of(sent, store.steps(session, sent))


def test_only_what_two_people_passed_is_scored_and_it_leaves_when_opened_again(
    database: Database, evidence_store: EvidenceStore, settings: Settings
) -> None:
    supervisor, second = somebody(roles.SUPERVISOR, "sun"), somebody(roles.OFFICE, "ou")
    third = somebody(roles.OFFICE, "ouyang")
    with database.writing() as session:
        found = a_field_round(session)
        version = a_form(session, evidence_store)
        sent = a_record(
            session, evidence_store, found, version, state="received", minutes=7, sign="no",
            edition={"findings": []},
        )  # fmt: skip

        def desk(who: Principal) -> Desk:
            return Desk(
                who, found, evidence_store, settings.secret,
                accepted=surveys.ACCEPTED, reopened=surveys.REOPENED,
            )  # fmt: skip

        assert session.get_one(Edition, sent.edition_id).findings == []
        assert scored(session, found) == []  # received
        service.approve(session, desk(supervisor), sent, seen(session, sent))
        assert scored(session, found) == []  # approved by one
        assert session.query(Finding).count() == 0
        service.accept(session, desk(second), sent, seen(session, sent))
        assert scored(session, found) == [("C1", "I1", 7.0)]  # accepted by another
        assert [each.state for each in session.query(Finding)] == ["open"]
        service.ask_to_reopen(session, desk(second), sent, seen(session, sent), reason="时间写错了")
        assert scored(session, found) == [("C1", "I1", 7.0)]  # asked for, not yet agreed
        service.reopen(session, desk(third), sent, seen(session, sent))
        assert scored(session, found) == []
        assert [each.state for each in session.query(Finding)] == ["withdrawn"]
