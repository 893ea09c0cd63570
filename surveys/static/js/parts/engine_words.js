/* What the engine itself says, in the two languages of the platform. */
import { zh } from "./engine_words_zh.js";
import { en } from "./engine_words_en.js";

const LANGUAGES = { zh, en };
let chosen = zh;

/** Speak this language from now on; one that is not ours leaves it as it is. */
export function speak(locale) {
  chosen = LANGUAGES[locale?.slice(0, 2)] ?? chosen;
}

/** The text of a key, with {facts} and Enketo's __facts__ filled in. */
export function t(key, facts = {}) {
  const text = chosen[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
}

/** Fill every element that names a text of ours. */
export function fillWords(root) {
  for (const element of root.querySelectorAll("[data-i18n]")) {
    element.textContent = t(element.dataset.i18n);
  }
}
