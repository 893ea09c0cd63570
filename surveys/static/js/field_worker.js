/* The service worker: keeps the app's own files, so that it starts without a network. SHELL, put
 * in front of this by the server, names them: {version, home, shell, engine}. It answers GETs of
 * that list and nothing else; what the server says of people and visits never passes through. */
const FILES = "field-files"; // addresses with a hash, or made new with each version
const PAGE = `field-page-${SHELL.version}`;
const hashed = (address) => address.startsWith("/static/");
const listed = new Set([...SHELL.shell, ...SHELL.engine]);

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

async function install() {
  const files = await caches.open(FILES);
  const page = await caches.open(PAGE);
  const kept = new Set((await files.keys()).map((each) => new URL(each.url).pathname));
  const used = [...kept].some((each) => each.includes("/form_engine-"));
  // a phone that fills in forms gets the new engine before the new page: it may be offline next
  const wanted = used ? [...SHELL.shell, ...SHELL.engine] : SHELL.shell;
  await Promise.all([
    keep(page, SHELL.home),
    ...wanted.filter((each) => !hashed(each)).map((each) => keep(page, each)),
    ...wanted.filter((each) => hashed(each) && !kept.has(each)).map((each) => keep(files, each)),
  ]);
}

async function keep(cache, address) {
  const response = await fetch(address, { cache: hashed(address) ? "force-cache" : "reload", credentials: "omit", redirect: "error" });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  await cache.put(address, response);
}

/** Old pages go, and files that this version does not name; an engine that it names stays. */
async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith("field-page-") && name !== PAGE) await caches.delete(name);
  }
  const files = await caches.open(FILES);
  for (const request of await files.keys()) {
    if (!listed.has(new URL(request.url).pathname)) await files.delete(request);
  }
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" ? pathname === SHELL.home : listed.has(pathname)) {
    event.respondWith(answer(pathname));
  }
});

async function answer(pathname) {
  const cache = await caches.open(hashed(pathname) ? FILES : PAGE);
  const held = await cache.match(pathname);
  if (held) return held;
  const response = await fetch(pathname, { credentials: "omit" });
  if (response.ok) await cache.put(pathname, response.clone());
  return response;
}

self.addEventListener("message", (event) => {
  if (event.data === "now") self.skipWaiting();
  if (event.data === "engine") event.waitUntil(engine());
});

/** Fetch the engine once, when there is a network and somebody who will need it. */
async function engine() {
  const files = await caches.open(FILES);
  for (const address of SHELL.engine) {
    if (!(await files.match(address))) await keep(files, address).catch(() => {});
  }
}
