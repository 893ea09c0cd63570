/* The life of a record on the phone: begun for a visit, saved at every answer, finished, sent, and
 * taken up again while the office lets it be changed. */
import { askJson } from "./field_net.js";
import { randomId, sha256 } from "./field_crypto.js";
import { ledger, note } from "./field_ledger.js";
import { identity } from "./field_xml.js";

export const DRAFT = "draft";
export const UNSENT = "unsent";
export const SENT = "sent";

/** The record of a visit that counts now: the newest that was begun. */
export const recordOf = (vault, visit) =>
  vault
    .all("record")
    .filter((each) => each.visit === visit)
    .sort((one, other) => (one.startedAt < other.startedAt ? 1 : -1))[0];

export const filesOf = (vault, record) =>
  vault.all("file").filter((each) => each.chain === record.chain && (record.files ?? []).includes(each.name));

/** A form out of the box: {form, model, document, title, code, number}; null where it is not there. */
export async function formOf(vault, hash) {
  const kept = vault.all("form").find((each) => each.sha256 === hash);
  const bytes = kept && (await vault.file(kept.file));
  return bytes ? JSON.parse(new TextDecoder().decode(bytes)) : null;
}

/** A picture or sound of a form itself, as an address within the page; null where there is none. */
export async function mediaOf(vault, hash, name) {
  const kept = vault.all("form").find((each) => each.sha256 === hash);
  const bytes = kept?.media?.[name] && (await vault.file(kept.media[name]));
  return bytes ? URL.createObjectURL(new Blob([bytes])) : null;
}

/** Begin the record of a visit; it stays with the form's version of this moment. */
export async function begin(vault, visit) {
  const record = fresh(visit, visit.form, { chain: randomId(), root: "", follows: "" });
  await vault.write({ put: [record] });
  return record;
}

/* `chain` joins the editions of a record on this phone, `root` is the first one's id as sent. */
function fresh(visit, form, { chain, root, follows }) {
  const now = new Date().toISOString();
  const record = {
    kind: "record",
    stage: DRAFT,
    visit: visit.code,
    about: { site: visit.site, city: visit.city, closes_at: visit.closes_at, story: visit.story },
    form,
    chain,
    instance: "",
    root,
    follows,
    xml: "",
    startedAt: now,
    updatedAt: now,
    endedAt: null,
    timers: {},
    events: [],
    positions: [],
    files: null,
    checksum: "",
    receipt: "",
    state: "",
    attempted: false,
    posted: false,
    refused: null,
    tries: 0,
    nextAt: 0,
  };
  note(record, "opened");
  return record;
}

/** Freeze what was filled in: from here on its bytes never change. */
export async function finish(vault, record, xml, names) {
  const { instance } = identity(xml);
  const endedAt = new Date().toISOString();
  const done = { ...record, stage: UNSENT, xml, instance, root: record.root || instance, endedAt, files: names };
  note(done, "finished");
  done.checksum = await sha256(xml);
  const used = needed(vault, record, names);
  await vault.write({ put: [done], ...without(vault, record, used) });
  return done;
}

/** Names of the files that other editions of a record, and *names*, still need. */
function needed(vault, record, names) {
  const others = vault.all("record").filter((each) => each.chain === record.chain && each.id !== record.id);
  return new Set([...names, ...others.flatMap((each) => each.files ?? [])]);
}

function without(vault, record, used) {
  const gone = vault.all("file").filter((each) => each.chain === record.chain && !used.has(each.name));
  return { drop: gone.map((each) => each.id), dropFiles: gone.map((each) => each.file).filter(Boolean) };
}

/** Back to a draft, as long as nothing of it ever left the phone. */
export async function reopen(vault, record) {
  const draft = { ...record, stage: DRAFT, endedAt: null, files: null, checksum: "", tries: 0, nextAt: 0 };
  note(draft, "reopened");
  await vault.write({ put: [draft] });
  return draft;
}

/** What the ledger says of a finished record. */
export const ledgerOf = (vault, record, app) => ledger(record, filesOf(vault, record), app);

/** Take up again what was sent: a new edition that follows it, with the same answers.
 *
 * told: how the server lists it. What this phone no longer has of it is fetched.
 */
export async function edit(vault, visit, told) {
  const own = vault.all("record").find((each) => each.instance === told.instance);
  const record = fresh(visit, told.form || own?.form, { chain: own?.chain ?? randomId(), root: told.root, follows: told.instance });
  record.reasons = told.reasons;
  record.reason = told.reason;
  record.timers = structuredClone(own?.timers ?? {});
  record.xml = own?.xml ?? "";
  const put = [record];
  if (!record.xml) {
    const held = await askJson(`/field/records/${encodeURIComponent(told.instance)}`, { key: vault.one("me").key });
    record.xml = held.xml;
    const known = new Set(vault.all("file").filter((each) => each.chain === record.chain).map((each) => each.name));
    const lacking = held.files.filter((each) => !known.has(each.name));
    put.push(...lacking.map((each) => ({ kind: "file", chain: record.chain, file: null, received: true, ...each })));
  }
  await vault.write({ put });
  return record;
}

/** Throw a draft away, with the files that nothing else needs. */
export async function discard(vault, record) {
  const { drop, dropFiles } = without(vault, record, needed(vault, record, []));
  await vault.write({ drop: [record.id, ...drop], dropFiles });
}

/** Saves a draft whenever it changed, one write at a time, always the newest state. */
export class Keeper {
  /** read() gives {xml, timers} now; told({state, at}) hears saving, saved or failed. */
  constructor(vault, record, read, told) {
    Object.assign(this, { vault, record, read, told, dirty: false, busy: null, stopped: false });
  }

  change(what, path) {
    if (this.stopped) return this.busy;
    if (what) note(this.record, what, path);
    this.dirty = true;
    this.busy ??= this.run();
    return this.busy;
  }

  async run() {
    try {
      while (this.dirty && !this.stopped) {
        this.dirty = false;
        this.told({ state: "saving" });
        Object.assign(this.record, this.read(), { updatedAt: new Date().toISOString() });
        await this.vault.write({ put: [this.record] });
        this.told({ state: "saved", at: Date.now() });
      }
    } catch (error) {
      this.dirty = true;
      this.told({ state: "failed", error });
    } finally {
      this.busy = null;
    }
  }

  /** Everything is on the disk, or told() has said why not; nothing is saved afterwards. */
  async stop() {
    await this.change();
    this.stopped = true;
  }
}
