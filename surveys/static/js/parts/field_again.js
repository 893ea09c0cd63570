/* Proving the password to the server again, for a phone that is open already. */
import { Away } from "./field_net.js";
import * as registry from "./field_registry.js";
import { prove, rewrapBox } from "./field_unlock.js";

const FRESH_MS = 12 * 3600_000;

/** Sign in online for the open box. Throws Away or Refused; a revoked phone is wiped. */
export async function signInAgain(app, username, password) {
  const { vault } = app;
  const me = vault.one("me");
  const answer = await prove(username, password, [me.device]);
  if (answer.revoked.includes(me.device)) {
    await app.wiped();
    return;
  }
  const fresh = answer.device !== me.device; // the server no longer knew this phone
  if (fresh) await registry.keepHeader({ ...(await registry.header(vault.id)), device: answer.device });
  else await rewrapBox(vault.id, username, password, answer.unlock_key);
  await vault.write({
    put: [{ ...me, device: answer.device, key: fresh ? answer.key : me.key, person: answer.person, others: answer.others, signIn: "", suspended: "", provedAt: Date.now() }],
  });
}

/** After unlocking with a network: a password that the server no longer takes is told at once. */
export async function proveAgain(app, { username, password }) {
  const me = app.vault.one("me");
  const lately = Date.now() - (me.provedAt ?? 0) < FRESH_MS;
  if (!navigator.onLine || (lately && !me.signIn)) return;
  try {
    await signInAgain(app, username, password);
    await app.duty?.turn();
  } catch (error) {
    if (error.status === 401 && app.vault?.key) await app.vault.write({ put: [{ ...app.vault.one("me"), signIn: "changed" }] });
    else if (!(error instanceof Away) && !error.status) throw error;
  }
}
