/* The first page: what is unsent, what was begun, where to go, what was sent. */
import { badge, button, h, notice } from "./field_dom.js";
import { filesOf, DRAFT, SENT, recordOf } from "./field_records.js";
import { waiting } from "./field_outbox.js";
import { notices } from "./field_notices.js";
import { language } from "./field_view_gate.js";
import { bytes, day, distance, lasting, moment, named, t } from "./field_words.js";
import { metres } from "./field_position.js";

export const LOOKS = {
  incomplete: ["pending", "pending"],
  received: ["submitted", "submitted"],
  returned: ["returned", "returned"],
  approved: ["submitted", "submitted"],
  accepted: ["verified", "verified"],
  rejected: ["conflict", "conflict"],
  withdrawn: ["closed", "none"],
};

export function start(app) {
  const { vault } = app;
  const draw = () => [
    h("h1", { tabindex: -1, class: "visually-hidden" }, t("start.title")),
    ...notices(app),
    unsent(app),
    drafts(app),
    visits(app),
    sent(app),
    h("div", { class: "row spread" }, button(t("start.phone"), () => app.go("phone"), { name: "to-phone" }), language(app)),
  ];
  return { title: vault.one("me").person.name, content: h("div", {}, draw()), draw };
}

function section(title, count, ...content) {
  return h("section", { class: "block" }, h("h2", {}, title, count === null ? null : h("span", { class: "quiet" }, ` ${count}`)), content);
}

/** Exactly which records and how much of which files the server does not have. */
function unsent(app) {
  const records = waiting(app.vault);
  if (!records.length) return section(t("unsent.title"), null, h("p", { class: "all-sent" }, badge("verified", "verified", t("unsent.none"))));
  const busy = app.outbox.now !== null;
  const send = button(t(busy ? "unsent.sending" : "unsent.send"), () => app.send({ everything: true }), { kind: "button-primary", name: "send", disabled: busy || !navigator.onLine });
  return section(
    t("unsent.title"),
    records.length,
    h("ul", { class: "cards" }, records.map((record) => unsentCard(app, record))),
    h("div", { class: "row" }, send, navigator.onLine ? null : h("span", { class: "muted" }, t("unsent.offline"))),
  );
}

function unsentCard(app, record) {
  const files = filesOf(app.vault, record);
  const left = files.filter((each) => !each.received);
  const done = files.reduce((sum, each) => sum + (each.received ? each.size : (app.outbox.progress.get(each.id) ?? 0)), 0);
  const whole = files.reduce((sum, each) => sum + each.size, 0);
  const status = record.refused ? badge("conflict", "conflict", t("unsent.refused")) : app.outbox.now === record.id ? badge("pending", "pending", t("unsent.now")) : badge("pending", "pending", t(record.posted ? "unsent.files" : "unsent.waits"));
  return card(
    app,
    record,
    h("span", { class: "card-line" }, status, h("span", {}, t("unsent.finished", { at: moment(record.endedAt) }))),
    files.length ? h("span", { class: "card-line" }, t("unsent.left", { left: left.length, files: files.length, done: bytes(done), whole: bytes(whole) })) : null,
    files.length ? h("progress", { max: whole, value: done, "aria-label": t("unsent.progress") }) : null,
    record.refused ? h("span", { class: "card-reason" }, record.refused.detail || record.refused.title || t("unsent.status", { status: record.refused.status })) : null,
  );
}

function drafts(app) {
  const records = app.vault.all("record").filter((each) => each.stage === DRAFT).sort((one, other) => (one.updatedAt < other.updatedAt ? 1 : -1));
  if (!records.length) return null;
  return section(
    t("drafts.title"),
    records.length,
    h("ul", { class: "cards" }, records.map((record) => card(app, record, h("span", { class: "card-line" }, badge("pending", "pending", t(record.follows ? "drafts.edit" : "drafts.draft")), h("span", {}, t("drafts.saved", { at: moment(record.updatedAt) })))))),
  );
}

/** A record as a card that opens it. */
function card(app, record, ...lines) {
  const { site, city } = record.about;
  const open = () => app.go(record.stage === DRAFT ? "fill" : "record", record.id);
  return h("li", { class: "card-item" }, h("button", { type: "button", class: "card-go", id: `r-${record.id}`, onclick: open }, h("strong", {}, named(site)), h("span", { class: "muted" }, named(city)), lines));
}

function visits(app) {
  const desk = app.vault.one("desk");
  if (!desk) return section(t("visits.title"), null, h("p", { class: "muted" }, t("visits.never")));
  const now = app.serverNow();
  const list = desk.visits.filter((each) => recordOf(app.vault, each.code) === undefined && !sentElsewhere(desk, each)).sort((one, other) => order(one, now) - order(other, now));
  const content = list.length ? h("ul", { class: "cards" }, list.map((each) => visitCard(app, each, now))) : h("p", { class: "muted" }, t("visits.none"));
  return section(t("visits.title"), list.length, content, app.here || !list.some((each) => each.site.lat !== null) ? null : button(t("visits.where"), () => app.locate(), { kind: "button-quiet", name: "where" }));
}

const sentElsewhere = (desk, visit) => desk.submissions.some((each) => each.visit === visit.code);

/** Open ones by their end, then coming ones by their beginning, closed ones last. */
function order(visit, now) {
  const [opens, closes] = [Date.parse(visit.opens_at), Date.parse(visit.closes_at)];
  if (now > closes) return 2e15 + closes;
  return now < opens ? 1e15 + opens : closes;
}

/** Where a visit's window stands, in words: [look, shape, text]. */
export function standing(visit, now) {
  const [opens, closes] = [Date.parse(visit.opens_at), Date.parse(visit.closes_at)];
  if (now > closes) return ["conflict", "conflict", t("window.closed", { at: day(closes) })];
  if (now < opens) return ["closed", "empty", t("window.opens", { at: day(opens) })];
  const left = (closes - now) / 1000;
  return left < 2 * 86400 ? ["pending", "pending", t("window.soon", { left: lasting(left) })] : ["active", "pending", t("window.open", { at: day(closes) })];
}

function visitCard(app, visit, now) {
  const [look, form, text] = standing(visit, now);
  const far = app.here && visit.site.lat !== null ? distance(metres(app.here, visit.site)) : "";
  return h(
    "li",
    { class: "card-item" },
    h(
      "button",
      { type: "button", class: "card-go", id: `v-${visit.code}`, onclick: () => app.go("visit", visit.code) },
      h("strong", {}, named(visit.site)),
      h("span", { class: "muted" }, [named(visit.city), visit.site.address, far].filter(Boolean).join(" · ")),
      h("span", { class: "card-line" }, badge(look, form, text)),
    ),
  );
}

/** What the server has: this phone's own records, and those sent by other phones. */
function sent(app) {
  const desk = app.vault.one("desk");
  const records = app.vault.all("record").filter((each) => each.stage === SENT);
  const newest = new Map();
  for (const each of records) if (!(newest.get(each.root)?.endedAt > each.endedAt)) newest.set(each.root, each);
  const busy = new Set(app.vault.all("record").filter((each) => each.stage !== SENT).map((each) => each.root));
  const own = [...newest.values()].filter((each) => !busy.has(each.root)).sort((one, other) => (one.endedAt < other.endedAt ? 1 : -1));
  const others = (desk?.submissions ?? []).filter((each) => !newest.has(each.root) && !busy.has(each.root));
  if (!own.length && !others.length) return null;
  const mark = (state) => badge(...(LOOKS[state] ?? ["closed", "none"]), t(`state.${state}`));
  return section(
    t("sent.title"),
    own.length + others.length,
    h(
      "ul",
      { class: "cards" },
      own.map((each) => card(app, each, h("span", { class: "card-line" }, mark(each.state), h("code", {}, each.receipt)))),
      others.map((each) => otherCard(app, each, mark)),
    ),
  );
}

function otherCard(app, told, mark) {
  return h("li", { class: "card-item" }, h("button", { type: "button", class: "card-go", id: `s-${told.code}`, onclick: () => app.go("elsewhere", told.root) }, h("strong", {}, t("sent.elsewhere")), h("span", { class: "muted" }, t("sent.at", { at: moment(told.received_at) })), h("span", { class: "card-line" }, mark(told.state), h("code", {}, told.receipt))));
}
