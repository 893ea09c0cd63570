"""Somebody who fills a form in a browser, carefully or carelessly, alike for the same seed."""

from __future__ import annotations

from typing import Any

from tests.browser.forms.form_page import FormPage

#: Answers through the events that fingers make; what is drawn by a widget through its own field.
FILL = """
async ([seed, careless, wanted, entries]) => {
  let state = seed;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const one = (list) => list[Math.floor(random() * list.length)];
  const settle = () => new Promise((done) => setTimeout(done));
  const put = (control, value) => {
    control.value = value;
    control.dispatchEvent(new Event("input", { bubbles: true }));
    control.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const day = () => `2026-1${one([0, 1])}-${one(["01", "12", "23", "30"])}`;
  const words = ["好", "当时三号窗口暂停受理", "door < counter & “sign”"];
  const made = {
    int: () => one(careless ? [-5, 0, 3, 12, 700, 2147483648] : [0, 1, 2, 3, 8]),
    decimal: () => one(careless ? [-0.5, 0, 0.1, 2.25, 1e6] : [0, 0.5, 1, 2.5]),
    date: day,
    time: () => "09:30",
    datetime: () => `${day()}T09:30`,
    geopoint: () => "36.1 103.8 0 8",
    binary: (name) => `${name}.jpg`,
    string: () => (careless ? one(words) : words[1]),
  };
  const valueOf = (each) => each.value;
  const entriesOf = (entry) =>
    [...entry.parentElement.children].filter((each) => each.matches(".or-repeat"));
  const answer = (question, control) => {
    const path = control.dataset.name ?? control.name;
    const name = path.split("/").pop();
    const entry = control.closest(".or-repeat");
    const row = entry && entriesOf(entry).indexOf(entry);
    const rows = entry && wanted.rows[entry.getAttribute("name").split("/").pop()];
    const asked = rows ? rows[row]?.[name] : wanted.answers[name];
    const boxes = [...question.querySelectorAll("input[type=radio], input[type=checkbox]")]
      .filter((box) => !box.closest(".itemset-template"));
    if (control.matches("[type=radio], [type=checkbox]")) {
      const told = asked?.split(" ");
      const chosen = told ? boxes.filter((box) => told.includes(box.value))
        : control.type === "radio" || !careless ? [one(boxes)] : boxes.filter(() => random() < 0.4);
      for (const box of chosen) if (box && !box.checked) box.click();
    } else if (control.tagName === "SELECT") {
      put(control, asked ?? one([...control.options].map(valueOf).filter(Boolean)) ?? "");
    } else if (control.matches(".rank")) {
      const items = [...question.querySelectorAll("input.ignore")].map(valueOf);
      put(control, asked ?? items.join(" "));
    } else {
      const kind = (control.dataset.typeXml ?? "string").toLowerCase();
      put(control, String(asked ?? (made[kind] ?? made.string)(name)));
    }
  };
  for (const [name, count] of Object.entries(entries)) {
    const info = document.querySelector(`.or-repeat-info[data-name$="/${name}"]`);
    const add = info.querySelector(".add-repeat-btn");
    for (let there = entriesOf(info).length; add && there < count; there += 1) add.click();
  }
  const seen = new Set();
  for (let turn = 0; turn < 4; turn += 1) {
    for (const question of document.querySelectorAll("#form .question")) {
      const control = question.querySelector("input:not(.ignore), select, textarea");
      if (!control || seen.has(question) || question.closest(".disabled, .or-visit, .readonly")) {
        continue;
      }
      seen.add(question);
      if (!(careless && random() < 0.2)) answer(question, control);
      await settle();
    }
  }
  await settle();
}
"""


def fill(
    form: FormPage,
    seed: int,
    *,
    careless: bool,
    answers: dict[str, str] | None = None,
    rows: dict[str, list[dict[str, str]]] | None = None,
    entries: dict[str, int] | None = None,
) -> None:
    """Answer everything that is shown: as *answers* and *rows* say, else by chance."""
    wanted: dict[str, Any] = {"answers": answers or {}, "rows": rows or {}}
    counts = {name: len(held) for name, held in wanted["rows"].items()} | (entries or {})
    form.page.evaluate(FILL, [seed, careless, wanted, counts])
