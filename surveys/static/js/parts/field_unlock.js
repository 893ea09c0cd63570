/* Opening a box: with the password alone where this phone knows it, else by asking the server,
 * which also gives the key that opens the box of somebody whose password has changed. */
import * as keys from "./field_crypto.js";
import { askJson } from "./field_net.js";
import * as registry from "./field_registry.js";
import { destroy, Vault } from "./field_vault.js";

const FREE_TRIES = 3;
const LONGEST_WAIT_S = 60;

/** Why a box stays shut: `why` names the message, facts fill it. */
export class Shut extends Error {
  constructor(why, facts = {}) {
    super(why);
    this.facts = facts;
  }
}

/** Seconds to wait after wrong passwords in a row; a clock set back does not shorten them. */
export async function wait() {
  const { count, at } = await registry.tries();
  if (count < FREE_TRIES) return 0;
  const asked = Math.min(2 ** (count - FREE_TRIES + 1), LONGEST_WAIT_S);
  const passed = Math.max(0, (Date.now() - at) / 1000);
  return Math.max(0, Math.ceil(asked - passed));
}

/** Unlock by name and password; gives {vault, answer} with the server's answer where it was asked.
 *
 * Throws Shut (wait, unknown, nothing-here, forgotten), or Away and Refused from the network.
 */
export async function unlock(username, password) {
  const left = await wait();
  if (left) throw new Shut("wait", { seconds: left });
  const held = await registry.headers();
  for (const header of held) {
    const by = await keys.passwordKey(username, password, header.salt, header.iterations);
    const key = await keys.unwrap(header.byPassword, by);
    if (key) return { vault: await enter(header.id, key), answer: null };
  }
  if (!navigator.onLine) {
    if (held.length === 0) throw new Shut("nothing-here");
    await missed();
    throw new Shut("unknown");
  }
  try {
    return await signIn(username, password, held);
  } catch (error) {
    if (error.status === 401) await missed();
    throw error;
  }
}

async function missed() {
  const { count } = await registry.tries();
  await registry.keepTries({ count: count + 1, at: Date.now() });
}

/** Sign in on the server and open, or make, this person's box. */
async function signIn(username, password, held) {
  const answer = await prove(username, password, held.map((each) => each.device));
  for (const code of answer.revoked) {
    const gone = held.find((each) => each.device === code);
    if (gone) await forget(gone.id);
  }
  const header = held.find((each) => each.device === answer.device);
  const by = await keys.serverKey(answer.unlock_key);
  if (!header) return { vault: await make(username, password, answer, by), answer };
  const key = await keys.unwrap(header.byServer, by, true);
  if (!key) throw new Shut("forgotten");
  await registry.keepHeader(await wrapped(header, key, username, password, by));
  return { vault: await enter(header.id, await keys.unwrap(header.byServer, by)), answer };
}

/** Prove a password to the server: {device, key, unlock_key, person, revoked, others}. */
export function prove(username, password, devices) {
  return askJson("/field/unlock", { json: { username, password, devices, name: phoneName() } });
}

/** After an online sign-in the box opens with the present password, and the old one no longer. */
export async function rewrapBox(id, username, password, unlockKey) {
  const header = await registry.header(id);
  const by = await keys.serverKey(unlockKey);
  const key = await keys.unwrap(header.byServer, by, true);
  if (key) await registry.keepHeader(await wrapped(header, key, username, password, by));
}

async function wrapped(header, key, username, password, by) {
  const salt = keys.random(16);
  const own = await keys.passwordKey(username, password, salt, keys.ITERATIONS);
  return {
    ...header,
    salt,
    iterations: keys.ITERATIONS,
    byPassword: await keys.wrap(key, own),
    byServer: await keys.wrap(key, by),
  };
}

/** A new box: its header comes last, so that a crash leaves none that cannot be opened. */
async function make(username, password, answer, by) {
  const fresh = { id: keys.randomId(), device: answer.device, unsent: 0 };
  const header = await wrapped(fresh, await keys.dataKey(), username, password, by);
  const key = await keys.unwrap(header.byServer, by);
  const vault = await Vault.open(header.id, key);
  await vault.write({ put: [{ kind: "me", device: answer.device, key: answer.key, person: answer.person }] });
  await registry.keepHeader(header);
  await begin(header.id, key);
  return vault;
}

async function begin(id, key) {
  await registry.keepSession({ vault: id, key });
  await registry.keepTries({ count: 0, at: 0 });
}

async function enter(id, key) {
  const vault = await Vault.open(id, key);
  await begin(id, key);
  return vault;
}

/** The box that is still open after a reload or a crash; null when it was too long ago. */
export async function resume(idleMinutes) {
  const held = await registry.session();
  if (!held) return null;
  const idle = Date.now() - held.usedAt;
  if (idle >= 0 && idle < idleMinutes * 60_000 && (await registry.header(held.vault))) {
    return Vault.open(held.vault, held.key);
  }
  await registry.endSession();
  return null;
}

/** Take a box off the phone, its key and all. */
export async function forget(id) {
  const held = await registry.session();
  if (held?.vault === id) await registry.endSession();
  await registry.dropHeader(id);
  await destroy(id);
}

/** What the supervisor's list of phones calls this one: its system and browser, no more. */
export function phoneName() {
  const agent = navigator.userAgent;
  const pick = (pairs) => pairs.find(([pattern]) => pattern.test(agent))?.[1] ?? "?";
  const system = pick([[/iPhone/, "iPhone"], [/iPad/, "iPad"], [/HarmonyOS|OpenHarmony/, "HarmonyOS"], [/Android/, "Android"], [/Windows/, "Windows"], [/Mac OS/, "Mac"], [/Linux/, "Linux"]]);
  const browser = pick([[/MicroMessenger/, "WeChat"], [/Edg/, "Edge"], [/HuaweiBrowser/, "Huawei"], [/MiuiBrowser/, "MIUI"], [/Firefox|FxiOS/, "Firefox"], [/Chrome|CriOS/, "Chrome"], [/Safari/, "Safari"]]);
  return `${system} · ${browser}`;
}
