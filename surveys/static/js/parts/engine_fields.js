/* Typing: every keystroke reaches the record soon, numbers are read strictly, nothing is guessed. */
import events from "enketo-core/src/js/event";
import { make, t } from "./engine_host.js";
import { clearFault, showFault } from "./engine_faults.js";

const TYPED = "input[type='text']:not(.ignore), input[type='tel'], textarea";
const SOON = 300;
const FULL_WIDTH = /[０-９．－＋]/g;
const MOST = /string-length\(\s*\.\s*\)\s*(<=?)\s*(\d+)/;

const numeric = (control) => ["int", "decimal"].includes(control.dataset.typeXml);
const ascii = (text) =>
  text.replace(FULL_WIDTH, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)).replace(/。/g, ".").trim();

/** What is wrong with a number as it stands, as the key of a text; nothing where it can be stored. */
export function numberFault(text, type) {
  if (text === "") return "";
  const whole = type === "int";
  if (!(whole ? /^[-+]?\d+$/ : /^[-+]?(\d+(\.\d*)?|\.\d+)$/).test(text)) return whole ? "number.integer" : "number.decimal";
  return text.replace(/\D/g, "").replace(/^0+/, "").length > 15 ? "number.long" : "";
}

export class Typing {
  constructor(host) {
    this.host = host;
    this.pending = new Map();
    this.early = new Set();
    const view = host.form.view.html;
    view.addEventListener("input", (event) => this.typed(event.target));
    view.addEventListener("change", (event) => this.settle(event), true);
  }

  typed(control) {
    if (!control.matches(TYPED) || control.readOnly) return;
    this.count(control);
    clearTimeout(this.pending.get(control));
    this.pending.set(control, setTimeout(() => this.store(control), SOON));
  }

  /** Before Enketo sees a change: numbers in plain digits, or not at all. */
  settle(event) {
    const control = event.target;
    if (!control.matches(".ignore")) this.host.touched = control;
    if (!control.matches(TYPED)) return;
    clearTimeout(this.pending.get(control));
    this.pending.delete(control);
    if (numeric(control)) {
      control.value = ascii(control.value);
      const fault = numberFault(control.value, control.dataset.typeXml);
      if (fault) {
        event.stopImmediatePropagation();
        this.refuse(control, fault);
        return;
      }
      this.accept(control);
    }
    if (this.early.delete(control) && this.stored(control)) setTimeout(() => this.finish(control));
  }

  node(control) {
    const { form } = this.host;
    return form.model.node(this.host.path(control), form.input.getIndex(control));
  }

  /** Whether what stands in the control is in the record already. */
  stored(control) {
    const node = this.node(control);
    return String(node.convert(control.value, control.dataset.typeXml)) === node.getVal();
  }

  /** The value came in while it was typed, so Enketo found nothing new: check and trigger here. */
  finish(control) {
    const { form } = this.host;
    form.validateInput(control).then(() => {
      control.dispatchEvent(events.XFormsValueChanged({ repeatIndex: form.input.getIndex(control) }));
    });
  }

  store(control) {
    this.pending.delete(control);
    if (!control.isConnected) return;
    let value = control.value;
    if (numeric(control)) {
      value = ascii(value);
      if (numberFault(value, control.dataset.typeXml)) value = "";
    }
    this.early.add(control);
    this.host.touched = control;
    this.node(control).setVal(value, control.dataset.typeXml);
  }

  refuse(control, fault) {
    control.dataset.unread = fault;
    this.node(control).setVal("", control.dataset.typeXml);
    showFault(control.closest(".question"), control, t(fault));
  }

  accept(control) {
    if (control.dataset.unread === undefined) return;
    delete control.dataset.unread;
    clearFault(control.closest(".question"), control);
  }

  /** Everything typed so far is in the record. */
  flush() {
    for (const [control, timer] of [...this.pending]) {
      clearTimeout(timer);
      this.store(control);
    }
  }

  /** How long a long text is, and how long it may be. */
  count(control) {
    if (control.tagName !== "TEXTAREA") return;
    const [, than, limit] = control.dataset.constraint?.match(MOST) ?? [];
    const most = limit && (than === "<" ? limit - 1 : limit);
    let shown = control.nextElementSibling;
    if (!shown?.matches(".counter")) {
      shown = make("span", "counter");
      control.after(shown);
    }
    const count = [...control.value].length;
    shown.textContent = t(most ? "count.of" : "count", { count, most });
  }
}
