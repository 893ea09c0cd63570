/* This phone: how much room it has, what it does by itself, what happened, and the way out. */
import { badge, button, confirm, h } from "./field_dom.js";
import { waiting } from "./field_outbox.js";
import { install, installable, installed, persist } from "./field_phone.js";
import { DRAFT, filesOf } from "./field_records.js";
import { language } from "./field_view_gate.js";
import { bytes, config, moment, named, t } from "./field_words.js";

export function phone(app) {
  const draw = () => [h("h1", { tabindex: -1 }, t("phone.title")), storage(app), connection(app), language(app), journal(app), leave(app), h("p", { class: "muted fine" }, t("phone.version", { version: config.version }))];
  return { title: t("phone.title"), content: h("div", {}, draw()), draw };
}

function storage(app) {
  const { used, quota, persisted } = app.room ?? {};
  const safe = persisted || installed();
  return h(
    "section",
    { class: "block" },
    h("h2", {}, t("phone.storage")),
    quota ? [h("progress", { max: quota, value: used, "aria-label": t("phone.used") }), h("p", { class: "muted" }, t("phone.room", { used: bytes(used), quota: bytes(quota) }))] : h("p", { class: "muted" }, t("phone.room_unknown")),
    h("p", {}, badge(safe ? "verified" : "pending", safe ? "verified" : "pending", t(persisted ? "phone.kept" : safe ? "phone.installed" : "phone.clearable"))),
    h("div", { class: "row" }, persisted ? null : button(t("notice.clearable.go"), async () => app.persisted(await persist()), { name: "persist" }), installable() ? button(t("notice.install.go"), () => install(), { name: "install" }) : null),
    app.persistRefused ? h("p", { class: "muted" }, t("phone.persist_refused")) : null,
  );
}

function connection(app) {
  const me = app.vault.one("me");
  return h(
    "section",
    { class: "block" },
    h("h2", {}, t("phone.sync")),
    h("p", {}, me.syncedAt ? t("phone.synced", { at: moment(me.syncedAt) }) : t("phone.never")),
    h("p", { class: "muted" }, t("phone.device", { code: me.device })),
    h("div", { class: "row" }, button(t("phone.sync_now"), () => app.syncNow(), { name: "sync", disabled: !navigator.onLine })),
  );
}

/** Every exchange with the server, newest first. */
function journal(app) {
  const lines = [...(app.vault.one("log")?.lines ?? [])].reverse();
  return h(
    "details",
    { class: "more", id: "journal" },
    h("summary", {}, t("phone.log", { count: lines.length })),
    lines.length ? h("ol", { class: "journal" }, lines.map((each) => h("li", {}, h("time", { datetime: each.at }, moment(each.at)), " ", t(`log.${each.what}`, { ...each.facts, site: named(each.facts.site) }), each.times ? ` ×${each.times}` : ""))) : h("p", { class: "muted" }, t("phone.log_empty")),
  );
}

/** Signing out wipes this phone: first it shows what would be lost. */
function leave(app) {
  const ask = async () => {
    const { vault } = app;
    const unsent = waiting(vault);
    const drafts = vault.all("record").filter((each) => each.stage === DRAFT);
    const lost = [...unsent, ...drafts];
    const list = h("ul", {}, lost.map((each) => h("li", {}, named(each.about.site), " · ", t(each.stage === DRAFT ? "drafts.draft" : "unsent.waits"), each.files ? ` · ${t("leave.files", { files: filesOf(vault, each).filter((file) => !file.received).length })}` : "")));
    const sure = await confirm({
      title: t("leave.title"),
      body: lost.length ? [h("p", {}, t("leave.lost", { count: lost.length })), list] : [h("p", {}, t("leave.nothing"))],
      verb: t("leave.verb"),
      check: lost.length ? t("leave.check") : "",
    });
    if (sure) app.signOut();
  };
  return h("section", { class: "block" }, h("h2", {}, t("leave.heading")), h("p", { class: "muted" }, t("leave.text")), button(t("leave.button"), ask, { kind: "button-danger", name: "leave" }));
}
