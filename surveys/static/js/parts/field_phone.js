/* The phone itself: room, lasting storage, what kind it is, and whether the app is installed. */

/** {used, quota, share, persisted}; numbers are null where the browser does not say. */
export async function room() {
  const { usage = null, quota = null } = (await navigator.storage?.estimate?.()) ?? {};
  const persisted = (await navigator.storage?.persisted?.()) ?? false;
  return { used: usage, quota, share: quota ? usage / quota : null, persisted };
}

/** Ask that the browser never clears our storage by itself; most ask nobody and decide. */
export const persist = async () => (await navigator.storage?.persist?.()) ?? false;

const agent = navigator.userAgent;

/** Apple's phones and tablets, which clear a page's storage after seven days without a visit. */
export const apple = () =>
  /iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1);

export const installed = () =>
  navigator.standalone === true || matchMedia("(display-mode: standalone)").matches;

let offer = null;
const waiting = new Set();

/** Call back when the browser offers to install, or has installed, the app. */
export const onInstall = (call) => waiting.add(call);
export const installable = () => offer !== null;

window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
  waiting.forEach((call) => call());
});
window.addEventListener("appinstalled", () => {
  offer = null;
  waiting.forEach((call) => call());
});

export async function install() {
  const asked = offer;
  offer = null;
  await asked?.prompt();
}

/** What the app needs of a browser; the missing ones by name. */
export function missing() {
  return [
    ["secure", globalThis.isSecureContext && crypto?.subtle],
    ["storage", globalThis.indexedDB],
    ["worker", navigator.serviceWorker],
    ["locks", navigator.locks],
  ]
    .filter(([, there]) => !there)
    .map(([name]) => name);
}
