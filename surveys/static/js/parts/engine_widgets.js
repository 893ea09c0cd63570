/* Which widget a question gets. Enketo's events keep them in step with the record. */
import { attachFile } from "./engine_files.js";
import { attachPosition } from "./engine_position.js";
import { attachRange } from "./engine_range.js";
import { attachRank } from "./engine_rank.js";
import { attachSignature } from "./engine_signature.js";
import { attachTimer } from "./engine_timer.js";
import { button, t } from "./engine_host.js";

const WIDGETS = {
  photo: attachFile,
  audio: attachFile,
  video: attachFile,
  file: attachFile,
  signature: attachSignature,
  position: attachPosition,
  range: attachRange,
  rank: attachRank,
};

/** Dress every question inside an element: the form when it opens, an entry when it is added. */
export function dress(root, host) {
  for (const question of root.querySelectorAll(".question")) {
    const control = host.control(question);
    if (!control) continue;
    host.id(question);
    const head = question.querySelector(":scope > label.question-head");
    if (head) head.htmlFor = host.id(control);
    if (question.querySelector(".itemset-template")) noteEmptyList(question, host);
    const attach = host.asked(control).timer ? attachTimer : WIDGETS[question.dataset.widget];
    attach?.(question, control, host);
  }
  for (const info of root.querySelectorAll(".or-repeat-info")) dressAdding(info, host);
  const entries = [...root.querySelectorAll(".or-repeat")];
  for (const entry of root.matches(".or-repeat") ? [root, ...entries] : entries) dressEntry(entry, host);
}

/** A list that waits for another answer says so while it is empty. */
function noteEmptyList(question, host) {
  host.drawn(question, () => { (question.querySelector(".option-wrapper") ?? question).dataset.none = t("choices.none"); });
}

/** The button below a repeat's entries. */
function dressAdding(info, host) {
  const add = info.querySelector(":scope > .add-repeat-btn");
  if (!add || host.readonly) return add?.remove();
  add.classList.add("button");
  host.drawn(info, () => {
    const name = info.parentElement.querySelector(":scope > h2 .active, :scope > h3 .active")?.textContent ?? "";
    add.textContent = t("repeat.add", { name });
  });
}

/** An entry's number, and the button that removes it. */
function dressEntry(entry, host) {
  const remove = entry.querySelector(":scope > .repeat-buttons > .remove");
  const number = entry.querySelector(":scope > .repeat-number");
  entry.setAttribute("role", "group");
  if (host.readonly) remove?.remove();
  remove?.classList.add("button", "button-quiet");
  const draw = () => {
    const siblings = [...entry.parentElement.children].filter((each) => each.matches(".or-repeat"));
    const place = siblings.indexOf(entry) + 1;
    if (number) number.dataset.words = t("repeat.number", { number: place });
    entry.setAttribute("aria-label", t("repeat.number", { number: place }));
    if (remove) remove.textContent = t("repeat.remove", { number: place });
  };
  host.drawn(entry, draw);
}

/** A radio question that need not be answered can be emptied again. */
export function offerClearing(host) {
  host.form.view.html.addEventListener("change", ({ target }) => {
    if (target.type !== "radio" || target.dataset.required || host.readonly) return;
    const question = target.closest(".question");
    if (question.querySelector(".clear-choice")) return;
    const clear = button("button-quiet button-small clear-choice", () => {
      const chosen = question.querySelector("input:checked");
      host.answer(chosen ?? target, "");
      clear.remove();
      question.querySelector("input")?.focus();
    });
    host.drawn(question, () => { clear.textContent = t("clear"); });
    question.querySelector(".option-wrapper").append(clear);
  });
}
