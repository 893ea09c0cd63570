/* What happened between this phone and the server, for the person to read. */
const MOST = 200;

/** Write a line: `what` names the message log.<what>, facts fill it. Alike lines in a row are one. */
export async function log(vault, what, facts = {}) {
  const held = vault.one("log") ?? { kind: "log", lines: [] };
  const lines = [...held.lines];
  const last = lines.at(-1);
  const now = new Date().toISOString();
  if (last && last.what === what && JSON.stringify(last.facts) === JSON.stringify(facts)) {
    lines[lines.length - 1] = { ...last, at: now, times: (last.times ?? 1) + 1 };
  } else lines.push({ at: now, what, facts });
  await vault.write({ put: [{ ...held, lines: lines.slice(-MOST) }] });
}
