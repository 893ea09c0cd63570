/* The phone app: a door, a first page, and everything behind it, with or without a network. */
import { App } from "./parts/field_shell.js";
import { h, notice } from "./parts/field_dom.js";
import { missing } from "./parts/field_phone.js";
import { locale, speak, t } from "./parts/field_words.js";

speak(locale());
const lacking = missing();
if (lacking.length) {
  document.getElementById("page").replaceChildren(
    h("h1", { tabindex: -1 }, t("missing.title")),
    ...lacking.map((each) => notice("error", t(`missing.${each}`))),
  );
} else new App().start();
