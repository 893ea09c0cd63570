/* What the reviewer said of a question, beside that question. */
import { h, shape } from "./field_dom.js";
import { t } from "./field_words.js";

/** Place each reason (text by path) at its question; gives those that have no place here.
 *
 * A path with a number, /data/stop[2]/photo, means the question of that entry of a repeat.
 */
export function reasonsBeside(place, reasons) {
  place.querySelectorAll(".reviewer-said").forEach((each) => each.remove());
  const left = new Map(Object.entries(reasons));
  const met = new Map();
  for (const question of place.querySelectorAll(".question")) {
    const control = question.querySelector("[data-name^='/'], [name^='/']");
    if (!control) continue;
    const path = control.dataset.name ?? control.getAttribute("name");
    met.set(path, (met.get(path) ?? 0) + 1);
    const key = [...left.keys()].find((each) => each === path || numbered(each, path, met.get(path)));
    if (!key) continue;
    question.prepend(h("p", { class: "reviewer-said" }, shape("returned"), h("span", {}, h("strong", {}, t("fill.reviewer")), left.get(key))));
    left.delete(key);
  }
  return [...left.values()];
}

const numbered = (said, path, count) => said.replace(/\[\d+\]/g, "") === path && Number(/\[(\d+)\]/.exec(said)?.[1]) === count;
