"""Steps of a review from the pages: one record, a second reviewer, many at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from evaluation.platform.database import Database
from surveys.review import bulk
from surveys.submissions.models import Submission
from tests.surveys.review.submitted import seen

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


def test_approve_accept_and_on_to_the_next(
    sign_in_as: SignIn, made: Any, database: Database
) -> None:
    one, two = made(), made()
    supervisor = sign_in_as("supervisor")
    page = supervisor.get(f"{HOME}/{one}?state=received").text
    following = re.search(r'name="next" value="(\w*)"', page)
    assert following is not None
    assert following.group(1) == two
    told = {"seen": token(database, one), "next": two}
    answer = supervisor.post(f"{HOME}/{one}/approve?state=received", data=told)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{HOME}/{two}?state=received"
    assert state(database, one) == "approved"
    refused = supervisor.post(f"{HOME}/{one}/accept", data={"seen": token(database, one)})
    assert refused.status_code == 409
    assert "另一位评价督导" in refused.text
    office = sign_in_as("office")
    answer = office.post(
        f"{HOME}/{one}/accept", data={"seen": token(database, one), "next": "../../x"}
    )
    assert answer.headers["location"] == f"{HOME}/{one}"
    assert state(database, one) == "accepted"


def test_the_second_reviewer_gets_409_and_what_the_first_did(
    sign_in_as: SignIn, made: Any, database: Database
) -> None:
    code = made()
    first, second = sign_in_as("supervisor"), sign_in_as("supervisor")
    old = token(database, code)
    told = {"seen": old, "reason:/data/photo": "门牌看不清"}
    assert first.post(f"{HOME}/{code}/return", data=told).status_code == 303
    answer = second.post(f"{HOME}/{code}/approve", data={"seen": old, "reason": "我写的理由"})
    assert answer.status_code == 409
    assert "supervisor1" in answer.text
    assert "门牌看不清" in answer.text
    assert "退回补正" in answer.text
    assert state(database, code) == "returned"
    as_program = second.post(
        f"{HOME}/{code}/approve", data={"seen": old}, headers={"accept": "application/json"}
    )
    assert as_program.status_code == 409


def test_what_was_typed_is_there_after_a_refusal(
    sign_in_as: SignIn, made: Any, database: Database
) -> None:
    code = made(findings=[MISMATCH])
    supervisor = sign_in_as("supervisor")
    now = token(database, code)
    refused = supervisor.post(f"{HOME}/{code}/approve", data={"seen": now, "reason": " "})
    assert refused.status_code == 422
    assert "1 处不符" in refused.text
    told = {"seen": now, "reason": "总的说明在此"}
    refused = supervisor.post(f"{HOME}/{code}/return", data=told)
    assert refused.status_code == 422
    assert "总的说明在此" in refused.text
    told = {"seen": now, "reason:/data/nothing": "x", "reason:/data/sign": "请补充依据"}
    refused = supervisor.post(f"{HOME}/{code}/return", data=told)
    assert refused.status_code == 422
    assert "请补充依据" in refused.text
    assert state(database, code) == "received"
    assert supervisor.post(f"{HOME}/{code}/whatever", data=told).status_code == 404


def test_reasons_are_inert_on_every_page(sign_in_as: SignIn, made: Any, database: Database) -> None:
    bad = "<script>alert(1)</script>"
    code = made(remark=bad.replace("<", "&lt;"))
    supervisor = sign_in_as("supervisor")
    told = {"seen": token(database, code), "reason:/data/photo": bad, "reason": bad}
    supervisor.post(f"{HOME}/{code}/return", data=told)
    page = supervisor.get(f"{HOME}/{code}").text
    assert bad not in page
    assert page.count("&lt;script&gt;") >= 3


def test_many_at_once_are_told_one_by_one(
    sign_in_as: SignIn, made: Any, database: Database
) -> None:
    good, faulty = made(), made(findings=[MISMATCH])
    supervisor = sign_in_as("supervisor")
    chosen = {
        "action": "approve",
        "record": [f"{code}:{token(database, code)}" for code in (good, faulty)],
    }
    page = supervisor.post(f"{HOME}/bulk?state=received", data=chosen)
    assert page.status_code == 200
    assert "1 份已办，1 份没有改动" in page.text
    assert "仍要通过" in page.text
    assert (state(database, good), state(database, faulty)) == ("approved", "received")
    nothing = supervisor.post(f"{HOME}/bulk", data={"action": "approve"})
    assert nothing.status_code == 422
    assert "还没有选择记录" in nothing.text
    too_many = {"action": "approve", "record": [f"C{n}:1-0-1" for n in range(bulk.MOST + 1)]}
    assert supervisor.post(f"{HOME}/bulk", data=too_many).status_code == 422
    assert supervisor.post(f"{HOME}/bulk", data=chosen | {"action": "reject"}).status_code == 404
    assert sign_in_as("office").post(f"{HOME}/bulk", data=chosen).status_code == 404


def test_a_bulk_return_names_its_question(
    sign_in_as: SignIn, made: Any, database: Database
) -> None:
    code = made()
    supervisor = sign_in_as("supervisor")
    assert 'name="question"' in supervisor.get(f"{HOME}?form=hall").text
    assert 'name="question"' not in supervisor.get(HOME).text
    chosen = {
        "action": "return",
        "record": f"{code}:{token(database, code)}",
        "reason": "门牌看不清",
    }
    assert "0 份已办" in supervisor.post(f"{HOME}/bulk", data=chosen).text
    done = supervisor.post(f"{HOME}/bulk?form=hall", data=chosen | {"question": "/data/photo"})
    assert "1 份已办" in done.text
    assert state(database, code) == "returned"
