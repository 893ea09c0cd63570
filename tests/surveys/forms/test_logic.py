"""The form's own logic against submissions: what the engine finds, and what it does not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from evaluation.platform.i18n import use_locale
from surveys.forms import logic
from surveys.forms.doctor import Draft, examine
from tests.surveys.forms.workbooks import CHOICE_HEADERS, YES_NO, q, workbook

TOWNS = (("town", "lz", "兰州", "Lanzhou", "yes"), ("town", "ts", "天水", "Tianshui", "no"))


def draft(*rows: Any) -> Draft:
    used = {row["type"].split()[-1] for row in rows if " " in row["type"]}
    choices = [(*row, None) for row in YES_NO if row[0] in used]
    choices += [row for row in TOWNS if row[0] in used]
    content = workbook(*rows, choices=choices, choice_headers=(*CHOICE_HEADERS, "big"))
    made = examine(content, "x.xlsx")
    assert made.draft is not None, [str(fault) for fault in made.errors]
    return made.draft


def said(made: Draft, body: str, **more: Any) -> list[tuple[str, str]]:
    """Kinds and paths of the findings against a submission."""
    xml = f'<data id="hall" version="1"><visit>V</visit>{body}</data>'
    found = logic.check(made.xform, made.document, xml, **more)
    for finding in found:
        assert logic.restored(finding.stored()) == finding
        for locale in ("zh", "en"):
            with use_locale(locale):
                assert "{" not in finding.text
    return [(finding.kind, finding.path) for finding in found]


SELECT = (q("select_one yes_no", "a", required="yes"),)
FILTERED = (
    q("select_one yes_no", "big"),
    q("select_one town", "t", choice_filter="big = ${big}"),
)
REPEATED = (
    q("begin repeat", "r"),
    q("select_one yes_no", "big"),
    q("select_one town", "t", choice_filter="big = ${big}", evidence="p"),
    q("text", "why", relevant="${t} = 'lz'", required="yes"),
    q("image", "p"),
    q("calculate", "row", calculation="position(..)"),
    q("end repeat", ""),
    q("calculate", "rows", calculation="count(${r})"),
)
ROW = "<r><big>yes</big><t>lz</t><why>w</why><p>1.jpg</p><row>1</row></r>"
SUM = (
    q("integer", "n", constraint=". < 10", message="小于 10", message_en="below 10"),
    q("calculate", "c", calculation="${n} * 2"),
    q("text", "big", relevant="${n} > 5", required="yes"),
)
DATES = (
    q("end", "ended"),
    q("date", "d", constraint=". <= today()", message="未来", message_en="future"),
    q("date", "e", constraint=". >= ${d}", message="早于", message_en="before"),
    q("dateTime", "came"),
    q("dateTime", "left"),
    q("calculate", "minutes", calculation=(
        "round((decimal-date-time(${left}) - decimal-date-time(${came})) * 24 * 60, 0)")),
    q("text", "late", relevant="${e} > ${d}"),
)  # fmt: skip
NOON = "<ended>2026-03-05T12:00:00.000+08:00</ended>"
TIMES = (
    "<came>2026-03-05T10:00:00.000+08:00</came><left>2026-03-05T11:30:00.000+08:00</left>"
    "<minutes>90</minutes>"
)


@pytest.mark.parametrize(
    ("rows", "body", "wanted"),
    [
        (SELECT, "<a>yes</a>", []),
        (SELECT, "<a/>", [("required", "/data/a")]),
        (SELECT, "", [("required", "/data/a")]),
        (SELECT, "<a>perhaps</a>", [("choice", "/data/a")]),
        (SELECT, "<a>yes</a><evil>1</evil>", [("unknown", "/data/evil")]),
        (SELECT, "<a>yes</a><a>no</a>", [("unknown", "/data/a")]),
        (SUM, "<n>3</n><c>6</c>", []),
        (SUM, "<n>3</n><c>6.0</c>", []),
        (SUM, "<n>3</n><c>7</c>", [("calculation", "/data/c")]),
        (SUM, "<n>3</n>", [("calculation", "/data/c")]),
        (SUM, "<n/><c/>", []),
        (SUM, "<n/><c>NaN</c>", []),
        (SUM, "<n>3</n><c>6</c><big>x</big>", [("relevant", "/data/big")]),
        (SUM, "<n>6</n><c>12</c>", [("required", "/data/big")]),
        (SUM, "<n>12</n><c>24</c><big>x</big>", [("constraint", "/data/n")]),
        (FILTERED, "<big>yes</big><t>lz</t>", []),
        (FILTERED, "<big>yes</big><t>ts</t>", [("choice", "/data/t")]),
        (FILTERED, "<big>yes</big><t>paris</t>", [("choice", "/data/t")]),
        (REPEATED, "<rows>0</rows>", []),
        (REPEATED, "<r><big>no</big><t>ts</t><p>1.jpg</p><row>1</row></r><rows>1</rows>", []),
        (REPEATED, f"{ROW.replace('yes', 'no')}<rows>1</rows>", [("choice", "/data/r[1]/t")]),
        (REPEATED,
         f"{ROW}<r><big>yes</big><t>ts</t><why>w</why><row>5</row></r><rows>3</rows>",
         [("choice", "/data/r[2]/t"), ("evidence", "/data/r[2]/t"), ("relevant", "/data/r[2]/why"),
          ("calculation", "/data/r[2]/row"), ("calculation", "/data/rows")]),
        (DATES, f"{NOON}<d>2026-03-05</d><e>2026-03-05</e>{TIMES}", []),
        (DATES, f"{NOON}<d>2026-03-06</d><e>2026-03-06</e>{TIMES}", [("constraint", "/data/d")]),
        (DATES, f"{NOON}<d>2026-03-05</d><e>2026-03-04</e>{TIMES}", [("constraint", "/data/e")]),
        (DATES, f"{NOON}<d>2026-03-04</d><e>2026-03-05</e>{TIMES}<late>x</late>", []),
        (DATES, f"{NOON}<d>2026-03-05</d><e>2026-03-05</e>{TIMES}<late>x</late>",
         [("relevant", "/data/late")]),
        (DATES, NOON + TIMES.replace("90", "45"), [("calculation", "/data/minutes")]),
    ],
)  # fmt: skip
def test_findings(rows: Any, body: str, wanted: list[tuple[str, str]]) -> None:
    assert said(draft(*rows), body) == wanted


def test_without_an_end_today_is_what_the_caller_says() -> None:
    made = draft(DATES[1])
    late = datetime(2026, 3, 5, 12, tzinfo=UTC)
    assert said(made, "<d>2026-03-05</d>", at=late) == []
    early = datetime(2026, 3, 4, 12, tzinfo=UTC)
    assert said(made, "<d>2026-03-05</d>", at=early) == [("constraint", "/data/d")]


def test_a_constraint_says_what_it_wants() -> None:
    made = draft(*SUM)
    xml = '<data id="hall" version="1"><visit>V</visit><n>12</n><c>24</c><big>x</big></data>'
    (finding,) = logic.check(made.xform, made.document, xml)
    assert "小于 10" in finding.text


def test_calculations_that_never_come_out_the_same_are_left_alone() -> None:
    made = draft(
        q("text", "a"),
        q("calculate", "when", calculation="now()"),
        q("calculate", "draw", calculation="once(random())"),
        q("calculate", "id", calculation="uuid()"),
        q("calculate", "both", calculation="concat(${when}, 'x')"),
    )
    body = "<when>2020</when><draw>0.5</draw><id>u</id><both>2020x</both>"
    assert said(made, body) == []
    assert said(made, body.replace("2020x", "2021x")) == [("calculation", "/data/both")]


def test_a_rule_that_cannot_run_is_said_and_nothing_else_of_it() -> None:
    made = draft(
        q("text", "a"),
        q("text", "b", relevant="digest(${a}, 'MD5') = 'x'", required="yes"),
        q("begin group", "g", relevant="digest(${a}, 'MD5') = 'y'"),
        q("text", "c", required="yes"),
        q("end group", ""),
    )
    assert said(made, "<a>1</a><g><c/></g>") == [
        ("not-evaluated", "/data/b"),
        ("not-evaluated", "/data/g"),
    ]


def test_distances_may_differ_by_their_rounding() -> None:
    made = draft(
        q("geopoint", "here"),
        q("calculate", "far", calculation="distance(concat(${here}, ';', '36.0 103.0 0 0'))"),
    )
    point = "<here>36.001 103.0 0 5</here>"
    assert said(made, f"{point}<far>111.32</far>") == []
    assert said(made, f"{point}<far>11.32</far>") == [("calculation", "/data/far")]


def test_evidence_of_another_row_does_not_count() -> None:
    made = draft(q("text", "a", evidence="p, s"), q("image", "p"), q("signature", "s"))
    assert said(made, "<a>x</a><p>1.jpg</p><s>2.png</s>") == []
    assert said(made, "<a>x</a><p>1.jpg</p><s/>") == [("evidence", "/data/a")]
    assert said(made, "<a/><p/><s/>") == []


def test_the_engine_is_never_given_anything_but_xml(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would open a file of that name."""
    given = []
    real = logic.rxeval.Session

    def session(*texts: str, **named: Any) -> Any:
        given.extend(texts)
        return real(*texts, **named)

    monkeypatch.setattr(logic.rxeval, "Session", session)
    made = draft(*SUM)
    said(made, "<n>3</n><c>6</c>")
    assert given
    assert all(text.startswith("<") for text in given)
    with pytest.raises(ValueError, match="begins with"):
        logic.portability("/etc/passwd")


def test_hostile_names_stay_data() -> None:
    made = draft(*SELECT)
    assert said(made, "<a>&lt;evil/&gt;</a>") == [("choice", "/data/a")]
