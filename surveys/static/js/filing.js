/* The filing grid: every cell saves by itself, keeps what was typed, and says how it stands. */
const table = document.querySelector("table[data-filing]");
const words = JSON.parse(table.dataset.words);
const bar = { filled: document.querySelector("[data-filled]"), unsaved: document.querySelector("[data-unsaved]") };
const MARKS = { saved: "saved", waiting: "pending", invalid: "conflict", conflict: "conflict", returned: "returned", empty: "empty" };
const BADGES = { saved: "saved", mended: "saved", returned: "returned", accepted: "verified", empty: "empty", waiting: "pending", invalid: "conflict", conflict: "conflict" };
const RETRY_MS = [2000, 5000, 15000, 30000];

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
    this.tries = 0;
    this.value.addEventListener("change", () => this.changed());
    this.note.addEventListener("change", () => this.changed());
    this.na?.addEventListener("change", () => {
      this.value.disabled = this.na.checked;
      if (this.na.checked) this.value.value = "";
      this.changed();
      if (!this.na.checked) this.value.focus();
    });
    for (const field of [this.value, this.note]) field.addEventListener("keydown", (event) => this.key(event));
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
    clearTimeout(this.timer);
    if (this.problem) this.show(this.settled ?? "saved", "");
    this.problem = false;
    count();
  }

  changed() {
    if (!this.dirty) {
      if (this.problem) this.restore();
      return;
    }
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
    this.settled = answer.state;
    this.show(answer.state, answer.warnings.map((text) => `${words.remark} · ${text}`).join(" "), answer.word);
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
    const choice = document.createElement("span");
    choice.className = "row filing-choice";
    const option = (text, then) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-small";
      button.textContent = text;
      button.addEventListener("click", then);
      choice.append(button);
    };
    const shown = (one) => (one.not_applicable ? words.na : one.value || words.empty);
    option(`${words.keep} (${shown(entry)})`, () => {
      this.revision = answer.revision;
      this.saved = answer.theirs;
      this.value.focus();
      if (this.dirty) this.changed();
      else this.show("saved", "");
    });
    option(`${words.take} (${shown(answer.theirs)})`, () => {
      this.revision = answer.revision;
      this.saved = answer.theirs;
      this.put(answer.theirs);
      this.problem = false;
      this.show(answer.theirs.value || answer.theirs.not_applicable ? "saved" : "empty", "");
      this.value.focus();
      count();
    });
    this.said.append(choice);
  }

  show(state, text, word) {
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
}

window.addEventListener("online", () => cells.filter((cell) => cell.dirty && cell.tries).forEach((cell) => cell.send()));
window.addEventListener("beforeunload", (event) => {
  if (!cells.some((cell) => cell.busy || cell.dirty)) return;
  event.preventDefault();
  event.returnValue = "";
});
