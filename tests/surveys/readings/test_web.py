"""The page from visits to value, and that those who are judged learn nothing of visits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import store as rounds
from surveys.observations import service as observations
from surveys.observations.models import Observation
from surveys.readings import service
from surveys.submissions.models import Submission
from surveys.visits.masking import alias
from surveys.visits.models import Visit
from tests.factories.field import a_form
from tests.surveys.readings.desk import REVIEWER, a_field_round, a_record

SignIn = Callable[..., Any]
PAGE = "/rounds/R1/readings/C1/I1"
OBSERVATION = "/rounds/R1/observations/C1/I1"


@pytest.fixture
def codes(database: Database, evidence_store: EvidenceStore) -> dict[str, str]:
    """Two accepted visits to C1 (10 and 20 minutes) and a second look at the first (59)."""
    with database.writing() as session:
        found = a_field_round(session)
        version = a_form(session, evidence_store)
        first = a_record(session, evidence_store, found, version, minutes=10)
        other = a_record(session, evidence_store, found, version, minutes=20)
        visit = session.get_one(Visit, first.visit_id)
        again = a_record(
            session, evidence_store, found, version, evaluator="adam", second_of=visit, minutes=59
        )
        for sent in (first, other, again):
            service.on_accept(session, evidence_store, REVIEWER, sent)
        return {"first": first.code, "again": again.code, "visit": visit.code}


@pytest.mark.parametrize(
    ("role", "scope", "status"),
    [
        ("office", {}, 200),
        ("auditor", {}, 200),
        ("supervisor", {}, 200),
        ("supervisor", {"cities": ["C2"]}, 404),
        ("supervisor", {"rounds": ["R2"]}, 404),
        ("clerk", {"cities": ["C1"]}, 404),
        ("approver", {"cities": ["C1"]}, 404),
        ("evaluator", {"name": "evelyn.wu"}, 404),
        ("leader", {}, 404),
        ("department", {}, 404),
    ],
)
def test_who_opens_it(
    sign_in_as: SignIn, codes: dict[str, str], role: str, scope: dict[str, Any], status: int
) -> None:
    assert sign_in_as(role, **scope).get(PAGE).status_code == status


def test_every_visit_its_rule_and_the_sum(
    sign_in_as: SignIn, codes: dict[str, str], settings: Any
) -> None:
    text = sign_in_as("auditor").get(PAGE).text
    for part in (
        codes["visit"], codes["first"], "等候分钟", "答案本身的数值", "(10 + 20) ÷ 2 = 15",
        "7.07", "复访，不计入", "59", alias(settings.secret, "evelyn.wu"),
        f'href="/rounds/R1/submissions/{codes["again"]}"',
    ):  # fmt: skip
        assert part in text
    assert "evelyn.wu" not in text
    assert "adam" not in text
    assert "不一致" not in text


def test_a_value_changed_behind_its_back_is_pointed_out(
    sign_in_as: SignIn, codes: dict[str, str], database: Database
) -> None:
    with database.writing() as session:
        found = rounds.by_code(session, "R1")
        observations.record(
            session, REVIEWER, found, city="C1", indicator="I1", method="inspection", value=14.0
        )
    assert "有人用别的办法改过这个值" in sign_in_as("office").get(PAGE).text


def test_an_indicator_without_visits_says_what_will_appear(
    sign_in_as: SignIn, codes: dict[str, str]
) -> None:
    office = sign_in_as("office")
    assert "还没有已采信的访查" in office.get("/rounds/R1/readings/C2/I1").text
    for path in ("C1/NONE", "C9/I1", "C1/D1"):
        assert office.get(f"/rounds/R1/readings/{path}").status_code == 404


def test_the_observation_says_how_many_visits_and_leads_here(
    sign_in_as: SignIn, codes: dict[str, str]
) -> None:
    text = sign_in_as("office").get(OBSERVATION).text
    assert "2 次访查" in text
    assert "标准差 7.07" in text
    assert f'href="{PAGE}"' in text


def told(browser: Any) -> str:
    """Everything that pages of the round tell this person of observations."""
    index = "/rounds/R1/observations?city=C1"
    pages = (OBSERVATION, "/rounds/R1", index, f"{index}&only=missing", f"{index}&only=disagree")
    said = []
    for path in pages:
        answer = browser.get(path)
        assert answer.status_code == 200
        said.append(answer.text)
    return "\n".join(said)


@pytest.mark.parametrize("role", ["clerk", "approver"])
def test_before_publication_a_city_cannot_tell_whether_it_was_visited(
    sign_in_as: SignIn, database: Database, evidence_store: EvidenceStore, role: str
) -> None:
    """Its pages are the same, byte for byte, before and after a visit was accepted."""
    with database.writing() as session:
        found = a_field_round(session)
        observations.record(
            session, REVIEWER, found, city="C1", indicator="I1", method="full_filing", value=3.0
        )
        sent = a_record(session, evidence_store, found, minutes=10).id
    browser = sign_in_as(role, cities=["C1"])
    before = told(browser)
    assert "发布后显示" in before
    with database.writing() as session:
        service.on_accept(session, evidence_store, REVIEWER, session.get_one(Submission, sent))
    assert told(browser) == before


def test_after_publication_a_city_sees_the_value_and_no_moment(
    sign_in_as: SignIn, database: Database, codes: dict[str, str]
) -> None:
    with database.writing() as session:
        rounds.by_code(session, "R1").state = "published"
        (held,) = session.query(Observation).all()
        day = f"{held.recorded_at:%Y-%m-%d}"
    text = sign_in_as("clerk", cities=["C1"]).get(OBSERVATION).text
    assert "15" in text
    assert "2 次访查" in text
    assert day not in text
    assert "readings" not in text
    assert REVIEWER.username not in text
