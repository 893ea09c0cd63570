"""Who enters the control room, what the renewing part answers, and what it never says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from surveys.submissions.models import Submission
from surveys.visits.masking import alias
from tests.factories.field import a_form
from tests.surveys.readings.desk import a_field_round, a_record

SignIn = Callable[..., Any]
PAGE = "/rounds/R1/control"


@pytest.fixture
def code(database: Database, evidence_store: EvidenceStore) -> str:
    """A record of C1 that waits, and one of C2."""
    with database.writing() as session:
        found = a_field_round(session)
        version = a_form(session, evidence_store)
        first = a_record(session, evidence_store, found, version, state="returned")
        a_record(session, evidence_store, found, version, state="returned", city="C2")
        return first.code


@pytest.mark.parametrize(
    ("role", "scope", "status"),
    [
        ("office", {}, 200),
        ("auditor", {}, 200),
        ("supervisor", {}, 200),
        ("supervisor", {"cities": ["C2"]}, 200),
        ("supervisor", {"rounds": ["R2"]}, 404),
        ("clerk", {"cities": ["C1"]}, 404),
        ("approver", {"cities": ["C1"]}, 404),
        ("evaluator", {"name": "evelyn.wu"}, 404),
        ("leader", {}, 404),
        ("department", {}, 404),
    ],
)
def test_who_enters(
    sign_in_as: SignIn, code: str, role: str, scope: dict[str, Any], status: int
) -> None:
    browser = sign_in_as(role, **scope)
    assert browser.get(PAGE).status_code == status
    assert browser.get(f"{PAGE}/live").status_code == status
    assert ("控制室" in browser.get("/").text) is (status == 200)


def test_the_part_is_what_the_page_shows(sign_in_as: SignIn, code: str) -> None:
    office = sign_in_as("office")
    part, page = office.get(f"{PAGE}/live").text, office.get(PAGE).text
    assert part.strip() in page
    assert "<html" not in part
    assert f'href="/rounds/R1/submissions/{code}"' in part
    assert 'href="/rounds/R1/submissions?state=returned"' in part


def test_unchanged_is_not_sent_again(sign_in_as: SignIn, database: Database, code: str) -> None:
    office = sign_in_as("office")
    first = office.get(f"{PAGE}/live")
    asked = {"if-none-match": first.headers["etag"]}
    assert office.get(f"{PAGE}/live", headers=asked).status_code == 304
    english = asked | {"accept-language": "en"}
    assert office.get(f"{PAGE}/live", headers=english).status_code == 200
    auditor = sign_in_as("auditor")
    assert auditor.get(f"{PAGE}/live", headers=asked).status_code == 200
    with database.writing() as session:
        session.query(Submission).filter_by(code=code).one().state = "accepted"
    assert office.get(f"{PAGE}/live", headers=asked).status_code == 200


def test_an_auditor_reads_aliases(sign_in_as: SignIn, settings: Any, code: str) -> None:
    text = sign_in_as("auditor").get(PAGE).text
    assert alias(settings.secret, "evelyn.wu") in text
    assert "evelyn.wu" not in text
    assert "evelyn.wu" in sign_in_as("office").get(PAGE).text


def test_a_supervisor_sees_their_cities_only(sign_in_as: SignIn, code: str) -> None:
    text = sign_in_as("supervisor", cities=["C2"]).get(PAGE).text
    assert code not in text
    assert "甲市" not in text
    assert "乙市" in text


def test_somebody_signed_out_is_sent_to_sign_in(client: Any, code: str) -> None:
    assert client.get(f"{PAGE}/live").status_code == 303


def test_an_empty_round_says_what_will_appear(sign_in_as: SignIn, database: Database) -> None:
    with database.writing() as session:
        a_field_round(session)
    text = sign_in_as("office").get(PAGE).text
    for part in ("本轮还没有下发访查", "所有记录的附件都已收齐", "没有等待处理的拒收"):
        assert part in text
