/* The worker that keeps the app's own files, and taking a new version at a moment that hurts nobody. */

export class Worker {
  /** told() is called when a new version waits. */
  constructor(told) {
    this.told = told;
    this.waiting = null;
  }

  async start() {
    let reloads = navigator.serviceWorker.controller !== null; // the first worker takes over silently
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      if (reloads) location.reload();
      reloads = true;
    });
    try {
      this.registration = await navigator.serviceWorker.register("/field/sw.js", { scope: "/field/", updateViaCache: "none" });
    } catch {
      return; // no network the first time; the next start tries again
    }
    this.look();
    this.registration.addEventListener("updatefound", () => {
      const fresh = this.registration.installing;
      fresh?.addEventListener("statechange", () => this.look());
    });
  }

  look() {
    this.waiting = this.registration.waiting;
    if (this.waiting && navigator.serviceWorker.controller) this.told();
  }

  /** Ask whether there is a new version. */
  async check() {
    await this.registration?.update().catch(() => {});
  }

  /** The new version now: the page starts again with it. */
  take() {
    this.waiting?.postMessage("now");
  }

  /** Have the engine on the phone before it is needed without a network. */
  async engine() {
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage("engine");
  }
}
