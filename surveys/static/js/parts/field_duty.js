/* What goes on while somebody is at work: syncing, sending, and locking when the phone is left. */
import { Away } from "./field_net.js";
import { log } from "./field_log.js";
import { due, Outbox } from "./field_outbox.js";
import { persist, room } from "./field_phone.js";
import * as registry from "./field_registry.js";
import { sync } from "./field_sync.js";
import { PhoneFull } from "./field_vault.js";
import { config, t } from "./field_words.js";

const TOUCH_MS = 20_000;
const BEAT_MS = 5_000;
const SYNC_MS = 5 * 60_000;

export class Duty {
  /** app hears: refresh(), lock(), wiped(), and after every sync synced(). */
  constructor(app, vault) {
    Object.assign(this, { app, vault, outbox: new Outbox(vault), usedAt: Date.now(), keptAt: Date.now(), room: null, syncing: null, over: new AbortController() });
  }

  begin() {
    const { signal } = this.over;
    const refresh = () => this.app.refresh();
    this.vault.addEventListener("change", refresh, { signal });
    this.outbox.addEventListener("change", refresh, { signal });
    for (const what of ["pointerdown", "keydown"]) addEventListener(what, () => this.touch(), { signal, passive: true });
    addEventListener("online", () => this.turn({ hurry: true }), { signal });
    addEventListener("offline", refresh, { signal });
    document.addEventListener("visibilitychange", () => document.hidden || this.beat(), { signal });
    const beating = setInterval(() => this.beat(), BEAT_MS);
    signal.addEventListener("abort", () => clearInterval(beating));
    this.measure(/Firefox/.test(navigator.userAgent) ? null : persist()); // Firefox asks its person
    this.turn();
  }

  end() {
    this.over.abort();
  }

  /** Somebody is here: the box stays open. */
  touch() {
    this.usedAt = Date.now();
    if (this.usedAt - this.keptAt < TOUCH_MS || !this.vault.key) return;
    this.keptAt = this.usedAt;
    registry.keepSession({ vault: this.vault.id, key: this.vault.key });
  }

  beat() {
    const idle = Date.now() - this.usedAt;
    if (idle < 0 || idle > config.idle_minutes * 60_000) {
      this.app.lock();
      return;
    }
    if (!navigator.onLine) return;
    const since = Date.now() - Date.parse(this.vault.one("me").syncedAt ?? 0);
    if (!document.hidden && (since < 0 || since > SYNC_MS) && !this.failedLately()) this.turn();
    else if (due(this.vault) === 0) this.send();
  }

  failedLately() {
    return Date.now() - (this.failedAt ?? 0) < 60_000;
  }

  /** Sync, then send. */
  async turn(options) {
    this.app.refresh();
    if (!navigator.onLine) return;
    if (await this.sync()) await this.send(options);
  }

  /** One exchange; gives whether it worked. */
  async sync() {
    this.syncing ??= this.exchange().finally(() => (this.syncing = null));
    return this.syncing;
  }

  async exchange() {
    try {
      await sync(this.vault);
      this.failedAt = 0;
      await this.measure();
      this.app.synced();
      return true;
    } catch (error) {
      this.failedAt = Date.now();
      await this.refused(error);
      return false;
    }
  }

  /** Send as the outbox does, and tell the server when less is unsent. */
  async send(options) {
    if (!this.vault.key || !navigator.onLine) return; // not even begun: it may still be changed
    const before = this.vault.unsent;
    try {
      await this.outbox.send(options);
    } catch (error) {
      await this.refused(error);
      return;
    }
    if (this.vault.key && this.vault.unsent !== before) await this.sync();
  }

  async refused(error) {
    const { vault } = this;
    if (!vault.key) return; // locked meanwhile
    if (error.status === 410) {
      await this.app.wiped();
      return;
    }
    if (error instanceof PhoneFull) {
      this.app.say("error", t("phone.full"));
      return;
    }
    const me = vault.one("me");
    if (error.status === 401) await vault.write({ put: [{ ...me, signIn: me.signIn || "stale" }] });
    else if (error.status === 403) await vault.write({ put: [{ ...me, suspended: error.detail || error.title }] });
    else if (!(error instanceof Away) && !error.status) throw error;
    await log(vault, error.status ? "sync_refused" : "away_sync", error.status ? { status: error.status, title: error.title || error.code } : {});
  }

  /** How much room there is; asked: a request for lasting storage to wait for. */
  async measure(asked) {
    await asked;
    this.room = await room();
    this.app.refresh();
  }
}
