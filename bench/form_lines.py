"""A form of 300 questions: its conversion, and how soon a slow phone can fill it in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator

from playwright.sync_api import Page, Route, sync_playwright
from pyxform.xls2xform import convert

from bench.measuring import Line
from evaluation.platform.pages import DIST
from surveys.forms.transform import to_page

CONVERSION_LIMIT = 2.0
OPENING_LIMIT = 2.5
QUESTIONS, GROUP = 300, 30
SLOW_DOWN = 4
HOME = "http://127.0.0.1:9/"
KINDS = (
    *("select_one yn", "integer", "select_multiple paper", "text", "select_one level"),
    *("decimal", "image", "date", "select_one yn", "geopoint"),
)
HEADER = (
    "| | type | name | label::中文 (zh) | label::English (en) | required | relevant | constraint |"
)

ENGINE = """
const asked = fetch("/form.json").then((answer) => answer.json());
const [form, { openForm }] = await Promise.all([asked, import("/engine.js")]);
openForm(document.getElementById("form"), { ...form, locale: "zh", visit: "AAAAAAAAAA" });
"""
PLAIN = """
const form = await fetch("/form.json").then((a) => a.json());
document.getElementById("form").innerHTML = form.form;
"""
SHOWN = """
await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
document.documentElement.dataset.ready = "yes";
"""


def lines() -> Iterator[Line]:
    """Two lines; the second needs a Chromium."""
    source = workbook()

    def pyxform() -> str:
        return str(convert(source, validate=False, file_type=".md").xform)

    yield Line(
        "form of 300, conversion",
        lambda: to_page(pyxform()),
        pyxform,
        CONVERSION_LIMIT,
        "pyxform alone",
    )
    made = to_page(pyxform())
    form = json.dumps({"form": made.form, "model": made.model})
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield Line(
            f"form of 300, {SLOW_DOWN}× slower",
            _opener(browser.new_page(), form, ENGINE),
            _opener(browser.new_page(), form, PLAIN),
            OPENING_LIMIT,
            "the same controls as plain HTML, loaded and painted",
            rounds=7,
        )
        browser.close()


def workbook() -> str:
    """An XLSForm in Markdown: ten groups, every common kind, a third of it conditional."""
    rows = ["| survey |", HEADER, "| | text | visit | 访查编号 | Visit code | yes | | |"]
    for group in range(QUESTIONS // GROUP):
        rows.append(f"| | begin_group | g{group} | 第 {group + 1} 部分 | Part {group + 1} | | | |")
        for at in range(GROUP):
            kind = KINDS[at % len(KINDS)]
            relevant = f"${{q{group}_{at // 10 * 10}}} = 'yes'" if at % 5 == 4 else ""
            constraint = ". >= 0" if kind in ("integer", "decimal") else ""
            rows.append(
                f"| | {kind} | q{group}_{at} | 第 {at + 1} 题，现场情况如何？ | Question {at + 1} "
                f"| yes | {relevant} | {constraint} |"
            )
        rows.append("| | end_group | | | | | | |")
    rows += ["| choices |", "| | list_name | name | label::中文 (zh) | label::English (en) |"]
    rows += ["| | yn | yes | 是 | Yes |", "| | yn | no | 否 | No |"]
    rows += [f"| | paper | p{at} | 材料{at} | Paper {at} |" for at in range(6)]
    rows += [f"| | level | l{at} | 程度{at} | Level {at} |" for at in range(5)]
    rows += ["| settings |", "| | form_title | form_id | version | default_language | name |"]
    return "\n".join([*rows, "| | 大表 | long | 1 | 中文 (zh) | data |"])


def _opener(page: Page, form: str, script: str) -> Callable[[], None]:
    """Load the page from nothing, on a phone-sized screen and a slowed processor."""
    assets = json.loads((DIST / "manifest.json").read_text())
    engine = (DIST / assets["form_engine.js"]).read_text()
    styles = "".join((DIST / assets[name]).read_text() for name in ("app.css", "field_form.css"))
    held = {
        "": ("text/html", ('<!doctype html><html lang="zh"><meta charset="utf-8">'
             '<link rel="stylesheet" href="/style.css"><main id="form"></main>'
             '<script type="module" src="/start.js"></script>')),
        "style.css": ("text/css", styles),
        "engine.js": ("text/javascript", engine),
        "start.js": ("text/javascript", script + SHOWN),
        "form.json": ("application/json", form),
    }  # fmt: skip

    def answer(route: Route) -> None:
        kind, body = held.get(route.request.url.removeprefix(HOME), ("text/plain", ""))
        route.fulfill(body=body, content_type=f"{kind}; charset=utf-8")

    page.set_viewport_size({"width": 360, "height": 740})
    page.route(f"{HOME}**", answer)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOW_DOWN})

    def open_it() -> None:
        page.goto(HOME, wait_until="commit")
        page.wait_for_selector("html[data-ready]", state="attached")

    return open_it
