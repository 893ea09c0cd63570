"""The form engine alone in a page: a form from a Markdown XLSForm, a host with files in memory.

Nothing is served: what the page asks for is answered out of the built assets, under the platform's
own content security policy.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree
from playwright.sync_api import Page, Route
from pyxform.xls2xform import convert

from evaluation.platform.edge import CONTENT_SECURITY_POLICY
from evaluation.platform.pages import DIST
from surveys.forms.transform import to_page

YES_NO = ("yn | yes | 是 | Yes", "yn | no | 否 | No")
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
HOME = "http://127.0.0.1:9/"
LANGUAGES = ("中文 (zh)", "English (en)")

HOST = """
async ([engine, options, draft]) => {
  const { openForm } = await import(engine);
  window.changes = [];
  window.captures = [];
  window.kept ??= new Map();
  window.capture ??= async () => {};
  const held = JSON.parse(sessionStorage.getItem("timers") ?? "null");
  window.options = {
    timers: held ?? undefined,
    ...options,
    instance: draft ?? options.instance,
    onChange(change) {
      window.changes.push(change);
      sessionStorage.setItem("timers", JSON.stringify(change.timers));
    },
    async onCapture(blob, about) {
      window.captures.push({ ...about, size: blob.size, type: blob.type });
      await window.capture(blob, about);
      const ending = blob.type.split("/")[1] ?? "bin";
      const name = `${about.question}-${window.captures.length}.${ending}`;
      window.kept.set(name, blob);
      return { name, url: URL.createObjectURL(blob), sha256: "0".repeat(64) };
    },
    async files(name) {
      if (!window.kept.has(name)) throw new Error("gone");
      return window.kept.get(name);
    },
  };
  window.reopen = (more) => {
    Object.assign(window.options, more);
    window.handle = openForm(document.getElementById("form"), window.options);
  };
  window.reopen({});
}
"""


def workbook(survey: Sequence[str], choices: Sequence[str] = (), settings: str = "") -> str:
    """A Markdown XLSForm; a row is ``type | name | 中文 | English | key=value | …``."""
    rows = [_row(line) for line in ("text | visit | 任务编码 | Visit code", *survey)]
    extra = sorted({key for row in rows for key in row if key not in ("type", "name", "zh", "en")})
    labels = [f"label::{language}" for language in LANGUAGES]
    lines = ["| survey |", _line(["type", "name", *labels, *extra])]
    for row in rows:
        given = [row.get(key, "") for key in ("type", "name", "zh", "en", *extra)]
        lines.append(_line(given))
    lines += ["| choices |", _line(["list_name", "name", *labels, "filter"])]
    for line in choices:
        parts = [part.strip() for part in line.split("|")]
        lines.append(_line([*parts, *[""] * (5 - len(parts))]))
    lines += [
        "| settings |",
        _line(["form_title", "form_id", "version", "default_language", "name", "style"]),
        _line(["测试表", "trial", "1", LANGUAGES[0], "data", settings]),
    ]
    return "\n".join(lines)


def _row(line: str) -> dict[str, str]:
    parts = [part.strip() for part in line.split("|")]
    named = dict(part.split("=", 1) for part in parts[4:] if part)
    return dict(zip(("type", "name", "zh", "en"), parts, strict=False)) | named


def _line(cells: Sequence[str]) -> str:
    return f"| | {' | '.join(cells)} |"


def xform(survey: Sequence[str], choices: Sequence[str] = (), settings: str = "") -> str:
    """The XForm that pyxform makes of it."""
    made = workbook(survey, choices, settings)
    return str(convert(made, validate=False, file_type=".md").xform)


class FormPage:
    """A browser page with one form open in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said: list[str] = []
        self.assets: Mapping[str, str] = json.loads((DIST / "manifest.json").read_text())
        page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(f"thrown: {error}"))
        page.route(f"{HOME}**", self._answer)

    def _answer(self, route: Route) -> None:
        name = route.request.url.removeprefix(HOME)
        if not name:
            sheets = "".join(
                f'<link rel="stylesheet" href="/{self.assets[each]}">'
                for each in ("app.css", "field_form.css")
            )
            body = (
                '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>Form</title>'
                '<meta name="viewport" content="width=device-width, initial-scale=1">'
                f'{sheets}</head><body><main class="main"><h1>表单</h1><div id="form"></div></main>'
            )
            headers = {
                "content-type": "text/html; charset=utf-8",
                "content-security-policy": CONTENT_SECURITY_POLICY,
            }
            route.fulfill(body=body, headers=headers)
        elif (DIST / name).is_file():
            kind = "text/javascript" if name.endswith(".js") else "text/css"
            route.fulfill(body=(DIST / name).read_bytes(), content_type=kind)
        else:
            route.fulfill(status=404, body="")

    def open(self, form: str, *, draft: str | None = None, **options: Any) -> FormPage:
        """Open an XForm in a fresh page; *options* go to the engine."""
        made = to_page(form)
        self.page.goto(HOME)
        given = {"form": made.form, "model": made.model, "locale": "zh", "visit": "V123456789"}
        engine = f"/{self.assets['form_engine.js']}"
        self.page.evaluate(HOST, [engine, given | options, draft])
        return self

    def reopen(self, **options: Any) -> None:
        """Open the same form again in the same page, with other options."""
        self.page.evaluate("more => window.reopen(more)", options)

    def xml(self) -> str:
        """The submission now."""
        return str(self.page.evaluate("handle.xml()"))

    def draft(self) -> str:
        """The draft now."""
        return str(self.page.evaluate("handle.draft()"))

    def validate(self) -> list[dict[str, str]]:
        """What the engine finds wrong."""
        found: list[dict[str, str]] = self.page.evaluate("handle.validate()")
        return found

    def question(self, path: str, index: int = 0) -> Any:
        """The block of a question, by its path, among entries of a repeat by its place."""
        named = f'[name="{path}"], [data-name="{path}"]'
        return self.page.locator(".question", has=self.page.locator(named)).nth(index)

    def choose(self, path: str, value: str, index: int = 0) -> None:
        """Press a choice."""
        self.question(path, index).locator(f'label:has(input[value="{value}"])').click()

    def type(self, path: str, text: str, index: int = 0) -> None:
        """Type and leave the field."""
        field = self.question(path, index).locator("input, textarea").first
        field.fill(text)
        field.blur()

    def add(self) -> None:
        """Add an entry to the first repeat."""
        self.page.locator(".add-repeat-btn").first.click()

    def pick(self, path: str, button: str, index: int = 0) -> None:
        """Give a photo through one of the question's two buttons."""
        with self.page.expect_file_chooser() as asked:
            self.question(path, index).locator("label.button", has_text=button).click()
        asked.value.set_files({"name": "IMG_1.png", "mimeType": "image/png", "buffer": PNG})


def value(xml: str, path: str) -> list[str]:
    """What the XML holds at a path, once for each entry of a repeat."""
    return [each.text or "" for each in etree.fromstring(xml).xpath(path)]
