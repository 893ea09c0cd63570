/* The filing grid: every cell saves by itself, keeps what was typed, and says how it stands. */
import { draftOf, dropDraft, keepDraft } from "../../../evaluation/static/js/parts/drafts.js";

const table = document.querySelector("table[data-filing]");
const words = JSON.parse(table.dataset.words);
const bar = { filled: document.querySelector("[data-filled]"), unsaved: document.querySelector("[data-unsaved]"), go: document.querySelector("[data-go]") };
const owner = table.dataset.owner;
const MARKS = { saved: "saved", waiting: "pending", invalid: "conflict", conflict: "conflict", returned: "returned", empty: "empty" };
const BADGES = { saved: "saved", mended: "saved", returned: "returned", accepted: "verified", empty: "empty", waiting: "pending", invalid: "conflict", conflict: "conflict" };
const RETRY_MS = [2000, 5000, 15000, 30000];
const FRESH_MS = 24 * 3600 * 1000; // an older draft is asked about, not sent by itself

const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);

class Cell {
  constructor(row) {
    this.row = row;
    this.td = row.querySelector("td.cell");
    this.value = row.querySelector("[name=value]");
    this.na = row.querySelector("[name=not_applicable]");
    this.note = row.querySelector("[name=note]");
    this.said = row.querySelector(".cell-note");
    this.badge = row.querySelector("[data-status] .badge");
    this.revision = Number(row.dataset.revision);
    this.saved = this.read();
    this.settled = { state: this.td.dataset.state, text: this.said.textContent, word: this.badge.textContent.trim() };
    this.tries = 0;
    this.value.addEventListener("change", () => this.changed());
    this.note.addEventListener("change", () => this.changed());
    this.na?.addEventListener("change", () => {
      this.value.disabled = this.na.checked;
      if (this.na.checked) this.value.value = "";
      this.changed();
      if (!this.na.checked) this.value.focus();
    });
    for (const field of [this.value, this.note]) {
      field.addEventListener("keydown", (event) => this.key(event));
      field.addEventListener("input", () => this.draft(false));
    }
  }

  /** Keep what is typed in this browser until the server holds it; *meant* once it was left. */
  draft(meant) {
    if (this.dirty) keepDraft(owner, this.row.dataset.cell, { ...this.read(), revision: this.revision, meant });
    else dropDraft(owner, this.row.dataset.cell);
    count();
  }

  /** Bring back what a closed or crashed page left: sent again if it was meant, else shown. */
  recover() {
    const left = draftOf(owner, this.row.dataset.cell);
    if (!left) return;
    this.put(left);
    if (!this.dirty) {
      dropDraft(owner, this.row.dataset.cell);
      return;
    }
    this.revision = left.revision;
    if (left.meant && Date.now() - left.at < FRESH_MS) {
      this.changed();
      return;
    }
    this.show("waiting", words.recovered);
    this.recovered = true;
    this.choose([
      [words.save, () => this.changed()],
      [words.discard, () => {
        this.restore();
        this.value.focus();
      }],
    ]);
  }

  read() {
    return { value: this.value.value.trim(), not_applicable: Boolean(this.na?.checked), note: this.note.value.trim() };
  }

  get dirty() {
    return JSON.stringify(this.read()) !== JSON.stringify(this.saved);
  }

  put(entry) {
    this.value.value = entry.value;
    this.note.value = entry.note;
    if (this.na) this.na.checked = entry.not_applicable;
    this.value.disabled = entry.not_applicable;
  }

  key(event) {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const { key, target } = event;
    if (key === "Escape") {
      event.preventDefault();
      this.restore();
    } else if (key === "Enter" || key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (this.recovered) this.changed();
      const step = key === "ArrowUp" || (key === "Enter" && event.shiftKey) ? -1 : 1;
      let at = cells.indexOf(this) + step;
      while (cells[at] && cells[at][target.name].disabled) at += step;
      if (cells[at]) {
        cells[at][target.name].focus();
        cells[at][target.name].select();
      } else if (this.dirty) this.changed();
    }
  }

  restore() {
    this.put(this.saved);
    this.revision = Number(this.row.dataset.revision);
    clearTimeout(this.timer);
    this.tries = 0;
    if (!this.busy) this.settle();
    this.draft(false);
  }

  /** As it stood when the server last said. */
  settle() {
    this.show(this.settled.state, this.settled.text, this.settled.word);
  }

  changed() {
    if (!this.dirty) {
      if (this.problem || this.tries) this.restore();
      return;
    }
    this.draft(true);
    this.sending = this.read();
    this.keyed = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
    this.tries = 0;
    this.send();
  }

  async send() {
    clearTimeout(this.timer);
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    this.again = false;
    const entry = this.sending;
    this.show("waiting", "");
    try {
      const response = await fetch(this.row.dataset.cell, {
        method: "PUT",
        headers: { "content-type": "application/json", accept: "application/json", "x-csrftoken": table.dataset.token, "x-csrf-token": table.dataset.token },
        body: JSON.stringify({ ...entry, revision: this.revision, key: this.keyed }),
        redirect: "error",
      });
      const answer = await response.json().catch(() => ({}));
      if (response.ok) this.stored(entry, answer);
      else if (response.status === 409 && answer.theirs) this.collide(entry, answer);
      else if (response.status === 401 || response.status === 403) this.wait(words.signedOut);
      else if (response.status >= 500 || response.status === 429) this.wait(words.failed);
      else this.refuse(answer);
    } catch {
      this.wait(words.offline);
    } finally {
      this.busy = false;
      count();
    }
    if (this.again) this.changed();
  }

  stored(entry, answer) {
    this.tries = 0;
    this.revision = answer.revision;
    const untouched = JSON.stringify(this.read()) === JSON.stringify(entry);
    this.saved = { value: answer.value, not_applicable: answer.not_applicable, note: answer.note };
    if (untouched) this.put(this.saved);
    this.row.dataset.revision = answer.revision;
    this.settled = { state: answer.state, text: answer.warnings.map((text) => `${words.remark} · ${text}`).join(" "), word: answer.word };
    this.settle();
    this.draft(!untouched);
    bar.filled.textContent = fill(words.filled, answer);
    const progress = document.querySelector("main .progress progress");
    if (progress) {
      progress.value = answer.filled;
      progress.closest(".progress").querySelector(".progress-line span:last-child").textContent = `${answer.filled} / ${answer.total}`;
    }
    if (!untouched) this.again = true;
  }

  refuse(answer) {
    const faults = (answer.errors ?? []).map((each) => `${each.what} ${each.mend}`.trim());
    this.show("invalid", faults.join(" ") || answer.detail || words.failed);
  }

  wait(text) {
    this.show("waiting", text);
    this.problem = true;
    const after = RETRY_MS[Math.min(this.tries, RETRY_MS.length - 1)];
    this.tries += 1;
    this.timer = setTimeout(() => this.send(), after);
  }

  collide(entry, answer) {
    this.show("conflict", answer.detail);
    const shown = (one) => (one.not_applicable ? words.na : one.value || words.empty) + (one.note ? ` · ${one.note}` : "");
    const theirs = () => {
      this.revision = answer.revision;
      this.row.dataset.revision = answer.revision;
      this.saved = answer.theirs;
      this.settled = { state: answer.state, text: "", word: answer.word };
    };
    this.choose([
      [`${words.keep} (${shown(entry)})`, () => {
        theirs();
        this.value.focus();
        if (this.dirty) this.changed();
        else this.restore();
      }],
      [`${words.take} (${shown(answer.theirs)})`, () => {
        theirs();
        this.restore();
        this.value.focus();
      }],
    ]);
  }

  /** Buttons under the cell, a label and what it does each. */
  choose(options) {
    const choice = document.createElement("span");
    choice.className = "row filing-choice";
    for (const [text, then] of options) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-small";
      button.textContent = text;
      button.addEventListener("click", then);
      choice.append(button);
    }
    this.said.append(choice);
  }

  show(state, text, word) {
    this.recovered = false;
    const cell = state === "mended" || state === "accepted" ? "saved" : state;
    this.problem = cell === "invalid" || cell === "conflict";
    this.td.dataset.state = cell;
    this.td.querySelector(".cell-mark use").setAttribute("href", `#shape-${MARKS[cell]}`);
    this.said.textContent = text;
    this.value.toggleAttribute("aria-invalid", this.problem);
    if (this.problem) this.value.setAttribute("aria-invalid", "true");
    const badge = BADGES[state];
    this.badge.className = `badge badge-${state === "invalid" ? "conflict" : state === "mended" ? "saved" : state === "waiting" ? "pending" : state}`;
    this.badge.querySelector("use").setAttribute("href", `#shape-${badge}`);
    this.badge.querySelector("span").textContent = word ?? words[state];
    count();
  }
}

const cells = [...table.querySelectorAll("tr[data-cell]")].map((row) => new Cell(row));

function count() {
  const open = cells.filter((cell) => cell.busy || cell.dirty).length;
  bar.unsaved.textContent = open ? fill(words.unsaved, { count: open }) : words.allSaved;
  bar.go.hidden = !open;
}

bar.go.addEventListener("click", () => {
  const first = cells.find((cell) => cell.dirty);
  first?.row.scrollIntoView({ block: "center" });
  (first?.value.disabled ? first.na : first?.value)?.focus({ preventScroll: true });
});
for (const cell of cells) cell.recover();
count();

window.addEventListener("online", () => cells.filter((cell) => cell.dirty && cell.tries).forEach((cell) => cell.send()));
window.addEventListener("beforeunload", (event) => {
  if (!cells.some((cell) => cell.busy || cell.dirty)) return;
  event.preventDefault();
  event.returnValue = "";
});
