/* What is wrong, in words beside the question, and as a list on top that leads to each. */
import { make, t } from "./engine_host.js";

/** Say it beside the question; the control is marked for those who do not see it. */
export function showFault(question, control, text) {
  let said = question.querySelector(":scope > .fault");
  if (!said) {
    said = make("span", "fault", make("span", "fault-sign", "!"), make("span", "fault-text"));
    said.firstChild.setAttribute("aria-hidden", "true");
    said.id = `fault-${Math.random().toString(36).slice(2)}`;
    const head = question.querySelector(":scope > .question-head, :scope > fieldset > legend");
    if (head?.parentElement === question) head.after(said);
    else question.prepend(said);
  }
  said.lastChild.textContent = text;
  question.classList.add("faulty");
  for (const each of marked(question, control)) {
    each.setAttribute("aria-invalid", "true");
    each.setAttribute("aria-describedby", said.id);
  }
}

/** Take it away again. */
export function clearFault(question, control) {
  const said = question.querySelector(":scope > .fault");
  if (!said) return;
  said.remove();
  question.classList.remove("faulty");
  for (const each of marked(question, control)) {
    each.removeAttribute("aria-invalid");
    each.removeAttribute("aria-describedby");
  }
}

/* A group of radio buttons or a widget is described as a whole: aria-invalid is not for either. */
function marked(question, control) {
  if (!control || control.hidden || control.matches("[type='radio'], [type='checkbox']")) return [];
  return [control];
}

/** The text of Enketo's verdict on a question, empty where it is content. */
export function verdict(question, result) {
  const failed = result?.requiredValid === false ? "required" : result?.constraintValid === false ? "constraint" : "";
  if (!failed) return "";
  const own = question.querySelector(`:scope > .or-${failed}-msg.active`);
  const text = own && !own.dataset.i18n ? own.textContent.trim() : "";
  return text || t(failed === "required" ? "constraint.required" : "constraint.invalid");
}

/** The list on top. */
export class Summary {
  constructor(go) {
    this.go = go;
    this.element = make("section", "faults");
    this.element.tabIndex = -1;
    this.element.hidden = true;
    this.title = make("h2");
    this.title.id = "engine-faults-title";
    this.element.setAttribute("aria-labelledby", this.title.id);
    this.list = make("ul");
    this.element.append(this.title, this.list);
  }

  /** Show these faults, or hide the list where there are none. */
  show(faults, { focus = true } = {}) {
    this.faults = faults;
    this.element.hidden = !faults.length;
    this.title.textContent = faults.length === 1 ? t("faults.one") : t("faults.many", { count: faults.length });
    this.list.replaceChildren(...faults.map((fault) => this.line(fault)));
    if (faults.length && focus) {
      this.element.focus({ preventScroll: true });
      this.element.scrollIntoView({ block: "start" });
    }
  }

  /** Leave out what has been put right since. */
  refresh() {
    const left = this.faults?.filter(({ owner }) => owner.isConnected && owner.matches(".faulty") && !owner.closest(".disabled")) ?? [];
    if (left.length !== this.faults?.length) this.show(left, { focus: false });
  }

  line(fault) {
    const link = make("a", "", fault.label ? `${fault.label} — ${fault.text}` : fault.text);
    link.href = `#${fault.question.id}`;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      this.go(fault.question);
    });
    return make("li", "", link);
  }
}
