/* What the person should know before it bites: nothing is lost silently. */
import { button, h, notice } from "./field_dom.js";
import { waiting } from "./field_outbox.js";
import { apple, install, installable, installed, persist } from "./field_phone.js";
import { lasting, t } from "./field_words.js";

const SKEW_MS = 5 * 60_000;
const FULL = 0.8;
const DAY_MS = 86_400_000;

export function notices(app) {
  const { vault } = app;
  const me = vault.one("me");
  return [
    me.signIn && notice("error", t(`notice.sign_in.${me.signIn}`), button(t("notice.sign_in.go"), () => app.go("signIn"), { kind: "button-primary", name: "sign-in-again" })),
    me.suspended && notice("error", me.suspended),
    ...(me.others ?? []).map((each) => notice("warning", t("notice.others", { name: each.name, count: each.unsent, at: each.seen_at?.slice(0, 10) ?? "" }), button(t("notice.understood"), () => app.dropOthers(), { kind: "button-quiet", name: "others" }))),
    app.update && notice("info", t("notice.update"), button(t("notice.update.go"), () => app.takeUpdate(), { kind: "button-small", name: "update" })),
    Math.abs(me.skew ?? 0) > SKEW_MS && notice("warning", t(me.skew < 0 ? "notice.clock_slow" : "notice.clock_fast", { by: lasting(Math.abs(me.skew) / 1000) })),
    room(app),
    keep(app),
  ].filter(Boolean);
}

function room({ room: held }) {
  if (!held?.share || held.share < FULL) return null;
  return notice("warning", t("notice.full", { share: Math.round(held.share * 100) }));
}

/** Storage that the system may clear by itself, and what helps against it on this phone. */
function keep(app) {
  if (installed() || app.room?.persisted) return null;
  const unsent = waiting(app.vault).length + app.vault.all("record").filter((each) => each.stage === "draft").length;
  if (apple()) {
    const away = app.openedBefore ? Math.floor((Date.now() - app.openedBefore) / DAY_MS) : 0;
    return notice(
      unsent ? "error" : "warning",
      t("notice.apple"),
      away > 0 && h("p", {}, t("notice.apple.away", { days: away })),
      unsent > 0 && h("p", {}, h("strong", {}, t("notice.apple.unsent", { count: unsent }))),
      h("details", { id: "apple" }, h("summary", {}, t("notice.apple.what")), h("p", {}, t("notice.apple.how")), h("p", {}, t("notice.apple.separate"))),
    );
  }
  if (installable()) return notice("info", t("notice.install"), button(t("notice.install.go"), () => install(), { kind: "button-small", name: "install" }));
  if (app.persistRefused || app.room === null) return null;
  return unsent ? notice("warning", t("notice.clearable"), button(t("notice.clearable.go"), async () => app.persisted(await persist()), { kind: "button-small", name: "persist" })) : null;
}
