/* One finished record: what the server has of it, what it said, and the way on. */
import { badge, button, confirm, h, notice } from "./field_dom.js";
import { Away } from "./field_net.js";
import { receiptOf } from "./field_outbox.js";
import { DRAFT, edit, filesOf, recordOf, reopen, SENT, UNSENT } from "./field_records.js";
import { alone } from "./field_tabs.js";
import { LOOKS } from "./field_view_start.js";
import { bytes, moment, named, t } from "./field_words.js";

export function record(app, id) {
  const draw = () => {
    const found = app.vault.records.get(id);
    return found ? content(app, found) : [h("p", {}, t("record.gone"))];
  };
  if (!app.vault.records.has(id)) return null;
  return { title: t("record.title"), content: h("div", {}, draw()), draw };
}

/** A record that another phone sent: what the server tells of it. */
export function elsewhere(app, root) {
  const find = () => app.vault.one("desk")?.submissions.find((each) => each.root === root);
  if (!find()) return null;
  const draw = () => [h("h1", { tabindex: -1 }, t("sent.elsewhere")), ...status(app, find()), ...why(find()), again(app, find())];
  return { title: t("record.title"), content: h("div", {}, draw()), draw };
}

function content(app, found) {
  const { site, city } = found.about;
  const told = app.vault.one("desk")?.submissions.find((each) => each.root === found.root);
  const current = recordOf(app.vault, found.visit)?.id === found.id;
  return [
    h("h1", { tabindex: -1 }, named(site)),
    h("p", { class: "muted" }, named(city)),
    ...status(app, found),
    ...why(found),
    found.stage === UNSENT ? sending(app, found) : null,
    files(app, found),
    h("div", { class: "foot" }, found.stage === SENT ? check(app, found) : null, current ? again(app, told ?? early(found)) : null, found.stage === UNSENT && !found.attempted ? back(app, found) : null),
  ];
}

/** A record of which the server has the beginning, before it was listed: an edit may follow it. */
const early = (found) => (found.posted ? { ...found, instance: found.instance, editable: true, reasons: {}, reason: "" } : null);

/** Nothing of it was sent yet: it can be filled in further. */
function back(app, found) {
  const open = () =>
    alone("field-send", async () => {
      await app.vault.again([found.id]);
      const held = app.vault.records.get(found.id);
      if (held?.stage === UNSENT && !held.attempted) await reopen(app.vault, held);
    }).then(() => app.go(app.vault.records.get(found.id)?.stage === DRAFT ? "fill" : "record", found.id, { replace: true }));
  return button(t("record.reopen"), open, { name: "reopen" });
}

function status(app, found) {
  const state = found.stage === UNSENT ? "unsent" : found.state;
  const mark = state === "unsent" ? badge("pending", "pending", t("unsent.waits")) : badge(...(LOOKS[state] ?? ["closed", "none"]), t(`state.${state}`));
  return [
    h("p", {}, mark),
    found.receipt ? h("div", { class: "receipt" }, h("span", { class: "muted" }, t("record.receipt")), h("code", { class: "receipt-code" }, found.receipt), found.stage === UNSENT ? h("p", { class: "small" }, t("record.receipt_early")) : null) : null,
    found.checkedAt ? h("p", { class: "muted small" }, t("record.checked", { at: moment(found.checkedAt) })) : null,
  ];
}

function why(found) {
  const reasons = Object.values(found.reasons ?? {});
  if (!["returned", "rejected"].includes(found.state) || (!found.reason && !reasons.length)) return [];
  return [notice("warning", t(`record.why.${found.state}`), found.reason ? h("p", {}, found.reason) : null, reasons.length ? h("ul", {}, reasons.map((text) => h("li", {}, text))) : null)];
}

/** What stands between this record and the server, and what to do about it. */
function sending(app, found) {
  const { refused } = found;
  const busy = app.outbox.now !== null;
  const retry = button(t(busy ? "unsent.sending" : "unsent.again"), () => app.send({ everything: true }), { kind: "button-primary", name: "retry", disabled: busy || !navigator.onLine });
  return [
    refused && notice("error", refused.title || t("unsent.status", { status: refused.status }), refused.detail ? h("p", {}, refused.detail) : null, h("p", {}, t("record.refused"))),
    !navigator.onLine && notice("info", t("unsent.offline")),
    h("div", { class: "row" }, retry),
  ].filter(Boolean);
}

function files(app, found) {
  const held = filesOf(app.vault, found);
  if (!held.length) return h("p", { class: "muted" }, t("record.no_files"));
  const line = (file) => {
    const done = file.received ? file.size : (app.outbox.progress.get(file.id) ?? 0);
    const mark = file.received ? badge("verified", "verified", t("file.received")) : badge("pending", "pending", t("file.sent", { done: bytes(done), size: bytes(file.size) }));
    return h("li", { class: "file-line" }, h("span", { class: "file-name" }, file.name), mark, file.received ? null : h("progress", { max: file.size, value: done, "aria-label": file.name }), h("code", { class: "hash" }, file.sha256?.slice(0, 16)));
  };
  return h("section", { class: "block" }, h("h2", {}, t("record.files")), h("ul", { class: "files" }, held.map(line)));
}

function check(app, found) {
  const ask = async (event) => {
    event.target.disabled = true;
    try {
      const receipt = await receiptOf(app.vault, found);
      app.say("done", t(receipt.complete ? "record.confirmed" : "record.incomplete", { receipt: receipt.receipt, files: receipt.files.length }));
    } catch (error) {
      app.say("error", error instanceof Away ? t("unsent.offline") : error.detail || error.title || t("unsent.status", { status: error.status }));
    }
  };
  return button(t("record.check"), ask, { name: "check" });
}

/** Take it up again while the office lets it be changed; else why not, and who can open it. */
function again(app, told) {
  if (!told) return null;
  if (!told.editable) return h("p", { class: "muted" }, t(`record.locked.${told.state}`));
  const visit = visitOf(app, told);
  if (!visit) return null;
  const open = async () => {
    const mild = told.state !== "returned";
    if (mild && !(await confirm({ title: t("edit.title"), body: [h("p", {}, t("edit.text"))], verb: t("edit.verb"), danger: false }))) return;
    try {
      const next = await edit(app.vault, visit, told);
      await app.go("fill", next.id);
    } catch (error) {
      app.say("error", error instanceof Away ? t("edit.offline") : error.detail || error.message);
    }
  };
  return button(t(told.state === "returned" ? "edit.returned" : "edit.button"), open, { kind: told.state === "returned" ? "button-primary" : "", name: "edit" });
}

/** The visit of a record, from the list or from what the record itself remembers. */
function visitOf(app, told) {
  const listed = app.vault.one("desk")?.visits.find((each) => each.code === told.visit);
  if (listed) return listed;
  const own = app.vault.all("record").find((each) => each.visit === told.visit);
  return own ? { code: own.visit, site: own.about.site, city: own.about.city, closes_at: own.about.closes_at, story: own.about.story } : null;
}
