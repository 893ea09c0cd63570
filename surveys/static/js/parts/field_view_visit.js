/* The kit of a visit: who to be, what to bring, what to do in what order, what to prove. */
import { badge, button, h, notice } from "./field_dom.js";
import { begin, DRAFT, formOf, recordOf } from "./field_records.js";
import { standing } from "./field_view_start.js";
import { distance, moment, named, t } from "./field_words.js";
import { allowed, metres } from "./field_position.js";

export async function visit(app, code) {
  const { vault } = app;
  const found = vault.one("desk")?.visits.find((each) => each.code === code);
  if (!found) return null;
  const form = found.form ? await formOf(vault, found.form) : null;
  const asks = (await allowed()) === "prompt";
  const draw = () => content(app, found, form, asks);
  return { title: t("visit.title"), content: h("div", {}, draw()), draw };
}

function content(app, found, form, asks) {
  const { site } = found;
  const now = app.serverNow();
  const [look, shapeName, text] = standing(found, now);
  const early = now < Date.parse(found.opens_at);
  const begun = recordOf(app.vault, found.code);
  const open = async (event) => {
    event.target.disabled = true;
    const record = recordOf(app.vault, found.code) ?? (await begin(app.vault, found));
    return app.go(record.stage === DRAFT ? "fill" : "record", record.id);
  };
  const start = button(t(begun ? "visit.continue" : "visit.start"), open, { kind: "button-primary button-wide", name: "start", disabled: early || !form });
  const far = app.here && site.lat !== null ? distance(metres(app.here, site)) : "";
  return [
    h("h1", { tabindex: -1 }, named(site)),
    h("dl", { class: "facts" }, fact("visit.city", named(found.city)), fact("visit.address", site.address), fact("visit.far", far), fact("visit.window", `${moment(found.opens_at)} – ${moment(found.closes_at)}`), fact("visit.form", form && named(form.title)), fact("visit.code", h("code", {}, found.code))),
    h("p", {}, badge(look, shapeName, text)),
    early && notice("info", t("visit.early")),
    !form && notice("warning", t("visit.no_form")),
    form && kit(form.document, found.story),
    h("div", { class: "foot" }, asks && !early ? h("p", { class: "muted small" }, t("visit.position")) : null, start),
  ];
}

function fact(key, value) {
  return value ? [h("dt", {}, t(key)), h("dd", {}, value)] : null;
}

/** Who to be, the situation, what to bring, the steps, what to prove. */
export function kit(document, chosen) {
  const { scenario, preparation, stories, script } = document.kit;
  const story = stories.find((each) => each.code === chosen);
  const checks = document.questions.filter((each) => each.fails_when || each.evidence.length);
  return [
    part("kit.story", story && paragraphs(named(story.text))),
    part("kit.scenario", named(scenario) && paragraphs(named(scenario))),
    part("kit.preparation", named(preparation) && paragraphs(named(preparation))),
    part("kit.script", script.length > 0 && h("ol", { class: "script" }, script.map((step) => h("li", {}, named(step.text), step.minutes ? h("span", { class: "muted" }, ` ${t("kit.minutes", { minutes: step.minutes })}`) : null)))),
    part("kit.checks", checks.length > 0 && h("ul", {}, checks.map((each) => h("li", {}, plain(named(each.label)), each.evidence.length ? h("span", { class: "muted" }, ` ${t("kit.evidence", { what: each.evidence.map((name) => label(document, name)).join(t("list.and")) })}`) : null)))),
  ];
}

const part = (key, inner) => (inner ? h("section", { class: "block" }, h("h2", {}, t(key)), inner) : null);
const paragraphs = (text) => text.split(/\n+/).map((line) => h("p", { class: "prose" }, line));
const label = (document, name) => plain(named(document.questions.find((each) => each.name === name)?.label)) || name;

/** A label without the marks of a form's author (bold, links, ${references}). */
const plain = (text) => text.replace(/\$\{(\w+)\}/g, "…").replace(/[*_#]{1,3}/g, "").replace(/<[^>]+>/g, "");
