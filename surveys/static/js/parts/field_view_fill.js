/* Filling in: the engine in a frame that saves every answer, one tab at a time. */
import { button, confirm, h, notice } from "./field_dom.js";
import { capture, stored } from "./field_capture.js";
import { note, notePosition } from "./field_ledger.js";
import { allowed, position } from "./field_position.js";
import { discard, DRAFT, finish, formOf, Keeper, mediaOf } from "./field_records.js";
import { reasonsBeside } from "./field_reasons.js";
import { hold } from "./field_tabs.js";
import { kit } from "./field_view_visit.js";
import { PhoneFull } from "./field_vault.js";
import { config, locale, named, t, time } from "./field_words.js";

let engine = null;

/** The engine, fetched once and then kept by the worker. */
async function load() {
  if (!document.querySelector(`link[href="${config.engine_style}"]`)) {
    const sheet = h("link", { rel: "stylesheet", href: config.engine_style });
    const ready = new Promise((resolve, reject) => Object.assign(sheet, { onload: resolve, onerror: reject }));
    document.head.append(sheet);
    await ready.catch((error) => {
      sheet.remove();
      throw error;
    });
  }
  engine ??= await import(config.engine);
  return engine;
}

/** The page of one draft; take: out of another tab's hands. */
export async function fill(app, id, { take = false } = {}) {
  const { vault } = app;
  const known = vault.records.get(id);
  if (known?.stage !== DRAFT) return null;
  const page = new Filling(app, known);
  const release = await hold(`field-${known.chain}`, (how) => page.taken(how), { take });
  if (!release) return page.elsewhere();
  await vault.again([id]); // what the other tab saved last
  page.record = structuredClone(vault.records.get(id));
  if (page.record?.stage === DRAFT) return page.open(release);
  release();
  return null;
}

class Filling {
  constructor(app, record) {
    Object.assign(this, { app, record, vault: app.vault, handle: null, gone: false });
    this.state = h("span", { class: "saved", id: "saved", role: "status" }, t("fill.opening"));
    this.said = h("div", { id: "fill-said" });
    this.place = h("div", { id: "form" });
    this.kit = h("details", { class: "more", id: "kit", hidden: true });
    this.end = button(t("fill.finish"), () => this.finish(), { kind: "button-primary button-wide", name: "finish" });
    this.end.disabled = true;
  }

  /** Another tab has it: say so, and offer to go on here. */
  elsewhere() {
    const go = () => this.app.go("fill", this.record.id, { take: true, replace: true });
    return { title: t("fill.title"), content: h("div", {}, h("h1", { tabindex: -1 }, named(this.record.about.site)), notice("warning", t("fill.elsewhere"), button(t("fill.take"), go, { kind: "button-primary", name: "take" }))) };
  }

  open(release) {
    this.release = release;
    this.keeper = new Keeper(this.vault, this.record, () => ({ xml: this.handle.draft() }), (told) => this.show(told));
    this.ready = this.start();
    const { site, city } = this.record.about;
    return {
      title: t("fill.title"),
      bar: this.state,
      content: h("div", { class: "fill" }, h("h1", { class: "fill-where", tabindex: -1 }, named(site), " ", h("span", { class: "muted" }, named(city))), this.kit, this.returned(), this.said, this.place, h("div", { class: "foot" }, this.end, this.throwAway())),
      leave: () => this.leave(),
      abandon: () => this.abandon(),
      again: () => this.speak(),
    };
  }

  async start() {
    const { record, vault } = this;
    try {
      const [{ openForm }, form] = await Promise.all([load(), formOf(vault, record.form)]);
      if (!form) throw new Error(t("fill.no_form"));
      if (this.gone) return;
      this.form = form;
      this.brief();
      this.handle = openForm(this.place, {
        form: form.form,
        model: form.model,
        document: form.document,
        instance: record.xml || null,
        editOf: record.follows || undefined,
        visit: record.visit,
        locale: locale(),
        timers: record.timers,
        onChange: (change) => this.changed(change),
        onCapture: (blob, facts) => this.capture(blob, facts),
        files: (name) => stored(vault, record, name),
        media: (name) => mediaOf(vault, record.form, name),
      });
    } catch (error) {
      this.said.replaceChildren(notice("error", t(navigator.onLine ? "fill.failed" : "fill.no_engine"), h("p", {}, error.message ?? "")));
      this.state.textContent = "";
      return;
    }
    this.beside();
    if (record.xml) note(record, "resumed");
    this.place.addEventListener("change", (event) => this.answered(event.target));
    this.seen = () => this.keeper.change(document.hidden ? "backgrounded" : "resumed");
    document.addEventListener("visibilitychange", this.seen);
    this.end.disabled = false;
    await this.keeper.change();
    this.where();
  }

  /** The kit again, folded, for a look while filling in. */
  brief() {
    this.kit.replaceChildren(h("summary", {}, t("fill.kit")), h("div", {}, kit(this.form.document, this.record.about.story)));
    this.kit.hidden = false;
  }

  changed({ timers }) {
    if (!this.handle) return; // the engine fills in its defaults before it is ours
    this.record.timers = timers;
    this.app.touch();
    this.keeper.change();
  }

  answered(control) {
    const path = control.name || control.dataset.name;
    if (path?.startsWith("/")) this.keeper.change("answered", path);
  }

  async capture(blob, facts) {
    try {
      return await capture(this.vault, this.record, blob, facts);
    } catch (error) {
      if (error.cause instanceof PhoneFull) this.said.replaceChildren(notice("error", error.message));
      throw error;
    }
  }

  /** Positions at both ends, where they are allowed. Asked for once, with the reason on the page. */
  async where() {
    if ((await allowed()) === "denied") return;
    notePosition(this.record, await position());
    if (!this.gone) await this.keeper.change();
  }

  show({ state, at, error }) {
    this.state.dataset.state = state;
    if (state === "saved") this.state.textContent = t("fill.saved", { at: time(at) });
    if (state === "saving") return;
    if (state === "failed") {
      this.state.textContent = t("fill.unsaved");
      this.said.replaceChildren(notice("error", t(error instanceof PhoneFull ? "fill.full" : "fill.not_saved"), button(t("fill.again"), () => this.keeper.change(), { kind: "button-small" })));
    } else if (this.said.querySelector(".notice-error")?.dataset.about !== "validate") this.said.replaceChildren();
  }

  /** Why it came back, in general; reasons of single questions stand beside them. */
  returned() {
    const { reason, reasons = {} } = this.record;
    const count = Object.keys(reasons).length;
    if (!reason && !count) return null;
    this.unplaced = h("ul");
    return notice("warning", t("fill.returned"), reason ? h("p", {}, reason) : null, count ? h("p", {}, t("fill.reasons", { count })) : null, this.unplaced);
  }

  beside() {
    const left = reasonsBeside(this.place, this.record.reasons ?? {});
    this.unplaced?.replaceChildren(...left.map((text) => h("li", {}, text)));
  }

  speak() {
    this.handle?.locale(locale());
    this.end.textContent = t("fill.finish");
    this.brief();
    this.beside();
  }

  async finish() {
    this.end.disabled = true;
    try {
      const faults = await this.handle.validate();
      if (faults.length) return;
      const [xml, files] = [this.handle.xml(), this.handle.files()];
      const names = files.filter((each) => each.relevant).map((each) => each.name);
      const sure = await confirm({ title: t("finish.title"), body: [h("p", {}, t("finish.text", { files: names.length }))], verb: t("finish.verb"), danger: false });
      if (!sure) return;
      notePosition(this.record, (await allowed()) === "granted" ? await position({ timeout: 3_000 }) : null);
      await this.keeper.stop();
      await finish(this.vault, this.record, xml, names);
      await this.app.go("start", null, { replace: true });
      this.app.send();
    } catch (error) {
      this.said.replaceChildren(notice("error", t(error instanceof PhoneFull ? "fill.full" : "fill.not_saved"), h("p", {}, error.message ?? "")));
    } finally {
      this.end.disabled = false;
    }
  }

  throwAway() {
    const ask = async () => {
      const { site } = this.record.about;
      const files = this.vault.all("file").filter((each) => each.chain === this.record.chain).length;
      const sure = await confirm({ title: t("discard.title", { site: named(site) }), body: [h("p", {}, t("discard.text", { files }))], verb: t("discard.verb") });
      if (!sure) return;
      this.keeper.stopped = true;
      await discard(this.vault, this.record);
      await this.app.go("start", null, { replace: true });
    };
    return button(t("discard.button"), ask, { kind: "button-quiet", name: "discard" });
  }

  /** Another tab goes on with it: save, let go, and say so here. */
  taken({ stolen }) {
    if (this.gone || !this.keeper) return;
    if (stolen) this.keeper.stopped = true;
    this.app.go("fill", this.record.id, { replace: true });
  }

  /** The box was closed under it: nothing can be saved any more. */
  abandon() {
    this.keeper.stopped = true;
    this.leave();
  }

  async leave() {
    this.gone = true;
    document.removeEventListener("visibilitychange", this.seen);
    if (this.handle) {
      if (!this.keeper.stopped) {
        note(this.record, "closed");
        await this.keeper.stop();
      }
      this.handle.close();
    }
    this.release();
  }
}

