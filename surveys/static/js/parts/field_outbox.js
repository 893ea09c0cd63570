/* Sends what is finished: the record first, then each file in pieces from where the server has it,
 * then the receipt; only a receipt that lists every hash lets the phone drop a file. */
import { Away, ask, askJson } from "./field_net.js";
import { log } from "./field_log.js";
import { filesOf, ledgerOf, SENT, UNSENT } from "./field_records.js";
import { alone } from "./field_tabs.js";
import { PhoneFull } from "./field_vault.js";
import { config } from "./field_words.js";

const PAUSES_S = [5, 15, 60, 300, 900];
const STARTS_OVER = ["offset-conflict", "hash-mismatch"]; // the next try asks where to go on
const TRIES = 4;
const ROUNDS = 2; // a file that the receipt does not confirm is sent again from the start, once

/** The order to send in: as they were finished, and no edition before the one it follows. */
export const waiting = (vault) =>
  vault
    .all("record")
    .filter((each) => each.stage === UNSENT)
    .sort((one, other) => (one.endedAt < other.endedAt ? -1 : 1));

/** When the next try is due, in ms; null where nothing waits for a time. */
export function due(vault, now = Date.now()) {
  const times = waiting(vault).filter((each) => !each.refused).map((each) => each.nextAt);
  return times.length ? Math.max(0, Math.min(...times) - now) : null;
}

export class Outbox extends EventTarget {
  constructor(vault) {
    super();
    this.vault = vault;
    this.progress = new Map(); // file id → bytes that the server has
    this.now = null; // id of the record being sent
  }

  /** Send what is due; hurry: what waits for its time too; everything: what was refused as well.
   * Throws only a 401, 403 or 410. */
  send({ everything = false, hurry = everything } = {}) {
    return alone("field-send", async () => {
      for (const { id } of waiting(this.vault)) {
        await this.vault.again([id]); // another tab may have sent it
        const record = this.vault.records.get(id);
        if (record?.stage !== UNSENT) continue;
        if ((record.refused && !everything) || (record.nextAt > Date.now() && !hurry)) continue;
        if (!(await this.attempt(record))) break;
      }
    });
  }

  /** One record; false when there is no sense in trying the next. */
  async attempt(record) {
    this.now = record.id;
    this.dispatchEvent(new Event("change"));
    try {
      await this.deliver(record);
      return true;
    } catch (error) {
      await this.failed(this.vault.records.get(record.id), error);
      if ([401, 403, 410].includes(error.status)) throw error;
      return !(error instanceof Away || error.passing);
    } finally {
      this.now = null;
      this.dispatchEvent(new Event("change"));
    }
  }

  async deliver(record) {
    const { vault } = this;
    const key = vault.one("me").key;
    let held = record;
    if (!held.posted) {
      held = { ...held, attempted: true }; // from here on the server may have it
      await vault.write({ put: [held] });
      await this.post(held, key);
      held = { ...held, posted: true, refused: null };
      await vault.write({ put: [held] });
      await log(vault, "posted", { site: held.about.site });
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const file of filesOf(vault, held)) if (!file.received && file.file) await this.sendFile(held, file, key);
      const receipt = await askJson(`/openrosa/receipts/${encodeURIComponent(held.instance)}`, { key });
      if (await this.settle(held, receipt)) return;
    }
    throw new Away("the receipt lacks files");
  }

  async post(record, key) {
    const form = new FormData();
    const said = { ...ledgerOf(this.vault, record, config.version), sent_at: new Date().toISOString() };
    form.append("xml_submission_file", new Blob([record.xml], { type: "text/xml" }), "submission.xml");
    form.append("ledger", new Blob([JSON.stringify(said)], { type: "application/json" }), "ledger.json");
    const response = await ask("/openrosa/submission", { key, body: form, headers: { "X-OpenRosa-Version": "1.0" } });
    if (![201, 202].includes(response.status)) throw new Away(`answered ${response.status}`);
  }

  /** Pieces from the server's offset on; what arrived before a cut is not sent again. */
  async sendFile(record, file, key) {
    const path = `/openrosa/files/${encodeURIComponent(record.instance)}/${encodeURIComponent(file.name)}`;
    const bytes = await this.vault.file(file.file);
    if (!bytes) return; // dropped after a receipt that could not be written down: the next one says
    let offset = at(await ask(path, { key, method: "HEAD" }), file);
    this.tell(file, offset);
    while (offset < file.size) {
      const response = await ask(path, {
        key,
        method: "PATCH",
        body: bytes.slice(offset, offset + config.piece),
        patience: 120_000,
        headers: {
          "Content-Type": "application/offset+octet-stream",
          "Upload-Offset": String(offset),
          "Upload-Length": String(file.size),
          "Upload-Sha256": file.sha256,
        },
      });
      const next = at(response, file);
      if (next <= offset) throw new Away("no progress");
      offset = next;
      this.tell(file, offset);
    }
  }

  tell(file, offset) {
    this.progress.set(file.id, offset);
    this.dispatchEvent(new Event("change"));
  }

  /** Write down what the receipt says; true when it lists every file with the phone's own hash. */
  async settle(record, receipt) {
    const { vault } = this;
    const arrived = new Map(receipt.files.filter((each) => each.received).map((each) => [each.name, each.sha256]));
    const files = filesOf(vault, record);
    const safe = files.filter((each) => arrived.get(each.name) === each.sha256);
    const complete = receipt.complete && safe.length === files.length;
    const put = safe.map((each) => ({ ...each, received: true, file: null }));
    const told = { ...vault.records.get(record.id), receipt: receipt.receipt, state: receipt.state };
    if (complete) Object.assign(told, { stage: SENT, editable: true, refused: null, tries: 0, nextAt: 0, receivedAt: receipt.received_at });
    const dropFiles = safe.map((each) => each.file).filter(Boolean);
    try {
      await vault.write({ put: [told, ...put], dropFiles });
    } catch (error) {
      if (!(error instanceof PhoneFull) || !dropFiles.length) throw error;
      await vault.write({ dropFiles }); // a full phone: room first, then the words
      await vault.write({ put: [told, ...put] });
    }
    if (complete) await log(vault, "received", { site: record.about.site, receipt: receipt.receipt });
    return complete;
  }

  async failed(record, error) {
    const { vault } = this;
    const { site } = record.about;
    const mends = STARTS_OVER.includes(error.code) && record.tries < TRIES;
    if (error.status && !error.passing && !mends) {
      const { status, code, title, detail } = error;
      const mine = ![401, 403, 410].includes(status); // those are about the phone, not the record
      if (mine) await vault.write({ put: [{ ...record, refused: { status, code, title, detail, at: new Date().toISOString() } }] });
      await log(vault, "refused", { site, status, title: title || code });
      return;
    }
    const pause = Math.max(error.seconds ?? 0, PAUSES_S[Math.min(record.tries, PAUSES_S.length - 1)]);
    await vault.write({ put: [{ ...record, tries: record.tries + 1, nextAt: Date.now() + pause * 1000 }] });
    await log(vault, error.status ? "busy" : "away", { site });
  }
}

function at(response, file) {
  const offset = Number.parseInt(response.headers.get("Upload-Offset") ?? "", 10);
  if (Number.isNaN(offset) || offset > file.size) throw new Away("not ours");
  return offset;
}

/** Ask again how a sent record stands. */
export async function receiptOf(vault, record) {
  const key = vault.one("me").key;
  const receipt = await askJson(`/openrosa/receipts/${encodeURIComponent(record.instance)}`, { key });
  await vault.write({ put: [{ ...vault.records.get(record.id), receipt: receipt.receipt, state: receipt.state, checkedAt: new Date().toISOString() }] });
  return receipt;
}
