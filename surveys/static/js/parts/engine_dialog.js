/* Questions that the engine asks: one dialog element, keyboard and screen reader included. */
import { t } from "./engine_words.js";

function ask(heading, text, choices) {
  const dialog = document.createElement("dialog");
  dialog.className = "engine-dialog";
  const title = document.createElement("h2");
  title.textContent = heading;
  title.id = "engine-dialog-title";
  dialog.setAttribute("aria-labelledby", title.id);
  const said = document.createElement("p");
  said.textContent = text;
  const buttons = document.createElement("div");
  buttons.className = "engine-buttons";
  for (const [value, label, kind] of choices) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `button ${kind}`;
    button.textContent = label;
    button.addEventListener("click", () => dialog.close(value));
    buttons.append(button);
  }
  dialog.append(...(heading ? [title] : []), said, buttons);
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

const said = (content) => (typeof content === "string" ? { message: content } : content);

export default {
  alert: (content) => ask("", said(content).message, [["no", t("ok"), "button-primary"]]),
  confirm(content) {
    const { heading, msg, message, yes } = said(content);
    return ask(heading ?? "", msg ?? message ?? "", [
      ["no", t("no"), ""],
      ["yes", yes ?? t("yes"), "button-danger"],
    ]);
  },
  prompt: () => Promise.resolve(null),
};
