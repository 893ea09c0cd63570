/* Making the page: elements, shapes with their words, questions to the person, announcements. */
import { t } from "./field_words.js";

const SVG = "http://www.w3.org/2000/svg";

const present = (children) => children.flat(9).filter((child) => child !== null && child !== undefined && child !== false);

/** An element: properties that begin with "on" listen, others are attributes; true means present. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...present(children));
  return element;
}

function used(symbol, name) {
  const svg = document.createElementNS(SVG, "svg");
  if (name) svg.setAttribute("class", name);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#${symbol}`);
  svg.append(use);
  return svg;
}

export const shape = (name) => used(`shape-${name}`, "shape");
export const icon = (name) => used(`icon-${name}`, "");

/** A state: its shape and its word in its colour. */
export const badge = (look, form, word) => h("span", { class: `badge badge-${look}` }, shape(form), h("span", {}, word));

const MARKS = { info: "saved", done: "verified", warning: "conflict", error: "conflict" };

/** Something to know; kind: info, done, warning or error. */
export function notice(kind, text, ...more) {
  return h("div", { class: `notice notice-${kind}` }, shape(MARKS[kind]), h("div", { class: "notice-body" }, h("p", {}, text), ...more));
}

export function button(word, press, { kind = "", name = "", ...rest } = {}) {
  return h("button", { type: "button", class: `button ${kind}`, onclick: press, id: name || null, ...rest }, word);
}

/** Ask before something that cannot be undone; gives true when the person says so.
 *
 * check: a sentence to tick first, where what is lost is somebody's work.
 */
export function confirm({ title, body = [], verb, check = "", danger = true }) {
  const proceed = button(verb, () => dialog.close("yes"), { kind: danger ? "button-danger" : "button-primary" });
  const tick = h("input", { type: "checkbox", id: "confirm-check", onchange: () => (proceed.disabled = !tick.checked) });
  proceed.disabled = Boolean(check);
  const dialog = h(
    "dialog",
    { "aria-labelledby": "confirm-title" },
    h("h2", { id: "confirm-title" }, title),
    body,
    check ? h("div", { class: "choice" }, tick, h("label", { for: "confirm-check" }, check)) : null,
    h("div", { class: "form-actions" }, proceed, button(t("action.cancel"), () => dialog.close(""), { autofocus: true })),
  );
  document.body.append(dialog);
  const before = document.activeElement;
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      before?.focus?.();
      resolve(dialog.returnValue === "yes");
    });
    dialog.showModal();
  });
}

/** Say something to those who do not see the page change. */
export function announce(text) {
  document.getElementById("said").textContent = text;
}

/** Put *content* into *place*; what had the focus or was open has it and is it again. */
export function refill(place, content) {
  const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
  const open = new Set([...place.querySelectorAll("details[open][id]")].map((each) => each.id));
  const box = place.querySelector("dialog[open]");
  if (box) return;
  place.replaceChildren(...present([content]));
  for (const each of place.querySelectorAll("details[id]")) each.open ||= open.has(each.id);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}
