/* Signing in again while the box is open: the name is known, the password is asked. */
import { h, notice } from "./field_dom.js";
import { signInAgain } from "./field_again.js";
import { t } from "./field_words.js";

export function signIn(app) {
  const { person } = app.vault.one("me");
  const password = h("input", { class: "input", id: "password", type: "password", autocomplete: "current-password", required: true });
  const error = h("div", { role: "alert" });
  const go = h("button", { class: "button button-primary", id: "go" }, t("gate.sign_in"));

  async function submit(event) {
    event.preventDefault();
    if (!password.value) return;
    go.disabled = true;
    try {
      await signInAgain(app, person.username, password.value);
      if (!app.vault) return;
      await app.go("start", null, { replace: true });
      await app.duty.turn();
    } catch (refusal) {
      error.replaceChildren(notice("error", refusal.detail || refusal.title || t("unsent.offline")));
      go.disabled = false;
      password.select();
    }
  }

  return {
    title: t("again.title"),
    content: h(
      "form",
      { class: "form", onsubmit: submit, novalidate: true, autocomplete: "off" },
      h("h1", { tabindex: -1 }, t("again.title")),
      h("p", { class: "muted" }, t("again.text")),
      h("div", { class: "field" }, h("label", { for: "username" }, t("gate.username")), h("input", { class: "input", id: "username", value: person.username, readonly: true, autocomplete: "off" })),
      h("div", { class: "field" }, h("label", { for: "password" }, t("gate.password")), password),
      error,
      h("div", { class: "form-actions" }, go),
    ),
  };
}
