/* One person's sealed box: small records, all read at unlocking, and large files, read when asked
 * for. Names of stores, keys and sizes tell nothing; every write is on the disk when it returns. */
import { deleteDB, openDB } from "idb";
import { randomId, seal, unseal } from "./field_crypto.js";
import { keepUnsent } from "./field_registry.js";
import { clear, rescue, rescued, settle } from "./field_rescue.js";

const SMALL = "a";
const LARGE = "b";
const name = (id) => `field-${id}`;

/** The phone has no room: what was being stored was not, and everything before it is. */
export class PhoneFull extends Error {}

export class Vault extends EventTarget {
  /** Open the box *id* with its data key and read its records. */
  static async open(id, key) {
    const vault = new Vault();
    vault.id = id;
    vault.key = key;
    vault.records = new Map();
    vault.line = Promise.resolve();
    vault.db = await openDB(name(id), 1, {
      upgrade: (db) => [SMALL, LARGE].forEach((each) => db.createObjectStore(each)),
      blocking: () => vault.hear({ closed: "gone" }),
    });
    const tx = vault.db.transaction(SMALL);
    const [keys, sealed] = await Promise.all([tx.store.getAllKeys(), tx.store.getAll()]);
    await Promise.all(keys.map((each, at) => vault.learn(each, sealed[at])));
    await vault.recall();
    vault.others = new BroadcastChannel(name(id));
    vault.others.onmessage = (event) => vault.hear(event.data);
    return vault;
  }

  async learn(id, sealed) {
    if (!sealed) this.records.delete(id);
    else this.records.set(id, await this.read(id, sealed));
  }

  async read(id, sealed) {
    return JSON.parse(new TextDecoder().decode(await unseal(this.key, id, sealed)));
  }

  /** What found no room in the box and is newer than what is in it. */
  async recall() {
    for (const [id, sealed] of rescued(this.id)) {
      const record = await this.read(id, sealed);
      if (record.turn > (this.records.get(id)?.turn ?? 0)) this.records.set(id, record);
    }
  }

  /** Another tab wrote: read what it wrote, or stop if it closed the box for good. */
  async hear({ ids, closed }) {
    if (closed) {
      this.close();
      this.dispatchEvent(new CustomEvent("closed", { detail: closed }));
      return;
    }
    if (!this.key) return;
    await this.again(ids);
    this.changed();
  }

  /** Read records afresh from the disk. */
  async again(ids) {
    for (const id of ids) await this.learn(id, await this.db.get(SMALL, id));
    await this.recall();
  }

  /** Every record of a kind. */
  all(kind) {
    return [...this.records.values()].filter((each) => each.kind === kind);
  }

  /** The one record of a kind, or undefined. */
  one(kind) {
    return this.all(kind)[0];
  }

  /** Store records and files, and drop others, all or nothing, one write after the other.
   *
   * put: records with kind and, once stored, id (given here otherwise) · files: [[id, bytes]] ·
   * drop: ids of records · dropFiles: ids of files. Throws PhoneFull when there is no room.
   */
  write(change) {
    const done = this.line.then(() => this.store(change));
    this.line = done.catch(() => {});
    return done;
  }

  async store({ put = [], files = [], drop = [], dropFiles = [] }) {
    for (const record of put) {
      record.id ??= randomId();
      record.turn = (this.records.get(record.id)?.turn ?? 0) + 1;
    }
    const text = put.map((record) => JSON.stringify(record));
    const small = await Promise.all(
      put.map((record, at) => seal(this.key, record.id, new TextEncoder().encode(text[at]))),
    );
    const large = await Promise.all(files.map(([id, bytes]) => seal(this.key, id, bytes)));
    const tx = this.db.transaction([SMALL, LARGE], "readwrite", { durability: "strict" });
    const [records, blobs] = [tx.objectStore(SMALL), tx.objectStore(LARGE)];
    try {
      const asked = [
        ...put.map((record, at) => records.put(small[at], record.id)),
        ...files.map(([id], at) => blobs.put(large[at], id)),
        ...drop.map((id) => records.delete(id)),
        ...dropFiles.map((id) => blobs.delete(id)),
      ];
      await Promise.all([...asked, tx.done]);
      settle(this.id, [...put.map((record) => record.id), ...drop]);
    } catch (error) {
      // one request may only say that all of it was given up, and the whole of it why
      const cause = await tx.done.then(() => error, (why) => why ?? error);
      if (![error, cause].some((each) => each?.name === "QuotaExceededError")) throw error;
      // answers alone may find a place all the same; they come back here with the next write
      const alone = !files.length && put.length === 1 && !drop.length;
      if (!alone || !rescue(this.id, put[0].id, small[0])) throw new PhoneFull();
    }
    put.forEach((record, at) => this.records.set(record.id, JSON.parse(text[at])));
    drop.forEach((id) => this.records.delete(id));
    this.others.postMessage({ ids: [...put.map((each) => each.id), ...drop] });
    this.changed();
  }

  /** The bytes of a large file, or null where there are none. */
  async file(id) {
    const sealed = await this.db.get(LARGE, id);
    return sealed ? unseal(this.key, id, sealed) : null;
  }

  changed() {
    const unsent = this.all("record").filter((each) => each.stage === "unsent").length;
    if (unsent !== this.unsent) {
      this.unsent = unsent;
      keepUnsent(this.id, unsent);
    }
    this.dispatchEvent(new Event("change"));
  }

  /** Close this tab's box; *why* closes it in every tab. */
  close(why) {
    if (why) this.others.postMessage({ closed: why });
    this.others.close();
    this.db.close();
    this.key = null;
    this.records.clear();
  }
}

/** Take a box off the phone, sealed or open. */
export async function destroy(id) {
  clear(id);
  await deleteDB(name(id));
}
