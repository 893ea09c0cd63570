/* The form engine: an XForm's page and model, filled in on a phone or a desk.
 *
 * openForm(element, {
 *   form, model,        what surveys.forms.transform makes: HTML and model XML
 *   document,           the form's document (surveys.forms.document), as JSON
 *   instance,           XML of a draft or of a submission, nothing for a new record
 *   editOf,             instanceID that this record follows: given with every draft of an edit too
 *   visit,              code of the visit, put into the hidden question of that name
 *   locale,             "zh" or "en"
 *   timers,             what onChange last gave, so that a reload stops no clock
 *   readonly,           true to show and not to change
 *   onChange({what, path, timers}),                    something changed: keep handle.draft()
 *   onCapture(blob, {question, path, source}) → Promise<{name, url, sha256}>,
 *   files(name) → Promise<Blob>,                       a captured file, again
 *   media(name) → Promise<url> or url                  a picture or sound of the form itself
 * }) → handle
 *
 * handle.xml()        the submission's XML now: without what is not relevant, `end` set to now
 * handle.draft()      the whole record, hidden answers included; either opens again as `instance`
 * handle.validate()   Promise<[{path, label, text}]>, shown on the form as well
 * handle.files()      [{name, path, relevant}] of captured files that the record names
 * handle.locale(code) the other language, at once
 * handle.close()      takes the form away; one form is open at a time
 */
import { Form } from "enketo-core";
import { resetCollections } from "enketo-core/src/js/dom";
import events from "enketo-core/src/js/event";
import { Summary } from "./parts/engine_faults.js";
import { Typing } from "./parts/engine_fields.js";
import { Host, make, t } from "./parts/engine_host.js";
import { Judge } from "./parts/engine_judge.js";
import { Pages } from "./parts/engine_pages.js";
import { filesOf, modelFor, recordOf } from "./parts/engine_record.js";
import { dress, offerClearing } from "./parts/engine_widgets.js";
import { fillWords, speak } from "./parts/engine_words.js";

let open = null;

/** Open a form in an element; throws an Error with a sentence where the form cannot be opened. */
export function openForm(element, options) {
  open?.close();
  try {
    open = new OpenForm(element, options);
  } catch (fault) {
    resetCollections();
    element.replaceChildren();
    throw fault;
  }
  return open.handle;
}

class OpenForm {
  constructor(element, options) {
    this.element = element;
    this.options = { ...options, onCapture: options.onCapture ?? keepInMemory(this) };
    speak(options.locale);
    const view = parsed(options.form);
    element.classList.add("engine");
    element.lang = options.locale === "en" ? "en" : "zh-CN";
    element.replaceChildren(view);
    this.form = new Form(view, this.data(view), { language: options.locale });
    this.host = new Host(this.form, this.options);
    this.start(view);
    this.handle = {
      xml: () => this.xml(),
      draft: () => this.record(true),
      validate: () => this.validate(),
      files: () => this.files(),
      locale: (code) => this.locale(code),
      close: () => this.close(),
    };
  }

  data(view) {
    const { model, instance, editOf } = this.options;
    const repeats = [...view.querySelectorAll(".or-repeat-info")].map(({ dataset }) => dataset.name);
    const edits = Boolean(editOf) && !new RegExp(`deprecatedID[^>]*>${editOf.replace(/\W/g, "\\$&")}<`).test(instance ?? "");
    const session = Object.fromEntries(["deviceid", "username", "email", "phonenumber", "simserial", "subscriberid"].map((name) => [name, "-"]));
    return { modelStr: modelFor(model, instance, repeats), instanceStr: instance || null, submitted: edits, external: [], session };
  }

  start(view) {
    const { form, host, options } = this;
    form.goToTarget = (target) => this.go(target);
    this.ready = false;
    view.addEventListener("submit", (event) => event.preventDefault(), true);
    refuseInlineHandlers(form.view.$);
    const faults = form.init();
    if (faults.length) throw new Error(t("open.failed", { why: faults.join("; ") }));
    if (options.instance) form.relevant.update();
    this.putVisit();
    this.summary = new Summary((question) => this.go(question));
    this.judge = new Judge(host, () => this.summary.refresh());
    this.typing = new Typing(host);
    view.before(this.summary.element);
    fillWords(view);
    dress(view, host);
    offerClearing(host);
    this.pages = new Pages(host, (page) => this.judge.check(page));
    this.media(view);
    if (options.readonly) freeze(view);
    view.addEventListener("dataupdate", () => host.changed({ what: "answer" }));
    view.addEventListener("addrepeat", ({ target }) => this.added(target));
    view.addEventListener("removerepeat", ({ target }) => queueMicrotask(() => this.removed(target)));
    this.ready = true;
  }

  /** The code of the visit: the host knows it, nobody types it here. */
  putVisit() {
    const { form, options } = this;
    const path = `/${form.model.rootElement.nodeName}/visit`;
    const node = form.model.node(path, 0);
    if (!options.visit || !node.getElement() || node.getVal() === options.visit) return;
    node.setVal(options.visit, "string");
    const control = form.input.find(path, 0);
    if (control) form.input.setVal(control, options.visit, null);
  }

  added(entry) {
    fillWords(entry);
    dress(entry, this.host);
    this.media(entry);
    this.host.redraw();
    this.host.changed({ what: "repeat" });
  }

  removed(next) {
    this.host.redraw();
    this.host.changed({ what: "repeat" });
    next.parentElement?.querySelector(":scope > .or-repeat-info > .add-repeat-btn")?.focus();
  }

  /** Pictures and sounds of the form itself: the host knows where they are. */
  media(root) {
    for (const element of root.querySelectorAll("[data-media]:not([src])")) {
      Promise.resolve(this.options.media?.(element.dataset.media)).then((url) => { if (url) element.src = url; }, () => {});
    }
  }

  go(target) {
    if (!this.ready || !target || target === this.form.view.html) return true;
    this.pages.reveal(target);
    const first = [...target.querySelectorAll("input, select, textarea, button")].find((each) => each.checkVisibility() && !each.disabled);
    target.scrollIntoView({ block: "start" });
    first?.focus({ preventScroll: true });
    return true;
  }

  async validate() {
    this.typing.flush();
    const found = await this.judge.check(this.form.view.html);
    this.summary.show(found);
    return found.map(({ path, label, text }) => ({ path, label, text }));
  }

  xml() {
    this.host.quiet = true;
    this.form.view.html.dispatchEvent(events.BeforeSave());
    this.host.quiet = false;
    return this.record(false);
  }

  record(whole) {
    this.typing.flush();
    return recordOf(this.form, { whole });
  }

  files() {
    const paths = new Set([...this.form.view.html.querySelectorAll("[data-type-xml='binary']")].map((control) => this.host.path(control)));
    return filesOf(this.form, paths);
  }

  locale(code) {
    speak(code);
    this.element.lang = code === "en" ? "en" : "zh-CN";
    /* what Enketo's own list of languages does when it is changed */
    if (this.form.langs.languagesUsed.includes(code) && this.form.langs.languagesUsed.length > 1) {
      this.form.langs._currentLang = code;
      this.form.langs.setFormUi(code);
    }
    fillWords(this.form.view.html);
    this.host.redraw();
    this.summary.show([]);
    for (const question of this.form.view.html.querySelectorAll(".faulty")) {
      const control = this.host.control(question);
      if (control) this.form.validateInput(control);
    }
  }

  close() {
    if (open !== this) return;
    this.typing.flush();
    this.host.close();
    resetCollections();
    this.form.view.html.replaceChildren();
    this.element.replaceChildren();
    this.element.classList.remove("engine");
    open = null;
  }
}

/** The form's element. A template runs no script and loads nothing. */
function parsed(html) {
  const template = make("template");
  template.innerHTML = html;
  return document.adoptNode(template.content.firstElementChild);
}

/** Enketo keeps forms from being sent by an inline handler, which our security policy forbids. */
function refuseInlineHandlers(wrapped) {
  const { attr } = wrapped;
  wrapped.attr = function (name, ...value) {
    return name === "onsubmit" ? this : attr.call(this, name, ...value);
  };
}

function freeze(view) {
  for (const control of view.querySelectorAll("input, textarea")) {
    if (control.matches("[type='radio'], [type='checkbox']")) control.disabled = true;
    else control.readOnly = true;
  }
  for (const control of view.querySelectorAll("select")) control.disabled = true;
  view.classList.add("frozen");
}

/** Without a host, as in the preview: a captured file lives as long as the page. */
function keepInMemory(opened) {
  let number = 0;
  return async (blob, { question }) => {
    const digest = crypto.subtle ? await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()) : new ArrayBuffer(0);
    const sha256 = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const ending = (blob.name?.match(/\.[A-Za-z0-9]{1,5}$/)?.[0] ?? ".png").toLowerCase();
    return { name: `${question}-${(number += 1)}${ending}`, url: opened.host.url(blob), sha256 };
  };
}
