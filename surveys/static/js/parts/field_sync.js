/* Telling the server how the phone is, and fetching what its person has to do. */
import { ask, askJson } from "./field_net.js";
import { log } from "./field_log.js";
import { installed, room } from "./field_phone.js";
import { filesOf, SENT, UNSENT } from "./field_records.js";
import { randomId } from "./field_crypto.js";
import { phoneName } from "./field_unlock.js";
import { config } from "./field_words.js";

const RECEIPTS_KEPT = 30;

/** How the phone is: what is unsent, how much room there is, how far its clock is ahead. */
export async function report(vault) {
  const unsent = vault.all("record").filter((each) => each.stage === UNSENT);
  const waiting = unsent.flatMap((each) => filesOf(vault, each)).filter((each) => !each.received);
  const { used, quota, persisted } = await room();
  return {
    app: config.version,
    phone: phoneName(),
    unsent: unsent.length,
    unsent_files: waiting.length,
    unsent_bytes: waiting.reduce((sum, each) => sum + each.size, 0),
    drafts: vault.all("record").filter((each) => each.stage === "draft").length,
    oldest: unsent.map((each) => each.endedAt).sort()[0] ?? null,
    storage_used: used,
    storage_quota: quota,
    persisted,
    installed: installed(),
    skew_seconds: vault.one("me").skew / 1000, // null at the first sync: nobody knows yet
  };
}

/** One exchange with the server. Throws Away or Refused. */
export async function sync(vault) {
  const me = vault.one("me");
  const asked = Date.now();
  const answer = await askJson("/field/sync", { key: me.key, json: await report(vault) });
  const skew = Math.round((asked + Date.now()) / 2 - Date.parse(answer.now));
  await vault.write({
    put: [
      { ...vault.one("me"), skew, syncedAt: new Date().toISOString(), signIn: "", suspended: "" },
      { ...(vault.one("desk") ?? { kind: "desk" }), visits: answer.visits, submissions: answer.submissions },
      ...settled(vault, answer.submissions),
      ...admitted(vault, answer.submissions),
    ],
  });
  await fetchForms(vault, me.key, answer.forms);
  await prune(vault, answer);
  await log(vault, "synced", { visits: answer.visits.length });
}

/** What the server says of records that this phone sent. */
function settled(vault, submissions) {
  return submissions.flatMap((told) =>
    vault
      .all("record")
      .filter((each) => each.root === told.root && each.stage === SENT)
      .map((each) => ({ ...each, state: told.state, editable: told.editable, reason: told.reason, reasons: told.reasons }))
      .filter((each) => {
        const before = vault.records.get(each.id);
        return JSON.stringify(before) !== JSON.stringify(each);
      }),
  );
}

/** What was refused and is there after all, since a supervisor let it in: it is sent on by itself. */
function admitted(vault, submissions) {
  const there = new Set(submissions.flatMap((told) => told.editions.map((each) => each.instance)));
  return vault
    .all("record")
    .filter((each) => each.stage === UNSENT && each.refused && there.has(each.instance))
    .map((each) => ({ ...each, refused: null, nextAt: 0 }));
}

/** Forms that the phone lacks; each is fetched once, since a form never changes. */
async function fetchForms(vault, key, forms) {
  for (const wanted of forms) {
    if (vault.all("form").some((each) => each.sha256 === wanted.sha256)) continue;
    const content = await fetched(`/field/forms/${wanted.sha256}`, key);
    const files = [[randomId(), content]];
    const media = {};
    for (const name of JSON.parse(new TextDecoder().decode(content)).media) {
      const path = `/openrosa/forms/${wanted.code}/${wanted.number}/media/${encodeURIComponent(name)}`;
      media[name] = randomId();
      files.push([media[name], await fetched(path, key)]);
    }
    await vault.write({ put: [{ kind: "form", ...wanted, file: files[0][0], media }], files });
  }
}

const fetched = async (path, key) => (await ask(path, { key, patience: 120_000 })).arrayBuffer();

/** Forget what nobody needs here: settled records beyond the last ones, forms of nothing. */
async function prune(vault, answer) {
  const records = vault.all("record");
  const living = new Set(records.filter((each) => each.stage !== SENT || each.editable).map((each) => each.chain));
  const settledOnes = records
    .filter((each) => !living.has(each.chain))
    .sort((one, other) => (one.endedAt < other.endedAt ? 1 : -1));
  const old = settledOnes.slice(RECEIPTS_KEPT);
  const bare = settledOnes.slice(0, RECEIPTS_KEPT).filter((each) => each.xml);
  const kept = new Set(records.filter((each) => !old.includes(each)).map((each) => each.chain));
  const files = vault.all("file").filter((each) => each.received && !kept.has(each.chain)); // never one that is unsent
  const needed = new Set([...answer.forms.map((each) => each.sha256), ...records.filter((each) => living.has(each.chain)).map((each) => each.form)]);
  const forms = vault.all("form").filter((each) => !needed.has(each.sha256));
  const gone = [...old, ...files, ...forms];
  if (!gone.length && !bare.length) return;
  await vault.write({
    put: bare.map((each) => ({ ...each, xml: "", events: [], positions: [], timers: {} })),
    drop: gone.map((each) => each.id),
    dropFiles: gone.flatMap((each) => [each.file, ...Object.values(each.media ?? {})]).filter(Boolean),
  });
}
