/* What holds the pages together: the frame, which page is shown, and who is at work. */
import { announce, button, h, icon, notice, refill } from "./field_dom.js";
import { Duty } from "./field_duty.js";
import { onInstall } from "./field_phone.js";
import { allowed, position } from "./field_position.js";
import { ask } from "./field_net.js";
import { DRAFT } from "./field_records.js";
import * as registry from "./field_registry.js";
import { waiting } from "./field_outbox.js";
import { proveAgain } from "./field_again.js";
import { forget, resume } from "./field_unlock.js";
import { Worker } from "./field_update.js";
import { fill } from "./field_view_fill.js";
import { gate } from "./field_view_gate.js";
import { phone } from "./field_view_phone.js";
import { elsewhere, record } from "./field_view_record.js";
import { signIn } from "./field_view_sign_in.js";
import { start } from "./field_view_start.js";
import { visit } from "./field_view_visit.js";
import { config, t } from "./field_words.js";

const PAGES = { gate, start, visit, fill, record, elsewhere, phone, signIn };

export class App {
  constructor() {
    Object.assign(this, { vault: null, duty: null, page: null, trail: [], at: 0, here: null, update: false, turn: 0 });
    this.main = document.getElementById("main");
    this.place = document.getElementById("page");
    this.bar = document.getElementById("bar");
    this.flashes = document.getElementById("flashes");
    this.worker = new Worker(() => this.updated());
  }

  get outbox() {
    return this.duty.outbox;
  }

  get room() {
    return this.duty.room;
  }

  async start() {
    history.scrollRestoration = "manual"; // every page begins at its top
    addEventListener("popstate", ({ state }) => this.back(state?.at ?? 0));
    addEventListener("pointerdown", () => (this.pressed = true), { passive: true, capture: true });
    for (const up of ["pointerup", "pointercancel"]) addEventListener(up, () => setTimeout(() => (this.pressed = false)), { passive: true, capture: true });
    addEventListener("online", () => this.refresh());
    addEventListener("offline", () => this.refresh());
    document.addEventListener("visibilitychange", () => document.documentElement.classList.toggle("covered", document.hidden));
    addEventListener("unhandledrejection", ({ reason }) => this.say("error", t("shell.fault", { why: reason?.message ?? String(reason) })));
    onInstall(() => this.refresh());
    this.openedBefore = await registry.opened();
    const vault = await resume(config.idle_minutes);
    if (vault?.one("me")) await this.enter(vault);
    else await this.go("gate");
    await this.worker.start();
  }

  /** Somebody is in: answer is the server's, where it was asked; proof, what was typed. */
  async enter(vault, answer = null, proof = null) {
    this.vault = vault;
    this.duty = new Duty(this, vault);
    vault.addEventListener("closed", ({ detail }) => this.shut(detail === "locked" ? null : { kind: "warning", text: t(`gate.closed.${detail}`) }));
    vault.changed();
    if (answer) await vault.write({ put: [{ ...vault.one("me"), person: answer.person, others: answer.others, signIn: "", provedAt: Date.now() }] });
    Object.assign(this, { trail: [{ name: "start", id: null }], at: 0 }); // the way back, whatever is opened
    const place = vault.one("place");
    const open = vault.records.get(place?.record)?.stage === DRAFT;
    await this.go(open ? "fill" : "start", open ? place.record : null);
    this.duty.begin();
    if (answer?.revoked.length) this.say("warning", t("gate.closed.revoked"));
    if (proof && !answer) await proveAgain(this, proof);
    if ((await allowed()) === "granted") this.locate();
  }

  /** Show a page; one that is no more leads to the first. */
  async go(name, id = null, { replace = false, ...options } = {}) {
    const turn = (this.turn += 1);
    const before = this.page;
    this.page = null;
    await before?.leave?.();
    const page = (await PAGES[name](this, id, options)) ?? (await start(this));
    if (turn !== this.turn) {
      await page.leave?.();
      return;
    }
    this.page = page;
    if (name === "start" || name === "gate") this.trail = [null]; // nothing lies behind these
    else if (!replace || !this.trail.length) this.trail = [...this.trail.slice(0, this.at + 1), null];
    this.at = this.trail.length - 1;
    this.trail[this.at] = { name, id };
    history[replace || this.at === 0 ? "replaceState" : "pushState"]({ at: this.at }, "", config.home);
    this.flashes.replaceChildren();
    this.show();
    await this.remember(name, id);
  }

  /** Where to go on after a crash: the record that is being filled in. */
  async remember(name, id) {
    if (!this.vault?.key) return;
    const held = this.vault.one("place") ?? { kind: "place", record: null };
    const open = name === "fill" ? id : null;
    if (held.record !== open) await this.vault.write({ put: [{ ...held, record: open }] });
  }

  async back(at) {
    const { name, id } = this.trail[at] ?? { name: this.vault ? "start" : "gate", id: null };
    this.trail = this.trail.slice(0, Math.max(at, 0) + 1);
    await this.go(name, id, { replace: true });
  }

  show() {
    this.frame();
    this.place.replaceChildren(this.page.content);
    (this.place.querySelector("h1:not(.visually-hidden)") ?? this.main).focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  /** The bar on top: back, what this is, the network in words, lock. */
  frame() {
    const { page } = this;
    const home = this.at === 0 || !this.vault;
    const online = navigator.onLine;
    this.bar.replaceChildren(
      ...[
        home ? h("span", { class: "brand" }, t("shell.name")) : h("button", { type: "button", class: "back", id: "back", "aria-label": t("shell.back"), onclick: () => history.back() }, icon("back")),
        h("span", { class: "bar-title" }, page.title ?? ""),
        page.bar,
        h("span", { class: `net net-${online ? "on" : "off"}`, id: "net" }, t(online ? "shell.online" : "shell.offline")),
        this.vault && button(t("shell.lock"), () => this.lock(), { kind: "button-quiet button-small", name: "lock" }),
      ].filter(Boolean),
    );
  }

  /** Draw the page again soon, however many things changed. */
  refresh() {
    if (this.drawing) return;
    this.drawing = setTimeout(() => {
      this.drawing = null;
      if (this.pressed) return this.refresh(); // a button that is replaced under a finger is not pressed
      if (!this.page) return;
      const net = document.getElementById("net");
      if (net) Object.assign(net, { className: `net net-${navigator.onLine ? "on" : "off"}`, textContent: t(navigator.onLine ? "shell.online" : "shell.offline") });
      if (this.page.draw && (this.vault?.key || !this.vault)) refill(this.page.content, this.page.draw());
      const unsent = this.vault?.key ? waiting(this.vault).length : null;
      if (unsent !== null) navigator.setAppBadge?.(unsent).catch(() => {});
    }, 80);
  }

  /** The same page in the other language. */
  async again() {
    if (this.page.again) {
      this.page.again();
      return this.frame();
    }
    const { name, id } = this.trail[this.at];
    return this.go(name, id, { replace: true });
  }

  say(kind, text) {
    this.flashes.replaceChildren(notice(kind, text));
    this.flashes.scrollIntoView({ block: "nearest" });
    announce(text);
  }

  /** The present moment as the server counts it, wherever this phone's clock stands. */
  serverNow() {
    return Date.now() - (this.vault.one("me").skew ?? 0);
  }

  touch() {
    this.duty?.touch();
  }

  send(options) {
    return this.duty.send(options);
  }

  async syncNow() {
    const worked = await this.duty.sync();
    if (worked) this.say("done", t("phone.synced_now"));
    else if (this.vault) this.say("warning", t("phone.sync_failed"));
    await this.duty?.send();
  }

  synced() {
    this.worker.engine();
    this.worker.check();
  }

  async locate() {
    const found = await position({ timeout: 10_000, maximumAge: 120_000 });
    if (found) this.here = found;
    else this.say("warning", t("visits.nowhere"));
    this.refresh();
  }

  persisted(granted) {
    this.persistRefused = !granted;
    this.duty.measure();
  }

  async dropOthers() {
    await this.vault.write({ put: [{ ...this.vault.one("me"), others: [] }] });
  }

  /** A new version waits: taken at once at the door, else when the person says so. */
  updated() {
    this.update = true;
    if (this.vault) this.refresh();
    else if (!document.getElementById("password")?.value) this.worker.take();
  }

  async takeUpdate() {
    await this.page?.leave?.();
    this.worker.take();
  }

  /** Close the box in every tab; what is unsent stays in it. */
  async lock() {
    await this.page?.leave?.();
    this.page = null;
    await registry.endSession();
    this.vault?.close("locked");
    await this.shut(null);
  }

  async shut(said) {
    this.duty?.end();
    this.page?.abandon?.();
    Object.assign(this, { vault: null, duty: null, page: null, trail: [], at: 0 });
    await this.go("gate", said, { replace: true });
  }

  async signOut() {
    const { key } = this.vault.one("me");
    await this.erase("left");
    await ask("/field/leave", { key, method: "POST", patience: 5_000 }).catch(() => {}); // or the supervisor does it
    await this.shut({ kind: "done", text: t("gate.closed.left") });
  }

  /** The server says that this phone may not keep anything any more. */
  async wiped() {
    const lost = waiting(this.vault).length;
    await this.erase("revoked");
    await this.shut({ kind: "error", text: t(lost ? "gate.closed.revoked_lost" : "gate.closed.revoked", { count: lost }) });
  }

  async erase(why) {
    const { id } = this.vault;
    this.duty.end();
    this.vault.close(why);
    await forget(id);
    navigator.clearAppBadge?.().catch(() => {});
  }
}
