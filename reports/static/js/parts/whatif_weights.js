/* Sliders of weights: each move asks for the ranking; only the newest answer counts. */

const REST = 40; // ms without a move before asking
const SLOW = 150; // ms after which it says that it is computing

/** The number in a field, or null where there is none. */
function numberOf(text) {
  const value = Number(text.trim().replace(/[%％]$/, ""));
  return text.trim() && Number.isFinite(value) ? value : null;
}

function written(value) {
  return String(Math.round(value * 100) / 100);
}

function knobOf(row) {
  const field = row.querySelector("input[name]");
  const range = row.querySelector("input[type=range]");
  const given = Number(row.dataset.given);
  return {
    row, field, range, given,
    share: row.querySelector("[data-share]"),
    name: field.name,
    moved: () => field.value.trim() !== written(given),
    value: () => (field.value.trim() === written(given) ? given : numberOf(field.value)),
    set(value) {
      field.value = written(value);
      this.follow();
    },
    follow() {
      const value = this.value();
      if (value === null) return;
      if (value > Number(range.max)) range.max = String(Math.min(1000, Math.ceil(value)));
      range.value = String(value);
    },
  };
}

/** Bring the form of weights to life. */
export function weights(form) {
  const knobs = [...form.querySelectorAll("[data-knob]")].map(knobOf);
  const result = document.querySelector(".weights-result");
  const said = result.querySelector("[data-said]");
  const table = result.querySelector("[data-table]");
  const faults = document.querySelector("[data-faults]");
  const box = said.parentElement;
  let rest = 0;
  let slow = 0;
  let asking = null;

  for (const each of form.querySelectorAll("[data-with-script]")) each.hidden = false;
  for (const each of form.querySelectorAll("[data-without-script]")) each.hidden = true;

  function query() {
    const asked = new URLSearchParams();
    if (form.dataset.run) asked.set("run", form.dataset.run);
    for (const knob of knobs) if (knob.moved()) asked.set(knob.name, knob.field.value.trim());
    return asked;
  }

  function shares() {
    const values = knobs.map((knob) => Math.max(0, knob.value() ?? 0));
    const total = values.reduce((sum, value) => sum + value, 0);
    knobs.forEach((knob, at) => {
      knob.share.textContent = `${total ? ((100 * values[at]) / total).toFixed(1) : "0.0"}%`;
      knob.row.classList.toggle("moved", knob.moved());
    });
  }

  function refuse(title, list) {
    const held = document.createElement("div");
    held.className = "error-summary";
    held.setAttribute("role", "alert");
    const head = document.createElement("h2");
    head.textContent = title;
    const lines = document.createElement("ul");
    for (const text of list) {
      const line = document.createElement("li");
      line.textContent = text;
      lines.append(line);
    }
    held.append(head, lines);
    faults.replaceChildren(held);
  }

  async function ask() {
    asking?.abort();
    const mine = new AbortController();
    asking = mine;
    const asked = query();
    clearTimeout(slow);
    slow = setTimeout(() => {
      box.dataset.busy = "yes";
      said.textContent = form.dataset.busy;
    }, SLOW);
    try {
      const answer = await fetch(`${form.dataset.weights}?${asked}`, {
        headers: { accept: "application/json" },
        signal: mine.signal,
      });
      const body = await answer.json();
      if (asking !== mine) return;
      if (!answer.ok) {
        const list = (body.errors ?? []).map((each) => `${each.what ?? ""} ${each.mend ?? ""}`.trim());
        refuse(form.dataset.refused, list.length ? list : [body.detail ?? form.dataset.failed]);
        said.textContent = form.dataset.refused;
      } else {
        faults.replaceChildren();
        table.innerHTML = body.html;
        const strong = document.createElement("strong");
        strong.textContent = body.sentence;
        said.replaceChildren(strong, ` ${body.firm}`);
        const address = `${location.pathname}${String(asked) ? `?${asked}` : ""}`;
        history.replaceState(history.state, "", address);
      }
    } catch (problem) {
      if (problem.name === "AbortError") return;
      said.textContent = form.dataset.failed;
    } finally {
      if (asking === mine) {
        clearTimeout(slow);
        delete box.dataset.busy;
      }
    }
  }

  function moved(knob) {
    knob?.follow();
    shares();
    clearTimeout(rest);
    rest = setTimeout(ask, REST);
  }

  for (const knob of knobs) {
    knob.follow();
    knob.field.addEventListener("input", () => moved(knob));
    knob.range.addEventListener("input", () => {
      knob.field.value = written(Number(knob.range.value));
      moved();
    });
    knob.row.addEventListener("click", (event) => {
      const button = event.target.closest("[data-step]");
      if (!button) return;
      knob.set(Math.max(0, (knob.value() ?? knob.given) + Number(button.dataset.step)));
      moved(knob);
    });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  document.querySelector("[data-reset]")?.addEventListener("click", (event) => {
    event.preventDefault();
    for (const knob of knobs) knob.set(knob.given);
    moved();
  });
  shares();
}
