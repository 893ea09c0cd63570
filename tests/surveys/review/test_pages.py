"""The pages of review: who sees what, filters, steps, and what a second reviewer is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import service as rounds_service
from evaluation.rounds import store as rounds
from evaluation.rounds.rules import VERIFYING
from surveys.forms.models import FormVersion
from surveys.review import story
from surveys.review.queue import PAGE
from surveys.submissions.models import Submission
from surveys.visits import masking
from tests.surveys.review.submitted import OFFICE, SECRET, Field, resubmit, seen, submit

SignIn = Callable[..., Any]
HOME = "/rounds/R1/submissions"
MISMATCH = {
    "kind": "constraint",
    "path": "/data/minutes",
    "facts": {"message": "不能为负"},
}
LIKE = {"source": "camera", "lat": 36.0601, "lon": 103.8301, "accuracy": 8.0}


def token(database: Database, code: str) -> str:
    with database.reading() as session:
        record = session.query(Submission).filter_by(code=code).one()
        return str(seen(session, record))


def state(database: Database, code: str) -> str:
    with database.reading() as session:
        return str(session.query(Submission).filter_by(code=code).one().state)


@pytest.mark.parametrize("path", ["", "/CODE", "?state=all&flagged=1", "agreement"])
@pytest.mark.parametrize(
    ("role", "cities", "status"),
    [
        ("office", [], 200),
        ("supervisor", [], 200),
        ("supervisor", ["C1"], 200),
        ("auditor", [], 200),
        ("evaluator", [], 404),
        ("clerk", ["C1"], 404),
        ("approver", ["C1"], 404),
        ("department", [], 404),
        ("leader", [], 404),
    ],
)
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_who_sees_records(
    sign_in_as: SignIn, made: Any, path: str, role: str, cities: list[str], status: int
) -> None:
    code = made()
    where = "/rounds/R1/agreement" if path == "agreement" else HOME + path.replace("CODE", code)
    assert sign_in_as(role, cities=cities).get(where).status_code == status


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_is_another_citys_is_as_if_it_were_not_there(sign_in_as: SignIn, made: Any) -> None:
    code = made(city="C1")
    other = sign_in_as("supervisor", cities=["C2"])
    hidden, absent = other.get(f"{HOME}/{code}"), other.get(f"{HOME}/{code[::-1]}X")
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.text.replace(code, "") == absent.text.replace(f"{code[::-1]}X", "")
    assert code not in other.get(f"{HOME}?state=all").text
    assert f"{HOME}/{code}" not in other.get(f"{HOME}?state=all&q={code}").text
    answer = other.post(f"{HOME}/{code}/approve", data={"seen": "1-0-1"})
    assert answer.status_code == 404


@pytest.mark.parametrize("role", ["auditor", "evaluator", "clerk", "leader"])
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_those_who_may_not_write_do_not(
    sign_in_as: SignIn, made: Any, database: Database, role: str
) -> None:
    code = made()
    other = sign_in_as(role, cities=["C1"] if role == "clerk" else [])
    told = {"seen": token(database, code), "reason": "x"}
    assert other.post(f"{HOME}/{code}/approve", data=told).status_code == 404
    chosen = {"action": "approve", "record": f"{code}:{told['seen']}"}
    assert other.post(f"{HOME}/bulk", data=chosen).status_code == 404
    assert state(database, code) == "received"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_an_auditor_reads_everything_and_no_visitors_name(
    sign_in_as: SignIn, person: Any, made: Any, database: Database
) -> None:
    person("evaluator", name="zhang.wei")
    twin = made(evaluator="zhang.wei", remark="我是 zhang.wei，在大厅", findings=[MISMATCH])

    def told(field: Field, record: Submission) -> None:
        from tests.surveys.review.test_service import take

        take(field, OFFICE, "return", record, reasons={"/data/photo": "请 zhang.wei 补拍"})
        resubmit(field, record, remark="zhang.wei 补了")

    code = made(told, evaluator="zhang.wei", remark="我是 zhang.wei，在大厅")
    alias = masking.alias(SECRET, "zhang.wei")
    auditor = sign_in_as("auditor")
    for path in (f"{HOME}?state=all", f"{HOME}/{code}", f"{HOME}/{twin}",
                 f"{HOME}/{code}?edition=1", "/rounds/R1/agreement"):  # fmt: skip
        page = auditor.get(path).text
        assert "zhang.wei" not in page.lower(), path
        assert (alias in page) or "agreement" in path
    assert "zhang.wei" in sign_in_as("supervisor").get(f"{HOME}/{code}").text
    # an address that guesses a name finds nothing, so it proves nothing
    assert code not in auditor.get(f"{HOME}?state=all&evaluator=zhang.wei").text
    assert code in auditor.get(f"{HOME}?state=all&evaluator={alias}").text


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_queue_filters_and_counts(sign_in_as: SignIn, made: Any) -> None:
    one = made(city="C1", photos=({**LIKE, "source": "gallery"},))
    two = made(city="C2", minutes=3, evaluator="other", photos=(LIKE,))
    three = made(state="approved", approved_by="sun", minutes=44)
    supervisor = sign_in_as("supervisor")

    def shown(query: str) -> set[str]:
        page = supervisor.get(f"{HOME}?{query}").text
        return {code for code in (one, two, three) if f"{HOME}/{code}?" in page}

    assert shown("") == {one, two}
    assert shown("state=all") == {one, two, three}
    assert shown("city=C2") == {two}
    assert shown("form=hall") == {one, two}
    assert shown("form=other") == set()
    assert shown("flagged=1") == {one}
    assert shown(f"q={one.lower()}") == {one}
    assert shown("q=%25") == set()
    assert shown(f"evaluator={masking.alias(SECRET, 'other')}") == {two}
    assert shown("second=1") == set()
    assert supervisor.get(f"{HOME}?state=whatever").status_code == 404
    assert supervisor.get(f"{HOME}?page=0").status_code == 400
    assert supervisor.get(f"{HOME}?page=9999").status_code == 200
    assert f"{HOME}/{three}?" in sign_in_as("office").get(HOME).text


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_page_asks_the_database_a_fixed_number_of_times(
    sign_in_as: SignIn, made: Any, database: Database, app: Any, evidence_store: EvidenceStore
) -> None:
    made(photos=(LIKE,))
    supervisor = sign_in_as("supervisor")
    counted: list[str] = []
    engine = app.state.database.engine
    event.listen(engine, "before_cursor_execute", lambda *given: counted.append(given[2]))

    def asked(query: str) -> int:
        counted.clear()
        assert supervisor.get(f"{HOME}?{query}").status_code == 200
        return len(counted)

    queries = ("", "flagged=1", "state=all&page=2")
    few = [asked(query) for query in queries]
    with database.writing() as session:
        found = rounds.by_code(session, "R1")
        field = Field(session, evidence_store, found, session.query(FormVersion).one())
        for number in range(499):
            submit(field, evaluator=f"v{number % 40}", photos=(LIKE,), minutes=number)
    many = [asked(query) for query in queries]
    assert many[0] == few[0] <= 20
    assert many[1] <= 20
    assert many[2] <= 20
    page = supervisor.get(HOME).text
    assert page.count('name="record"') == PAGE
    assert "第 1 页，共 20 页" in page


def test_a_record_shows_what_there_is_to_see(
    sign_in_as: SignIn, made: Any, database: Database
) -> None:
    ledger = {
        "app": "yingshang",
        "started_at": "2026-11-24T09:00:00+08:00",
        "ended_at": "2026-11-24T09:40:00+08:00",
        "steps": [{"code": "queue", "seconds": 390}],
        "positions": [{"at": "2026-11-24T09:05:00+08:00", "lat": 36.0602, "lon": 103.83}],
    }
    far = {"source": "gallery", "lat": 36.1, "lon": 103.83, "accuracy": 12, "mock": True}
    code = made(sign="no", findings=[MISMATCH], photos=(far,), ledger=ledger, flags=["late"])
    twin = made(sign="no")
    page = sign_in_as("supervisor").get(f"{HOME}/{code}").text
    for text in (
        "等候分钟", "有指引标识", "否", "检查点不合格", "政务局", "整改措施 1", "不能为负",
        "采信后会得到", "开办时间", "12 工作日", "模拟定位", "相册照片", "访查期后才送达",
        "答案重复", twin, "取号", "6.5", "<svg class=\"way\"", "为什么仍然通过", "较长的停顿",
        "提交第 1 版", "现在不能做的",
    ):  # fmt: skip
        assert text in page, text
    assert f"{HOME}/{code}/files/1/thumb" in page or f"{HOME}/{code}/files/1" in page
    assert "4.4 公里" in page


def test_an_evaluator_sees_state_and_reasons_and_nobody(
    sign_in_as: SignIn, made: Any, database: Database
) -> None:
    mine = made(evaluator="evaluator1", photos=({},))
    others = made(evaluator="somebody")
    supervisor = sign_in_as("supervisor", name="sun.li")
    told = {"seen": token(database, mine), "reason:/data/photo": "门牌看不清", "reason": "其余都好"}
    supervisor.post(f"{HOME}/{mine}/return", data=told)
    me = sign_in_as("evaluator", name="evaluator1")
    listed = me.get("/my-submissions").text
    assert mine in listed
    assert others not in listed
    page = me.get(f"/my-submissions/{mine}").text
    for text in ("退回补正", "评价督导", "门牌看不清", "其余都好", "标识照片", "photo1.jpg"):
        assert text in page, text
    assert "sun.li" not in page
    assert "复访" not in page
    assert me.get(f"/my-submissions/{others}").status_code == 404
    assert me.get("/my-submissions/NOSUCHCODE").status_code == 404
    assert supervisor.get(f"/my-submissions/{mine}").status_code == 404
    assert me.post(f"/my-submissions/{mine}").status_code in (404, 405)


def test_tasks_blockers_panel_and_step(
    sign_in_as: SignIn, made: Any, database: Database, person: Any
) -> None:
    made()
    approved = made(state="approved", approved_by="supervisor1")
    accepted = made(state="accepted", approved_by="x", accepted_by="y")
    made(state="returned", evaluator="me")
    supervisor, office = sign_in_as("supervisor"), sign_in_as("office")
    home = supervisor.get("/").text
    assert "审核 1 份现场记录" in home
    assert "复核采信" not in home  # it approved the only one itself
    assert "复核采信 1 份现场记录" in office.get("/").text
    office.post(f"{HOME}/{accepted}/ask", data={"seen": token(database, accepted), "reason": "x"})
    assert "等您确认" in supervisor.get("/").text
    assert "等您确认" not in office.get("/").text
    assert "补正退回的 1 份现场记录" in sign_in_as("evaluator", name="me").get("/").text
    shown = supervisor.get("/rounds/R1").text
    assert f"{HOME}?state=approved" in shown
    assert f'href="{HOME}"' in shown
    assert HOME not in sign_in_as("leader").get("/rounds/R1").text
    with database.writing() as session:
        found = rounds.by_code(session, "R1")
        assert story.blockers(session, found, VERIFYING) == []
        rounds_service.advance(session, OFFICE, found, VERIFYING)
        (blocker,) = story.blockers(session, found, "scored")
        assert "3 份" in blocker.text
    assert approved


def test_both_languages(sign_in_as: SignIn, made: Any) -> None:
    code = made(findings=[MISMATCH], photos=({**LIKE, "source": "gallery"},))
    supervisor = sign_in_as("supervisor")
    supervisor.headers["accept-language"] = "en"
    for path in (f"{HOME}?state=all", f"{HOME}/{code}", "/rounds/R1/agreement"):
        page = supervisor.get(path).text
        body = page[page.index("<main") : page.index("</main>")]
        body = re.sub(r"<script.*?</script>|\{[^}]*\}", "", body, flags=re.S)
        left = set(re.findall(r"[\u4e00-\u9fff]+", re.sub(r"<[^>]+>", " ", body)))
        assert left <= {"示例场所", "营商", "中文", "政务局", "不能为负", "工作日", "示例手机"}, (
            path,
            left,
        )


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_log_does_not_say_whose_record_was_opened(
    sign_in_as: SignIn, made: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    code = made(evaluator="zhang.wei")
    me = sign_in_as("evaluator", name="zhang.wei")
    assert me.get("/my-submissions").status_code == 200
    assert me.get(f"/my-submissions/{code}").status_code == 200
    assert me.get("/my-submissions/NOSUCHCODE").status_code == 404
    said = capsys.readouterr()
    lines = [line for line in (said.out + said.err).splitlines() if "/my-submissions" in line]
    assert len(lines) == 3
    assert not [line for line in lines if "zhang" in line]
