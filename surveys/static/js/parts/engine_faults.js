/* What is wrong, in words beside the question, and as a list on top that leads to each. */
import { make, t } from "./engine_host.js";

const said = new WeakMap();
let ids = 0;

/** Say it below the question's words; the control is described by it for those who do not see it. */
export function showFault(question, control, text) {
  let fault = said.get(question);
  if (!fault) {
    fault = make("span", "fault", make("span", "fault-sign", "!"), make("span", "fault-text"));
    fault.firstChild.setAttribute("aria-hidden", "true");
    fault.id = `fault-${(ids += 1)}`;
    said.set(question, fault);
    question.querySelector(":scope > .question-head, :scope > fieldset > legend").after(fault);
  }
  fault.lastChild.textContent = text;
  question.classList.add("faulty");
  const described = describes(question, control);
  described?.setAttribute("aria-describedby", fault.id);
  if (described === control) control.setAttribute("aria-invalid", "true");
}

/** Take it away again. */
export function clearFault(question, control) {
  said.get(question)?.remove();
  said.delete(question);
  question.classList.remove("faulty");
  describes(question, control)?.removeAttribute("aria-describedby");
  control.removeAttribute("aria-invalid");
}

/** A field is described itself; boxes to tick and widgets as the group that they are. */
function describes(question, control) {
  if (!control.hidden && !control.matches("[type='radio'], [type='checkbox']")) return control;
  return question.querySelector(":scope > fieldset, :scope > [role='group']");
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
    const left = this.faults?.filter(({ owner }) => owner.isConnected && owner.matches(".faulty, [data-too-many]") && !owner.closest(".disabled")) ?? [];
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
