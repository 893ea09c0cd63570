"""The browser and the server judge the same answers alike: every form of the library, answered
well, badly and carelessly."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

from surveys.forms import logic
from tests.browser.forms.form_page import FormPage
from tests.browser.forms.robot import fill
from tests.surveys.forms.library_visits_more import CASES
from tests.surveys.forms.test_library import draft

pytestmark = [pytest.mark.browser]

JUDGED = {"required", "constraint", "evidence"}
VISIT = "ABCDEFGHJK"


def opened(form: FormPage, code: str) -> Any:
    """A form of the library, open in the browser; answers its draft."""
    made = draft(code)
    document = json.loads(json.dumps(asdict(made.document)))
    form.open(made.xform, document=document, visit=VISIT)
    return made


def judged(form: FormPage, made: Any) -> tuple[set[str], set[str], list[str]]:
    """Paths that the browser and the server find fault with, and whatever else the server finds."""
    paths = {each["path"] for each in form.validate()}
    browser = paths - {each.repeat for each in made.document.questions}  # too many entries
    findings = logic.check(made.xform, made.document, form.xml())
    server = {each.path for each in findings if each.kind in JUDGED}
    return (
        browser,
        server,
        [f"{f.kind} {f.path} {f.facts}" for f in findings if f.kind not in JUDGED],
    )


@pytest.mark.parametrize("which", ["good", "bad"])
@pytest.mark.parametrize("code", sorted(CASES))
def test_a_visit_is_judged_alike(form: FormPage, code: str, which: str) -> None:
    case = CASES[code][which == "bad"]
    made = opened(form, code)
    rows = {name: [dict(row) for row in held] for name, held in case.rows.items()}
    fill(form, 1, careless=False, answers=dict(case.answers), rows=rows)
    assert judged(form, made) == (set(), set(), [])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("code", sorted(CASES))
def test_careless_answers_are_judged_alike(form: FormPage, code: str, seed: int) -> None:
    made = opened(form, code)
    rows = CASES[code][0].rows
    fill(form, seed, careless=True, entries=dict.fromkeys(rows, seed + 1))
    browser, server, otherwise = judged(form, made)
    assert browser == server
    assert otherwise == []
    form.reopen(instance=form.draft())
    assert judged(form, made) == (browser, server, [])
