/* Review with the keyboard: j and k go down and up, x ticks, Enter opens. Off with one box, and
 * never while somebody types. The pages work without this. */
const OFF = "yingshang:review-keys-off";
const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);

function isOff() {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false;
  }
}

function typing(event) {
  const { target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  if (target.closest("dialog, [contenteditable]")) return true;
  return target.matches("textarea, select, input:not([type=checkbox]):not([type=radio])");
}

function keys(actions) {
  document.addEventListener("keydown", (event) => {
    const act = actions[event.key];
    if (!act || isOff() || typing(event)) return;
    if (act()) event.preventDefault();
  });
}

function aQueue(region) {
  const rows = [...region.querySelectorAll("tbody tr")];
  const link = (row) => row.querySelector("th a");
  const here = () => rows.findIndex((row) => row.contains(document.activeElement));
  const go = (by) => {
    const at = here();
    const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by];
    if (!next) return false;
    for (const row of rows) delete row.dataset.at;
    next.dataset.at = "";
    link(next).focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  };
  const tick = () => {
    const box = rows[here()]?.querySelector(".pick input");
    if (!box || box === document.activeElement) return false;
    box.click();
    return true;
  };
  keys({ j: () => go(1), k: () => go(-1), x: tick });
  const legend = document.querySelector("[data-keys]");
  legend.hidden = false;
  const box = legend.querySelector("[data-keys-on]");
  box.checked = !isOff();
  box.addEventListener("change", () => {
    try {
      localStorage.setItem(OFF, box.checked ? "" : "1");
    } catch {
      box.checked = true;
    }
  });
}

function aBulk(form) {
  const boxes = [...form.querySelectorAll(".pick input")];
  const told = form.querySelector("[data-picked]");
  const place = form.querySelector("[data-all]");
  const all = place.querySelector("input");
  place.hidden = false;
  const count = () => {
    const picked = boxes.filter((box) => box.checked).length;
    told.textContent = picked ? fill(told.dataset.picked, { count: picked }) : "";
    all.checked = picked === boxes.length;
    all.indeterminate = picked > 0 && picked < boxes.length;
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    count();
  });
  form.addEventListener("change", (event) => event.target.matches(".pick input") && count());
  window.addEventListener("pageshow", count);
  count();
}

function aReturn(told) {
  const fields = [...document.querySelectorAll("[data-reason]")];
  const count = () => {
    const written = fields.filter((field) => field.value.trim()).length;
    told.textContent = written ? fill(told.dataset.reasons, { count: written }) : "";
    if (written) told.closest("details").open = true;
  };
  document.addEventListener("input", (event) => event.target.matches("[data-reason]") && count());
  count();
}

function neighbours(place) {
  const follow = (rel) => () => {
    const link = place.querySelector(`a[rel=${rel}]`);
    link?.click();
    return Boolean(link);
  };
  keys({ j: follow("next"), k: follow("prev") });
}

for (const [selector, prepare] of [
  ["[data-queue]", aQueue],
  ["[data-bulk]", aBulk],
  ["[data-reasons]", aReturn],
  ["[data-neighbours]", neighbours],
]) {
  const found = document.querySelector(selector);
  if (found) prepare(found);
}
