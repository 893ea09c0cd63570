/* What every widget needs: the form, how to answer, what the form's document says of a question. */
import events from "enketo-core/src/js/event";
import { t } from "./engine_words.js";

let ids = 0;

export class Host {
  constructor(form, options) {
    this.form = form;
    this.options = options;
    this.questions = new Map((options.document?.questions ?? []).map((each) => [each.path, each]));
    this.names = new Map([...this.questions.values()].map((each) => [each.name, each]));
    this.redraws = new Set();
    this.timers = structuredClone(options.timers ?? {});
    this.urls = [];
    this.ends = [];
    this.waiting = null;
    this.touched = null;
    this.quiet = false;
  }

  /** The control that holds a question's answer. */
  control(question) {
    return question.querySelector("input:not(.ignore), select:not(.ignore), textarea:not(.ignore)");
  }

  path(control) {
    return this.form.input.getName(control);
  }

  /** The path with the number of every repeat: one answer of one entry. */
  place(control) {
    const steps = [];
    const repeats = [];
    for (let entry = control.closest(".or-repeat"); entry; entry = entry.parentElement.closest(".or-repeat")) {
      repeats.push([entry.getAttribute("name"), [...entry.parentElement.children].filter((each) => each.matches(".or-repeat")).indexOf(entry) + 1]);
    }
    const numbers = new Map(repeats);
    let path = "";
    for (const step of this.path(control).split("/").slice(1)) {
      path += `/${step}`;
      steps.push(numbers.has(path) ? `${step}[${numbers.get(path)}]` : step);
    }
    return `/${steps.join("/")}`;
  }

  /** The question's text as it is read now. */
  label(question) {
    const texts = question.querySelectorAll(".question-label.active");
    return (texts[0]?.textContent ?? "").replace(/\s+/g, " ").trim();
  }

  /** What the form's document says of the question, nothing where it does not know it. */
  asked(control) {
    return this.questions.get(this.path(control)) ?? {};
  }

  /** A question by its name, as the form's document has it. */
  named(name) {
    return this.names.get(name);
  }

  /** Put an answer into the form, as if it had been typed. */
  answer(control, value) {
    this.touched = control;
    this.form.input.setVal(control, value, events.Change());
  }

  /** Run at once and whenever the language changes. */
  drawn(question, draw) {
    this.redraws.add({ question, draw });
    draw();
  }

  redraw() {
    for (const each of this.redraws) {
      if (each.question.isConnected) each.draw();
      else this.redraws.delete(each);
    }
  }

  /** Tell the host, once for everything that happens in one go; `touched` is whose answer it is. */
  changed(detail) {
    if (this.quiet) return;
    if (this.waiting) return void Object.assign(this.waiting, detail.path ? detail : {});
    this.waiting = { ...detail };
    queueMicrotask(() => {
      const { touched, waiting } = this;
      this.waiting = this.touched = null;
      if (!waiting.path && touched?.isConnected) waiting.path = this.place(touched);
      this.options.onChange?.({ ...waiting, timers: structuredClone(this.timers) });
    });
  }

  /** Called when the form is closed. */
  closing(end) {
    this.ends.push(end);
  }

  /** An address for a file, given back when the form is closed. */
  url(blob) {
    const made = URL.createObjectURL(blob);
    this.urls.push(made);
    return made;
  }

  close() {
    this.quiet = true;
    for (const end of this.ends) end();
    for (const each of this.urls) URL.revokeObjectURL(each);
    this.redraws.clear();
  }

  get readonly() {
    return Boolean(this.options.readonly);
  }

  /** An id for an element, its own where it has one. */
  id(element) {
    element.id ||= `engine-${(ids += 1)}`;
    return element.id;
  }
}

/** A new element with a class, a text or children. */
export function make(tag, name = "", ...content) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...content);
  return element;
}

/** A button; what it says is set when it is drawn. */
export function button(name, press) {
  const made = make("button", `button ${name}`);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}

/** A block that a widget draws in, described by the question's head. */
export function widgetBox(question, host, name) {
  const box = make("div", `widget widget-${name}`);
  const head = question.querySelector(".question-head, legend");
  if (head) {
    box.setAttribute("role", "group");
    box.setAttribute("aria-labelledby", host.id(head));
  }
  const message = question.querySelector(":scope > .or-constraint-msg, :scope > .or-required-msg");
  if (message) message.before(box);
  else question.append(box);
  return box;
}

export { t };
