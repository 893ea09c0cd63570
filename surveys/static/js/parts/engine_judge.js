/* Whether the answers hold: Enketo's verdicts, and what it does not know of: numbers that cannot
 * be read, clocks still running, evidence that must come with an answer. */
import { clearFault, showFault, verdict } from "./engine_faults.js";
import { t } from "./engine_host.js";
import { tooMany } from "./engine_repeats.js";

const SOON_MS = 50;

export class Judge {
  constructor(host, settled) {
    this.host = host;
    this.settled = settled;
    const { form } = host;
    const mark = form.updateValidityInUi;
    form.updateValidityInUi = (control, result) => {
      mark.call(form, control, result);
      this.show(control.closest(".question"), control, result);
    };
    form.view.html.addEventListener("dataupdate", () => {
      if (!this.waiting) this.waiting = setTimeout(() => this.lookAgain(), SOON_MS);
    });
  }

  /** Say beside the question what is wrong with it, or that nothing is. */
  show(question, control, result) {
    const { text } = this.fault(question, control, result);
    if (text) showFault(question, control, text);
    else clearFault(question, control);
    return text;
  }

  fault(question, control, result) {
    if (this.host.timers[this.host.place(control)]?.running) return { text: this.demanding ? t("timer.still") : "" };
    const text = control.dataset.unread ? t(control.dataset.unread) : verdict(question, result);
    if (text) return { text };
    const lacking = this.demanding || question.dataset.lacks ? this.lacking(control) : [];
    if (lacking.length) question.dataset.lacks = "yes";
    else delete question.dataset.lacks;
    return lacking.length ? { text: t("evidence.lacking", { names: lacking.map(({ label }) => label).join(t("and")) }), at: lacking[0].question } : {};
  }

  /** Evidence that must come with this answer and is not there: of the same entry, or of the form. */
  lacking(control) {
    const { host } = this;
    const asked = host.asked(control);
    const names = asked.evidence ?? [];
    if (!names.length || !this.value(control)) return [];
    return names.flatMap((name) => {
      const media = host.named(name);
      if (!media) return [];
      const entry = media.repeat && media.repeat === asked.repeat ? control.closest(".or-repeat") : null;
      const controls = [...host.form.view.html.querySelectorAll(`[name="${media.path}"]`)].filter((each) => !entry || each.closest(".or-repeat") === entry);
      if (controls.some((each) => !each.closest(".disabled") && this.value(each))) return [];
      const question = controls.find((each) => !each.closest(".disabled"))?.closest(".question");
      return [{ label: (question && host.label(question)) || media.label?.zh || name, question }];
    });
  }

  value(control) {
    const { form } = this.host;
    return form.model.node(this.host.path(control), form.input.getIndex(control)).getVal();
  }

  /** A photo that came in late takes the complaint about it away; then the list on top is shortened. */
  async lookAgain() {
    this.waiting = 0;
    for (const question of this.host.form.view.html.querySelectorAll(".question[data-lacks]")) {
      const control = this.host.control(question);
      if (control && !this.lacking(control).length) await this.host.form.validateInput(control);
    }
    this.settled();
  }

  /** Every fault inside an element, each shown where it is: `{question, owner, path, label, text}`, where `owner`
   *  is whose answer is wrong and `question` where it is put right. */
  async check(root) {
    const { host } = this;
    const found = [];
    this.demanding = true;
    for (const question of root.querySelectorAll(".question")) {
      const control = host.control(question);
      if (!control || question.closest(".disabled")) continue;
      const result = await host.form.validateInput(control);
      const { text, at } = this.fault(question, control, result);
      if (text) found.push({ question: at ?? question, owner: question, path: host.place(control), label: host.label(question), text });
    }
    for (const info of root.querySelectorAll(".or-repeat-info[data-too-many]")) {
      host.id(info);
      found.push({ question: info, owner: info, path: info.dataset.name, label: "", text: tooMany(info) });
    }
    this.demanding = false;
    return found;
  }
}
