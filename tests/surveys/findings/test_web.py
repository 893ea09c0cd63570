"""Who learns of findings, when, and that nothing tells of visits."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from openpyxl import load_workbook
from PIL import Image

from evaluation.accounts.models import User
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import store as rounds
from surveys.findings import service
from surveys.findings.models import Finding
from surveys.submissions.models import EditionFile, Submission
from surveys.visits.models import Visit
from tests.factories.field import a_form
from tests.surveys.readings.desk import REVIEWER, a_field_round, a_record

SignIn = Callable[..., Any]
PAGE = "/rounds/R1/findings"
FILE = f"{PAGE}/workbook.xlsx"


@dataclass
class World:
    """Findings of C1 (two) and C2 (one), and everything that would give their visits away."""

    codes: dict[str, list[str]] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)


@pytest.fixture
def world(database: Database, evidence_store: EvidenceStore) -> World:
    made = World()
    with database.writing() as session:
        found = a_field_round(session)
        version = a_form(session, evidence_store)
        for city in ("C1", "C1", "C2"):
            sent = a_record(session, evidence_store, found, version, city=city, sign="no")
            service.on_accept(session, evidence_store, REVIEWER, sent)
            visit = session.get_one(Visit, sent.visit_id)
            made.secrets |= {sent.code, sent.root, visit.code, visit.site.code, visit.site.name}
        made.secrets |= {each.sha256 for each in session.query(EditionFile) if each.sha256}
        made.secrets |= {each.name for each in session.query(EditionFile)}
        made.secrets |= {"evelyn.wu", "PhoneMaker", REVIEWER.username}
        for each in session.query(Finding).order_by(Finding.id):
            made.codes.setdefault(each.city, []).append(each.code)
    return made


def publish(database: Database, state: str = "published") -> None:
    with database.writing() as session:
        rounds.by_code(session, "R1").state = state


def of_department(database: Database, username: str, department: str) -> None:
    with database.writing() as session:
        session.query(User).filter_by(username=username).one().department = department


@pytest.mark.parametrize("state", ["collecting", "verifying", "scored", "objection", "approved"])
def test_before_publication_only_those_inside(
    sign_in_as: SignIn, database: Database, world: World, state: str
) -> None:
    publish(database, state)
    picture = f"{PAGE}/{world.codes['C1'][0]}/pictures/1/large"
    for role in ("office", "auditor", "supervisor"):
        for path in (PAGE, FILE, picture):
            assert sign_in_as(role).get(path).status_code == 200
    for role in ("clerk", "approver", "department", "leader", "evaluator"):
        browser = sign_in_as(role, cities=["C1"])
        of_department(database, f"{role}{ROLES[role]}", "政务局")
        for path in (PAGE, FILE, picture):
            assert browser.get(path).status_code == 404
        assert "findings" not in browser.get("/").text


ROLES = {role: at for at, role in enumerate(
    ("clerk", "approver", "department", "leader", "evaluator"), 10)}  # fmt: skip


def shown(browser: Any) -> set[str]:
    text = browser.get(PAGE).text
    return set(re.findall(r'id="f-([0-9A-Z]{10})"', text))


def test_whose_findings_each_sees_after_publication(
    sign_in_as: SignIn, database: Database, world: World
) -> None:
    publish(database)
    one, two = set(world.codes["C1"]), set(world.codes["C2"])
    for role, cities, expected in (
        ("office", (), one | two),
        ("auditor", (), one | two),
        ("supervisor", (), one | two),
        ("supervisor", ("C2",), two),
        ("clerk", ("C1",), one),
        ("approver", ("C2",), two),
        ("clerk", ("C3",), set()),
        ("leader", (), one | two),
    ):
        browser = sign_in_as(role, cities=cities)
        assert shown(browser) == expected, (role, cities)
        listed = load_workbook(io.BytesIO(browser.get(FILE).content)).active
        told = {cell.value for row in listed.iter_rows() for cell in row}
        assert told & (one | two) == expected
        for code in one | two:
            answer = browser.get(f"{PAGE}/{code}/pictures/1/thumb")
            assert answer.status_code == (200 if code in expected else 404)


def test_a_department_sees_what_it_has_to_put_right(
    sign_in_as: SignIn, database: Database, world: World
) -> None:
    publish(database)
    mine = sign_in_as("department", name="mine")
    other = sign_in_as("department", name="other")
    nobody = sign_in_as("department", name="nobody")
    of_department(database, "mine", "政务局")
    of_department(database, "other", "住建局")
    assert shown(mine) == {code for codes in world.codes.values() for code in codes}
    assert shown(other) == set()
    assert nobody.get(PAGE).status_code == 404


def test_an_evaluator_never(sign_in_as: SignIn, database: Database, world: World) -> None:
    publish(database)
    assert sign_in_as("evaluator", name="evelyn.wu").get(PAGE).status_code == 404


def test_nothing_outside_tells_of_visits(
    sign_in_as: SignIn, database: Database, world: World
) -> None:
    """No visit, site, person, hash, file name or day, in any answer's body or headers."""
    publish(database)
    with database.reading() as session:
        days = {f"{each.created_at:%Y-%m-%d}" for each in session.query(Finding)}
    for role in ("clerk", "leader"):
        browser = sign_in_as(role, cities=["C1"])
        for path in (PAGE, FILE, f"{PAGE}/{world.codes['C1'][0]}/pictures/1/large"):
            answer = browser.get(path)
            body = answer.content
            if path == FILE:
                sheet = load_workbook(io.BytesIO(body)).active
                body = str([cell.value for row in sheet.iter_rows() for cell in row]).encode()
            told = body + str(dict(answer.headers)).encode()
            for secret in world.secrets | days:
                assert secret.encode() not in told, (role, path, secret)
            assert "etag" not in answer.headers
            assert "last-modified" not in answer.headers
        assert "submissions" not in browser.get(PAGE).text


def test_the_order_tells_nothing_of_what_came_first(
    sign_in_as: SignIn, database: Database, world: World
) -> None:
    publish(database)
    text = sign_in_as("clerk", cities=["C1"]).get(PAGE).text
    order = re.findall(r'id="f-([0-9A-Z]{10})"', text)
    assert order == sorted(world.codes["C1"])


def test_the_picture_is_bare(sign_in_as: SignIn, database: Database, world: World) -> None:
    publish(database)
    answer = sign_in_as("clerk", cities=["C1"]).get(
        f"{PAGE}/{world.codes['C1'][0]}/pictures/1/large"
    )
    picture = Image.open(io.BytesIO(answer.content))
    assert not picture.getexif()
    assert picture.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert answer.headers["cache-control"] == "no-store"


def test_a_picture_kept_back_is_gone_outside_and_marked_inside(
    sign_in_as: SignIn, database: Database, world: World
) -> None:
    publish(database)
    code = world.codes["C1"][0]
    address = f"{PAGE}/{code}/pictures/1"
    office, clerk = sign_in_as("office"), sign_in_as("clerk", cities=["C1"])
    assert office.post(address, data={"shown": "0"}).status_code == 303
    assert clerk.get(f"{address}/large").status_code == 404
    assert address not in clerk.get(PAGE).text
    assert office.get(f"{address}/large").status_code == 200
    assert office.get(PAGE).text.count('<span class="tag">不对外</span>') == 1
    sheet = load_workbook(io.BytesIO(clerk.get(FILE).content)).active
    photos = {row[1].value: row[-1].value for row in sheet.iter_rows(min_row=4)}
    assert photos[code] == 0
    office.post(address, data={"shown": "1"})
    assert clerk.get(f"{address}/large").status_code == 200


@pytest.mark.parametrize(
    ("role", "cities", "status"),
    [("supervisor", ("C1",), 303), ("supervisor", ("C2",), 404), ("auditor", (), 404),
     ("clerk", ("C1",), 404), ("leader", (), 404)],
)  # fmt: skip
def test_who_keeps_pictures_back(
    sign_in_as: SignIn,
    database: Database,
    world: World,
    role: str,
    cities: tuple[str, ...],
    status: int,
) -> None:
    publish(database)
    browser = sign_in_as(role, cities=cities)
    address = f"{PAGE}/{world.codes['C1'][0]}/pictures/1"
    assert browser.post(address, data={"shown": "0"}).status_code == status


def test_filters_count_and_narrow(sign_in_as: SignIn, world: World) -> None:
    office = sign_in_as("office")
    text = office.get(PAGE).text
    assert "甲市（2）" in text
    assert "显示 3 / 3" in text
    assert "显示 1 / 3" in office.get(f"{PAGE}?city=C2").text
    assert "显示 3 / 3" in office.get(f"{PAGE}?measure=1&department=政务局&severity=medium").text
    for nothing in (
        "city=C9",
        "measure=99",
        "measure=x",
        "measure=-",
        "severity=high",
        "department=-",
    ):
        assert "没有符合条件的问题" in office.get(f"{PAGE}?{nothing}").text
    assert office.get(f"{PAGE}?page=2").status_code == 404
    assert office.get(f"{PAGE}?city={'x' * 65}").status_code == 400


def test_a_filter_opens_nothing_that_is_not_yours(
    sign_in_as: SignIn, database: Database, world: World
) -> None:
    publish(database)
    clerk = sign_in_as("clerk", cities=["C1"])
    assert shown_with(clerk, "?city=C2") == set()
    assert "乙市" not in clerk.get(PAGE).text


def shown_with(browser: Any, query: str) -> set[str]:
    return set(re.findall(r'id="f-([0-9A-Z]{10})"', browser.get(PAGE + query).text))


def test_inside_each_finding_leads_to_its_record(sign_in_as: SignIn, world: World) -> None:
    text = sign_in_as("auditor").get(PAGE).text
    assert text.count("/rounds/R1/submissions/") == 3


def test_a_withdrawn_finding_is_nowhere(
    sign_in_as: SignIn, database: Database, evidence_store: EvidenceStore, world: World
) -> None:
    with database.writing() as session:
        code = world.codes["C2"][0]
        made = session.query(Finding).filter_by(code=code).one()
        sent = session.get_one(Submission, made.submission_id)
        service.on_reopen(session, evidence_store, REVIEWER, sent)
    publish(database)
    for role in ("office", "clerk"):
        browser = sign_in_as(role, cities=["C2"])
        assert code not in browser.get(PAGE).text
        assert browser.get(f"{PAGE}/{code}/pictures/1/thumb").status_code == 404


def test_the_workbook_is_in_house_style(sign_in_as: SignIn, world: World) -> None:
    answer = sign_in_as("office").get(FILE)
    assert "attachment" in answer.headers["content-disposition"]
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet["A1"].value == "现场发现问题清单"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$3:$3"
    assert [cell.value for cell in sheet[3]][:5] == ["序号", "编号", "市州", "严重程度", "现场问题"]
    assert answer.content == sign_in_as("office", name="again").get(FILE).content
