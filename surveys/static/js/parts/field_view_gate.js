/* The door: a name and a password, with or without a network. Nothing here says whose phone it is. */
import { button, h, notice } from "./field_dom.js";
import { headers } from "./field_registry.js";
import { Shut, unlock, wait } from "./field_unlock.js";
import { config, locale, speak, t } from "./field_words.js";

/** app.enter(vault, answer) is called once it is open; said: {kind, text} to show first. */
export async function gate(app, said = null) {
  const boxes = await headers();
  const unsent = boxes.reduce((sum, each) => sum + (each.unsent ?? 0), 0);
  const known = boxes.length > 0;
  // off: a browser would note the name in its list of what was typed, in the open
  const username = h("input", { class: "input", id: "username", autocomplete: "off", autocapitalize: "none", spellcheck: "false", required: true });
  const password = h("input", { class: "input", id: "password", type: "password", autocomplete: "current-password", required: true });
  const go = h("button", { class: "button button-primary", id: "go" }, t(known ? "gate.unlock" : "gate.sign_in"));
  const error = h("div", { id: "gate-error", role: "alert" });
  const reveal = h("input", { type: "checkbox", id: "reveal", onchange: () => (password.type = reveal.checked ? "text" : "password") });
  let counting = null;

  async function submit(event) {
    event.preventDefault();
    const name = username.value.trim();
    if (!name || !password.value) return fail(t("gate.both"));
    go.disabled = true;
    go.textContent = t("gate.opening");
    error.replaceChildren();
    try {
      const { vault, answer } = await unlock(name, password.value);
      app.enter(vault, answer, { username: name, password: password.value });
    } catch (refusal) {
      fail(reason(refusal, known));
      await countdown();
    }
  }

  function fail(text, detail = null) {
    error.replaceChildren(notice("error", text, detail));
    go.disabled = false;
    go.textContent = t(known ? "gate.unlock" : "gate.sign_in");
    password.select();
    password.focus();
  }

  /** While it has to wait, the button says how long. */
  async function countdown() {
    clearTimeout(counting);
    const left = await wait();
    go.disabled = left > 0;
    go.textContent = left > 0 ? t("gate.wait", { seconds: left }) : t(known ? "gate.unlock" : "gate.sign_in");
    if (left > 0 && go.isConnected) counting = setTimeout(countdown, 1000);
  }

  const form = h(
    "form",
    { class: "form", onsubmit: submit, novalidate: true, autocomplete: "off" },
    h("div", { class: "field" }, h("label", { for: "username" }, t("gate.username")), username),
    h("div", { class: "field" }, h("label", { for: "password" }, t("gate.password")), password, h("div", { class: "choice" }, reveal, h("label", { for: "reveal" }, t("gate.reveal")))),
    error,
    h("div", { class: "form-actions" }, go),
  );
  countdown();
  return {
    title: "",
    content: h(
      "div",
      { class: "gate" },
      h("img", { src: "/field/icons/icon.svg", width: 64, height: 64, alt: "" }),
      h("h1", { tabindex: -1 }, t(known ? "gate.title" : "gate.title_first")),
      said && notice(said.kind, said.text),
      unsent > 0 && notice("warning", t("gate.unsent", { count: unsent })),
      h("p", { class: "muted" }, t(known ? "gate.known" : "gate.first")),
      form,
      demo(username, password),
      language(app),
    ),
  };
}

function reason(refusal, known) {
  if (refusal instanceof Shut) return t(`gate.shut.${refusal.message}`, refusal.facts);
  if (refusal.status) return refusal.detail || refusal.title || t("gate.refused", { status: refusal.status });
  return t(known ? "gate.shut.unknown" : "gate.shut.nothing-here");
}

/** The demonstration's evaluators; a real deployment has none. */
function demo(username, password) {
  if (!config.accounts.length) return null;
  const use = (account) => () => {
    username.value = account.username;
    password.value = account.password;
  };
  return h("details", { class: "more", id: "demo" }, h("summary", {}, t("gate.demo")), h("div", { class: "row" }, config.accounts.map((each) => button(each.username, use(each), { kind: "button-small" }))));
}

/** The switch between the two languages, each in its own name. */
export function language(app) {
  const other = locale() === "zh" ? "en" : "zh";
  const change = () => {
    speak(other);
    app.again();
  };
  return h("p", { class: "language" }, button(other === "zh" ? "中文" : "English", change, { kind: "button-quiet", name: "language", lang: other === "zh" ? "zh-CN" : "en" }));
}
