"""First and second look, question by question, and the page that tells of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from surveys.forms import answers
from surveys.forms.document import Words
from surveys.review import queue_store
from surveys.review.groups import labels
from surveys.review.saying import heading
from surveys.review.second_looks import Looks, compare, same
from surveys.submissions.models import Submission
from surveys.visits import masking
from tests.factories.field import a_document
from tests.surveys.review.submitted import SECRET, a_field, submit

DOCUMENT = a_document()
ALL = (Submission.state != "",)
XFORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><model><itext>
 <translation lang="中文 (zh)" default="true()">
 <text id="/data/hall:label"><value>大厅</value></text></translation>
 <translation lang="English (en)">
 <text id="/data/hall:label"><value>Hall</value></text></translation>
 </itext></model></h:head><h:body>
 <group ref="/data/hall"><label ref="jr:itext('/data/hall:label')"/>
  <group ref="/data/hall/window"><label>窗口</label><repeat nodeset="/data/hall/window">
  <input ref="/data/hall/window/q"><label>题</label></input></repeat></group></group>
 <group ref="/data/bare"><input ref="/data/bare/q"><label>题</label></input></group>
</h:body></h:html>"""


def told(minutes: object = "", sign: str = "", remark: str = "") -> answers.Answers:
    xml = (
        f'<data id="hall" version="1"><visit>V</visit><minutes>{minutes}</minutes>'
        f"<sign>{sign}</sign><remark>{remark}</remark><meta><instanceID>uuid:x</instanceID>"
        "</meta></data>"
    )
    return answers.read(DOCUMENT, xml.encode())


def test_choices_and_numbers_are_compared_and_texts_are_not() -> None:
    looks = [
        Looks("a", told(10, "yes", "一"), told(10.4, "yes", "二")),
        Looks("b", told(10, "yes"), told(12, "no")),
        Looks("c", told(30, "no"), told(30, "")),
        Looks("d", told("", ""), told("", "")),
    ]
    together = compare(DOCUMENT, looks)
    minutes, sign = together.questions
    assert (minutes.question.name, minutes.count, minutes.agreed) == ("minutes", 3, 2)
    assert minutes.kappa is None
    assert (sign.question.name, sign.count, sign.agreed) == ("sign", 3, 1)
    assert sign.kappa is not None
    assert [(d.key, d.first, d.second) for d in together.differences] == [
        ("b", "10", "12"),
        ("b", "yes", "no"),
        ("c", "no", ""),
    ]
    assert (together.looks, together.count, together.percent) == (4, 6, 50.0)
    assert sign.few


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("100", "95", True),
        ("100", "94.9", False),
        ("0", "0", True),
        ("0", "0.01", False),
        ("-100", "-96", True),
        ("3", "", False),
        ("x", "x", True),
    ],
)
def test_numbers_agree_within_a_twentieth_of_the_larger(one: str, other: str, agree: bool) -> None:
    assert same(one, other) is agree
    assert same(other, one) is agree


def test_groups_are_called_as_the_form_calls_them() -> None:
    found = labels(XFORM)
    assert found == {
        "/data/hall": Words("大厅", "Hall"),
        "/data/hall/window": Words("窗口"),
    }
    assert heading(found, "/data/hall/window[2]/q") == "大厅 › 窗口 第 2 次"
    assert heading(found, "/data/bare/q") == ""
    assert heading(found, "/data/q") == ""


@pytest.mark.parametrize("role", ["office", "supervisor", "auditor"])
def test_the_page_shows_both_answers_side_by_side(
    database: Database,
    evidence_store: EvidenceStore,
    sign_in_as: Callable[..., Any],
    role: str,
) -> None:
    with database.writing() as session:
        field = a_field(session, evidence_store)
        codes = []
        for number, state in enumerate(("received", "accepted", "rejected")):
            first = field.visit("one", city="C1")
            again = field.visit("two", site=first.site, second_of=first.id)
            a = submit(field, visit=first, minutes=10, sign="yes")
            b = submit(field, visit=again, minutes=20 + number, sign="yes", state=state)
            codes.append((a.code, b.code))
        elsewhere = field.visit("one", city="C2")
        field.visit("two", city="C2", site=elsewhere.site, second_of=elsewhere.id)
    page = sign_in_as(role).get("/rounds/R1/agreement")
    assert page.status_code == 200
    assert "2 / 4" in page.text  # pairs that are here, of those planned
    for first_code, second_code in codes[:2]:
        assert first_code in page.text
        assert second_code in page.text
    assert codes[2][1] not in page.text  # rejected: not compared
    shown = masking.alias(SECRET, "two") if role == "auditor" else ">two<"
    assert shown in page.text
    limited = sign_in_as("supervisor", cities=["C2"]).get("/rounds/R1/agreement").text
    assert codes[0][0] not in limited
    assert "还没有成对的记录" in limited


def test_only_a_third_record_makes_two_looks_at_one_place_suspicious(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        field = a_field(session, evidence_store)
        visit = field.visit()
        first = submit(field, visit=visit)
        second = submit(field, visit=field.visit("other", second_of=visit.id))
        assert queue_store.lookalikes(session, ALL) == {}
        third = submit(field)
        found = queue_store.lookalikes(session, ALL)
    codes = {edition: {code for code, _who in others} for edition, others in found.items()}
    assert codes == {
        first.edition_id: {third.code},
        second.edition_id: {third.code},
        third.edition_id: {first.code, second.code},
    }
