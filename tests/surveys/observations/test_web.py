"""The pages of observations: who opens them, the upload, its preview and its commit."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook

from evaluation.platform.audit import System
from evaluation.platform.database import Database
from evaluation.rounds import service as round_service
from evaluation.rounds import store as rounds
from surveys.observations import service, store
from surveys.observations.rules import Given
from tests.factories.province import a_round
from tests.surveys.observations.test_values_file import HEAD, xlsx

WHO = System("factory", "system")
BASE = "/rounds/R1/observations"
SignIn = Callable[..., Any]


@pytest.fixture(autouse=True)
def _round(database: Database) -> None:
    with database.writing() as session:
        found = a_round(session)
        rows = [
            Given("C1", "I1", "full_filing", 5.0, source="填报"),
            Given("C1", "I1", "verification", 9.0, source="核验"),
            Given("C1", "I2", "full_filing", 98.0),
            Given("C2", "I1", "full_filing", 7.0),
            Given("C2", "I4", "full_filing", None, True),
        ]
        service.record_many(session, WHO, found, rows)


def upload(browser: Any, data: bytes, name: str = "值.xlsx", method: str = "full_filing") -> Any:
    return browser.post(f"{BASE}/uploads", files={"file": (name, data)}, data={"method": method})


def values(database: Database) -> dict[tuple[str, str, str], float | None]:
    with database.reading() as session:
        found = rounds.by_code(session, "R1")
        return {
            (o.city, o.indicator, o.method): o.value for o in store.observations(session, found.id)
        }


@pytest.mark.parametrize(
    ("role", "cities", "c1", "c2"),
    [
        ("office", (), 200, 200),
        ("auditor", (), 200, 200),
        ("supervisor", (), 200, 200),
        ("supervisor", ("C2",), 404, 200),
        ("clerk", ("C1",), 200, 404),
        ("approver", ("C2",), 404, 200),
        ("clerk", (), 404, 404),
        ("leader", (), 404, 404),
        ("evaluator", (), 404, 404),
        ("department", (), 404, 404),
    ],
)
def test_who_opens_which_city(
    sign_in_as: SignIn, role: str, cities: tuple[str, ...], c1: int, c2: int
) -> None:
    browser = sign_in_as(role, cities=cities)
    assert browser.get(f"{BASE}/C1/I1").status_code == c1
    assert browser.get(f"{BASE}/C2/I1").status_code == c2
    assert browser.get(f"{BASE}?city=C1").status_code == c1
    assert browser.get(f"{BASE}?city=C2").status_code == c2
    listed = browser.get(BASE)
    assert listed.status_code == (200 if 200 in (c1, c2) else 404)
    if role == "clerk":
        assert "乙市" not in listed.text
        assert "乙市" not in browser.get("/rounds/R1").text


@pytest.mark.parametrize("role", ["auditor", "supervisor", "clerk", "approver", "leader"])
def test_only_the_office_writes(sign_in_as: SignIn, database: Database, role: str) -> None:
    browser = sign_in_as(role, cities=["C1"] if role in ("clerk", "approver") else [])
    before = values(database)
    form = {"method": "full_filing", "reason": "因为"}
    assert browser.post(f"{BASE}/C1/I1", data=form).status_code == 404
    assert upload(browser, xlsx([HEAD, ["C1", "", 1]])).status_code == 404
    assert browser.get(f"{BASE}/uploads").status_code == 404
    assert values(database) == before


def test_the_page_says_what_is_adopted_why_and_what_disagrees(sign_in_as: SignIn) -> None:
    browser = sign_in_as("office")
    text = browser.get(f"{BASE}?city=C1").text
    assert "按规则：核验优先" in text
    assert "各方式不一致" in text
    assert "唯一来源" in text
    only = browser.get(f"{BASE}?city=C1&only=disagree").text
    assert "开办时间" in only
    assert "网办率" not in only
    assert "不适用" in browser.get(f"{BASE}?dimension=D2&city=").text


def test_odd_filters_are_not_found_or_refused(sign_in_as: SignIn) -> None:
    browser = sign_in_as("office")
    assert browser.get(f"{BASE}?city=C9").status_code == 404
    assert browser.get(f"{BASE}?dimension=X").status_code == 404
    assert browser.get(f"{BASE}?page=0").status_code == 400
    assert browser.get(f"{BASE}?page={'9' * 40}").status_code == 400
    assert browser.get(f"{BASE}/C1/D1").status_code == 404
    assert browser.get("/rounds/NONE/observations").status_code == 404


def test_adopt_by_hand_then_back_to_the_rule(sign_in_as: SignIn) -> None:
    browser = sign_in_as("office")
    refused = browser.post(f"{BASE}/C1/I1", data={"method": "full_filing", "reason": " "})
    assert refused.status_code == 422
    assert "人工采用必须写明原因" in refused.text
    done = browser.post(f"{BASE}/C1/I1", data={"method": "full_filing", "reason": "<b>台账</b>"})
    assert done.status_code == 303
    page = browser.get(f"{BASE}/C1/I1").text
    assert "人工采用：&lt;b&gt;台账&lt;/b&gt;" in page
    assert "改为采用“全量数据填报”" in page
    browser.post(f"{BASE}/C1/I1", data={"method": "", "reason": "核对完毕"})
    assert "恢复按规则采用“线下数据核验”" in browser.get(f"{BASE}/C1/I1").text


def test_history_tells_a_city_what_but_not_who(sign_in_as: SignIn) -> None:
    office = sign_in_as("office", name="wang.office")
    office.post(f"{BASE}/C1/I1", data={"method": "full_filing", "reason": "台账"})
    assert "wang.office" in office.get(f"{BASE}/C1/I1").text
    page = sign_in_as("clerk", cities=["C1"]).get(f"{BASE}/C1/I1").text
    assert "改为采用“全量数据填报”" in page
    assert "wang.office" not in page


def test_workbook_upload_preview_commit_and_once_more(
    sign_in_as: SignIn, database: Database
) -> None:
    browser = sign_in_as("office")
    book = browser.get(f"{BASE}/workbook.xlsx?method=full_filing")
    assert book.headers["content-disposition"].startswith("attachment")
    loaded = load_workbook(io.BytesIO(book.content))
    sheet = loaded["数据"]
    assert sheet["C5"].value == 5
    sheet["C5"], sheet["C7"], sheet["D6"] = 6, 8, 50
    out = io.BytesIO()
    loaded.save(out)
    before = values(database)
    held = upload(browser, out.getvalue())
    assert held.status_code == 303
    where = held.headers["location"]
    preview = browser.get(where)
    assert "确认导入 3 格" in preview.text
    assert "<del>5</del>" in preview.text
    assert values(database) == before
    (digest,) = re.findall(r'name="digest" value="(\w+)"', preview.text)
    assert browser.post(where, data={"digest": digest}).status_code == 303
    after = values(database)
    changed = {key: value for key, value in after.items() if before.get(key) != value}
    assert changed == {
        ("C1", "I1", "full_filing"): 6.0,
        ("C3", "I1", "full_filing"): 8.0,
        ("C2", "I2", "full_filing"): 50.0,
    }
    assert browser.post(where, data={"digest": digest}).status_code == 303
    again = upload(browser, out.getvalue()).headers["location"]
    assert "文件里的值与系统中的完全相同" in browser.get(again).text
    assert values(database) == after
    assert "（文件：值.xlsx）" in browser.get(f"{BASE}/C1/I1").text


def test_what_changed_since_the_preview_is_shown_again(
    sign_in_as: SignIn, database: Database
) -> None:
    browser = sign_in_as("office")
    where = upload(browser, xlsx([HEAD, ["C1", "", 6]])).headers["location"]
    (digest,) = re.findall(r'name="digest" value="(\w+)"', browser.get(where).text)
    with database.writing() as session:
        found = rounds.by_code(session, "R1")
        service.record_many(session, WHO, found, [Given("C1", "I1", "full_filing", 5.5)])
    refused = browser.post(where, data={"digest": digest})
    assert refused.status_code == 409
    assert "预览之后，系统里的数据已经变化" in refused.text
    assert "<del>5.5</del>" in refused.text
    assert values(database)["C1", "I1", "full_filing"] == 5.5


def test_a_faulty_file_lists_everything_and_stores_nothing(
    sign_in_as: SignIn, database: Database
) -> None:
    browser = sign_in_as("office")
    before = values(database)
    page = upload(browser, xlsx([HEAD, ["C1", "", "1,234"], ["C9", "", 1]]), name="<b>.xlsx")
    assert page.status_code == 422
    assert "单元格 C2" in page.text
    assert "单元格 A3" in page.text
    assert "<b>.xlsx" not in page.text
    assert values(database) == before
    assert upload(browser, b"%PDF-1.7", name="x.pdf").status_code == 422
    assert upload(browser, b"", name="x.xlsx").status_code == 422
    nothing = browser.post(
        f"{BASE}/uploads", data={"method": "full_filing"}, files={"x": ("", b"")}
    )
    assert nothing.status_code == 422
    assert "请选择文件" in nothing.text
    assert upload(browser, b"", method="guess").status_code == 404


def test_a_scored_round_takes_nothing(sign_in_as: SignIn, database: Database) -> None:
    browser = sign_in_as("office")
    where = upload(browser, xlsx([HEAD, ["C1", "", 6]])).headers["location"]
    (digest,) = re.findall(r'name="digest" value="(\w+)"', browser.get(where).text)
    with database.writing() as session:
        for target in ("verifying", "scored"):
            found = rounds.by_code(session, "R1")
            round_service.advance(session, WHO, found, target)
    before = values(database)
    assert browser.post(where, data={"digest": digest}).status_code == 409
    assert browser.get(f"{BASE}/uploads").status_code == 409
    form = {"method": "full_filing", "reason": "因为"}
    assert browser.post(f"{BASE}/C1/I1", data=form).status_code == 409
    assert values(database) == before
    assert "改变采用" not in browser.get(f"{BASE}/C1/I1").text


def test_the_round_page_tells_coverage(sign_in_as: SignIn, database: Database) -> None:
    with database.writing() as session:
        round_service.advance(session, WHO, rounds.by_code(session, "R1"), "verifying")
    text = sign_in_as("office").get("/rounds/R1").text
    assert "4 / 20" in text
    assert "还有 16 格没有采用值" in text
    own = sign_in_as("clerk", cities=["C1"]).get("/rounds/R1").text
    assert "2 / 5" in own
    assert "采用值覆盖" not in sign_in_as("leader").get("/rounds/R1").text
