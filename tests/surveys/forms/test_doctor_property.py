"""Any form built of valid parts passes the doctor, converts, and comes back from its document."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from surveys.forms import answers, logic
from surveys.forms.diff import diff
from surveys.forms.doctor import examine
from surveys.forms.document import FormDocument, dump, load
from tests.surveys.forms.workbooks import q, workbook

SCRIPT = [["code", "text::zh", "text::en", "minutes"], ["wait", "等", "Wait", 5]]
LISTS = {
    "yes_no": [("yes", "是", "Yes"), ("no", "否", "No"), ("na", "不适用", "N/A")],
    "items": [("a", "甲", "A"), ("b", "乙", "B"), ("none", "都没有", "None")],
}
PLAIN = ("text", "integer", "decimal", "date", "time", "dateTime", "geopoint", "barcode", "note",
         "image", "audio", "video", "file", "signature", "acknowledge")  # fmt: skip
ROUGHLY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def forms(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rows of a survey: questions of all kinds, conditions on earlier ones, groups, rules."""
    rows = [q("text", "opening")]  # a form of calculations only is no form
    selects: list[str] = []
    numbers: list[str] = []
    open_groups: list[str] = []
    for at in range(draw(st.integers(1, 14))):
        if len(open_groups) < 2 and draw(st.integers(0, 5)) == 0:
            kind = draw(st.sampled_from(["group", "repeat"] if not open_groups else ["group"]))
            # a condition inside a group may rule out the group's own
            only = None if open_groups else condition(draw, selects, numbers)
            rows.append(q(f"begin {kind}", f"g{at}", relevant=only))
            rows.append(q("text", f"first{at}"))
            open_groups.append(kind)
        rows.append(question(draw, at, selects, numbers, top=not open_groups))
        if open_groups and draw(st.booleans()):
            rows.append(q(f"end {open_groups.pop()}", ""))
    rows += [q(f"end {kind}", "") for kind in reversed(open_groups)]
    return rows


def condition(draw: st.DrawFn, selects: list[str], numbers: list[str]) -> str | None:
    """A condition that can be true, on questions outside groups."""
    signs = st.sampled_from(["=", "!="])
    named = st.lists(st.sampled_from(selects), unique=True, max_size=2) if selects else st.just([])
    parts = [f"${{{name}}} {draw(signs)} 'yes'" for name in draw(named)]
    if numbers and draw(st.booleans()):
        parts.append(f"${{{draw(st.sampled_from(numbers))}}} > {draw(st.integers(0, 9))}")
    return draw(st.sampled_from([" and ", " or "])).join(parts) or None


def question(
    draw: st.DrawFn, at: int, selects: list[str], numbers: list[str], *, top: bool
) -> dict[str, Any]:
    """One question; those outside groups may be named by later conditions."""
    name = f"q{at}"
    kind = draw(st.sampled_from([*PLAIN, "select_one", "select_multiple", "calculate"]))
    more: dict[str, Any] = {}
    if kind not in ("calculate", "note"):
        more["required"] = draw(st.sampled_from([None, "yes", "是", "no"]))
        # a group's own condition may rule another one out
        more["relevant"] = condition(draw, selects, numbers) if top else None
    if kind == "select_one":
        more |= draw(st.sampled_from([
            {}, {"indicator": "I1", "score_rule": "table: yes=100; no=0; na=NA"},
            {"fails_when": "no", "measure": 3, "department": "甲局", "severity": "high"},
            {"integrity": "no"},
        ]))  # fmt: skip
        if top and not more["relevant"]:
            selects.append(name)
        return q("select_one yes_no", name, **more)
    if kind == "select_multiple":
        more |= draw(st.sampled_from([{}, {"indicator": "I2", "score_rule": "checklist"}]))
        return q("select_multiple items", name, **more)
    if kind == "calculate":
        inner = draw(st.sampled_from(["1 + 1", *(f"${{{n}}} * 2" for n in numbers)]))
        return q("calculate", name, calculation=inner)
    if kind in ("integer", "decimal"):
        more |= draw(st.sampled_from([
            {}, {"constraint": ". >= 0", "message": "不小于 0", "message_en": "0 or more"},
            {"indicator": "I1", "score_rule": "value | max 100", "across_visits": "median"},
            {"timer": "wait"} if top else {}, {"fails_when": "> 30"},
        ]))  # fmt: skip
        if top and not more["relevant"]:
            numbers.append(name)
    return q(kind, name, **more)


def document(rows: list[dict[str, Any]], number: int = 1) -> tuple[str, FormDocument]:
    used = {row["type"].split()[-1] for row in rows if " " in row["type"]}
    choices = [(name, *choice) for name, lines in LISTS.items() if name in used for choice in lines]
    said = examine(workbook(*rows, choices=choices, script=SCRIPT), "x.xlsx",
                   version=lambda _code: number)  # fmt: skip
    assert said.errors == (), [str(fault) for fault in said.errors]
    assert said.draft is not None
    return said.draft.xform, said.draft.document


@ROUGHLY
@given(forms())
def test_valid_parts_make_a_valid_form(rows: list[dict[str, Any]]) -> None:
    xform, made = document(rows)
    assert load(dump(made)) == made
    assert dump(load(dump(made))) == dump(made)
    assert diff(made, made, old_xform=xform, new_xform=xform) == []
    root = etree.fromstring(xform.encode())
    binds = {bind.get("nodeset") for bind in root.iter("{http://www.w3.org/2002/xforms}bind")}
    assert {question_.path for question_ in made.questions} <= binds


@ROUGHLY
@given(forms())
def test_an_empty_record_of_any_form_is_judged_without_trouble(rows: list[dict[str, Any]]) -> None:
    xform, made = document(rows)
    xml = f'<data id="{made.code}" version="1"><visit>V</visit></data>'
    found = logic.check(xform, made, xml)
    assert {finding.kind for finding in found} <= {"required", "calculation"}
    assert answers.read(made, xml.encode()).header.visit == "V"


@ROUGHLY
@given(forms(), forms())
def test_the_difference_names_everything_that_came_and_went(
    one: list[dict[str, Any]], two: list[dict[str, Any]]
) -> None:
    (_, old), (_, new) = document(one), document(two)
    changes = diff(old, new)
    names = {change.kind: set() for change in changes}
    for change in changes:
        if change.part == "questions":
            names[change.kind].add(change.item.split()[0])
    assert names.get("added", set()) == set(new.by_name) - set(old.by_name)
    assert names.get("removed", set()) == set(old.by_name) - set(new.by_name)
    assert all(change.explain() for change in changes)
