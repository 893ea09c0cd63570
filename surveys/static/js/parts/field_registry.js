/* What the phone knows before anybody unlocks it: sealed boxes without names, how many records
 * wait to be sent, wrong passwords in a row, and for a while the key of whoever is at work. */
import { openDB } from "idb";

const HEADER = "v:";
const SESSION = "s";
const TRIES = "t";
const OPENED = "o";
const strict = { durability: "strict" };

let opening;
const registry = () => {
  opening ??= openDB("field", 1, { upgrade: (db) => db.createObjectStore("k") });
  return opening;
};

async function put(key, value) {
  const tx = (await registry()).transaction("k", "readwrite", strict);
  tx.store.put(value, key);
  await tx.done;
}

/** Every box: {id, salt, iterations, byPassword, byServer, device, unsent}. */
export async function headers() {
  return (await registry()).getAll("k", IDBKeyRange.bound(HEADER, `${HEADER}\uffff`));
}

export const header = async (id) => (await registry()).get("k", HEADER + id);
export const keepHeader = (held) => put(HEADER + held.id, held);
/** What a full phone may do without: it then asks for the password sooner, and no more. */
const mayFail = (done) => done.catch(() => {});
export const dropHeader = async (id) => (await registry()).delete("k", HEADER + id);

/** How many records of a box are not sent, for the screen before unlocking. */
export const keepUnsent = (id, unsent) => mayFail(change(id, { unsent }));

/** In one transaction: what else changes of a header meanwhile is not undone. */
async function change(id, values) {
  const tx = (await registry()).transaction("k", "readwrite", strict);
  const held = await tx.store.get(HEADER + id);
  if (held) tx.store.put({ ...held, ...values }, HEADER + id);
  await tx.done;
}

export const session = async () => (await registry()).get("k", SESSION);
export const keepSession = (held) => mayFail(put(SESSION, { ...held, usedAt: Date.now() }));
export const endSession = async () => (await registry()).delete("k", SESSION);

/** Wrong passwords in a row on this phone: {count, at}. */
export const tries = async () => (await (await registry()).get("k", TRIES)) ?? { count: 0, at: 0 };
export const keepTries = (held) => mayFail(put(TRIES, held));

/** When the app was opened before this time, in ms; null the first time. Writes this time. */
export async function opened() {
  const before = (await (await registry()).get("k", OPENED)) ?? null;
  await mayFail(put(OPENED, Date.now()));
  return before;
}
