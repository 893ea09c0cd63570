/* A part of a page that is asked for again every few seconds.
   It rests while the page is hidden, keeps the reader's place, says politely what changed, and says
   plainly when what it shows is old: no line, session over, no longer allowed. */
const LONGEST_WAIT = 120; // seconds between tries without a line

const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);

class Live {
  constructor(part, bar, said) {
    this.part = part;
    this.said = said;
    this.state = bar.querySelector("[data-live-state]");
    this.toggle = bar.querySelector("[data-live-toggle]");
    this.words = JSON.parse(part.dataset.words);
    this.every = Number(part.dataset.every);
    this.clock = new Intl.DateTimeFormat("zh-CN", { timeStyle: "medium", hourCycle: "h23", timeZone: part.dataset.timezone });
    this.at = new Date();
    this.mark = part.dataset.mark;
    this.wait = this.every;
    this.mode = "every"; // every, paused, offline; ended and gone are final
    this.toggle.hidden = false;
    this.toggle.addEventListener("click", () => this.pause(this.mode !== "paused"));
    document.addEventListener("visibilitychange", () => (document.hidden ? this.rest() : this.wake()));
    addEventListener("online", () => this.wake());
    this.tell();
    this.next();
  }

  get over() {
    return this.mode === "ended" || this.mode === "gone";
  }

  next() {
    clearTimeout(this.timer);
    if (!this.over && this.mode !== "paused" && !document.hidden) this.timer = setTimeout(() => this.ask(), this.wait * 1000);
  }

  rest() {
    clearTimeout(this.timer);
  }

  wake() {
    if (!document.hidden && !this.over && this.mode !== "paused") this.ask();
  }

  pause(on) {
    this.mode = on ? "paused" : "every";
    this.toggle.textContent = on ? this.words.resume : this.words.pause;
    this.tell();
    if (on) this.rest();
    else this.ask();
  }

  async ask() {
    if (this.asking) return;
    this.asking = true;
    this.rest();
    try {
      const headers = this.mark ? { "If-None-Match": this.mark } : {};
      const answer = await fetch(this.part.dataset.live, { headers, redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(20000) });
      await this.take(answer);
    } catch {
      this.lost();
    }
    this.asking = false;
    this.tell();
    this.next();
  }

  async take(answer) {
    if (answer.type === "opaqueredirect" || answer.status === 401) this.mode = "ended";
    else if (answer.status === 404 || answer.status === 403) this.mode = "gone";
    else if (answer.ok || answer.status === 304) {
      const text = answer.ok ? await answer.text() : "";
      this.mode = this.mode === "paused" ? "paused" : "every";
      this.wait = this.every;
      this.at = new Date();
      if (answer.ok) {
        this.mark = answer.headers.get("ETag") ?? "";
        this.show(text);
      }
    } else this.lost();
    if (this.over) this.toggle.hidden = true;
  }

  lost() {
    if (this.mode !== "paused") this.mode = "offline";
    this.wait = Math.min(LONGEST_WAIT, this.wait * 2);
  }

  show(text) {
    const before = this.counts();
    const focused = this.part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    const scrolled = [...this.part.querySelectorAll("[tabindex='0']")].map((each) => each.scrollLeft);
    this.part.innerHTML = text; // our own server's page, and the policy lets no script in it run
    [...this.part.querySelectorAll("[tabindex='0']")].forEach((each, at) => (each.scrollLeft = scrolled[at] ?? 0));
    if (focused) [...this.part.querySelectorAll("a")].find((each) => each.getAttribute("href") === focused)?.focus({ preventScroll: true });
    this.announce(before);
  }

  counts() {
    return new Map([...this.part.querySelectorAll("[data-count]")].map((each) => [each.dataset.count, each]));
  }

  announce(before) {
    const told = [];
    for (const [key, now] of this.counts()) {
      const then = before.get(key)?.dataset.value;
      if (then === undefined || then === now.dataset.value) continue;
      now.closest(".tile")?.classList.add("tile-changed");
      told.push(fill(this.words.one, { label: now.dataset.label, count: now.dataset.value }));
    }
    if (told.length) this.said.textContent = fill(this.words.changed, { what: told.join(this.words.separator) });
  }

  tell() {
    this.state.dataset.state = this.mode;
    this.state.textContent = fill(this.words[this.mode], { time: this.clock.format(this.at), seconds: this.every });
    if (this.mode === "ended" && !this.state.querySelector("a")) {
      const way = document.createElement("a");
      way.href = `/sign-in?next=${encodeURIComponent(location.pathname)}`;
      way.textContent = this.words.again;
      this.state.append(" ", way);
    }
    if (this.over) this.said.textContent = this.state.textContent;
  }
}

export function keepLive(part, bar, said) {
  return new Live(part, bar, said);
}
