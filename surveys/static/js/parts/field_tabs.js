/* One page at a time for a record, and one sender for the phone, over all tabs of the browser. */
const POLITE_MS = 3_000;
const talk = new BroadcastChannel("field-tabs");

/** Hold *name* until the function given back is called; null while another tab has it.
 *
 * take: ask the other tab to save and let go, and take it away if that tab does not answer.
 * lost({stolen}) is called when another tab wants it; unless stolen, it has to let go by itself.
 */
export async function hold(name, lost, { take = false } = {}) {
  if (!take) return request(name, lost, { ifAvailable: true });
  talk.postMessage(name);
  try {
    return await request(name, lost, { signal: AbortSignal.timeout(POLITE_MS) });
  } catch {
    return request(name, lost, { steal: true });
  }
}

function request(name, lost, options) {
  return new Promise((resolve, reject) => {
    let release;
    const kept = new Promise((done) => (release = done));
    const asked = ({ data }) => data === name && lost({ stolen: false });
    navigator.locks
      .request(name, options, (lock) => {
        if (lock) talk.addEventListener("message", asked);
        resolve(lock && release);
        return lock ? kept : null;
      })
      .catch((error) => {
        reject(error); // while waiting; once it is held this changes nothing
        lost({ stolen: true });
      })
      .finally(() => talk.removeEventListener("message", asked));
  });
}

/** Run *work* unless another tab is at it; gives whether it ran here. */
export const alone = (name, work) =>
  navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock) await work();
    return Boolean(lock);
  });
