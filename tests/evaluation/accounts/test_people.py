"""The page of people, and the audit log as the auditor sees it."""

from __future__ import annotations

import sqlalchemy as sa

from evaluation.accounts.models import User
from evaluation.platform.audit import AuditEntry
from evaluation.platform.database import Database


def test_the_office_adds_a_person_and_sees_the_first_password_once(
    database: Database, sign_in_as: object
) -> None:
    browser = sign_in_as("office")
    form = {"username": "zhang", "display_name": "张三", "role": "clerk", "cities": "C1，C2"}
    answer = browser.post("/people", data=form)
    assert answer.status_code == 200
    assert "zhang" in answer.text
    assert "只显示这一次" in answer.text
    assert "只显示这一次" not in browser.get("/people").text
    with database.reading() as session:
        user = session.scalars(sa.select(User).where(User.username == "zhang")).one()
        assert (user.cities, user.must_change_password) == (["C1", "C2"], True)
        entry = session.scalars(sa.select(AuditEntry).filter_by(action="user.added")).one()
        assert "password" not in (entry.after or "")


def test_a_change_of_role_works_at_the_next_request(database: Database, sign_in_as: object) -> None:
    office, auditor = sign_in_as("office"), sign_in_as("auditor", name="shen")
    assert auditor.get("/audit").status_code == 200
    changed = office.post("/people/shen", data={"role": "leader", "active": "1"})
    assert changed.status_code == 303
    assert auditor.get("/audit").status_code == 404
    switched_off = office.post("/people/shen", data={"role": "leader"})
    assert switched_off.status_code == 303
    assert auditor.get("/").status_code == 303


def test_what_the_form_should_not_set_is_not_set(database: Database, sign_in_as: object) -> None:
    office = sign_in_as("office")
    form = {"username": "qian", "role": "leader", "password_hash": "x", "must_change_password": ""}
    office.post("/people", data=form)
    with database.reading() as session:
        user = session.scalars(sa.select(User).where(User.username == "qian")).one()
        assert user.must_change_password
        assert user.password_hash.startswith("$argon2id$")


def test_the_auditor_filters_reads_and_verifies(database: Database, sign_in_as: object) -> None:
    office, auditor = sign_in_as("office"), sign_in_as("auditor")
    office.post("/people", data={"username": "sun", "role": "leader"})
    listed = auditor.get("/audit?what=user.added&who=office1")
    assert "user:sun" in listed.text
    assert "user:sun" not in auditor.get("/audit?who=somebody").text
    assert "leader" in auditor.get("/audit/1").text
    assert auditor.get("/audit/999").status_code == 404
    assert auditor.get("/audit/99999999999999999999").status_code == 404
    assert auditor.get("/audit?before=-1").status_code == 400
    assert "审计链完整" in auditor.get("/audit/verification").text


def test_a_nul_in_a_form_is_never_a_crash(sign_in_as: object) -> None:
    answer = sign_in_as("office").post("/people", data={"username": "zhou\x00", "role": "leader"})
    assert answer.status_code in (400, 422)
