/* A timed step: a clock that a reload does not stop, and minutes that are either measured or said to be typed. */
import dialog from "./engine_dialog.js";
import { button, make, t, widgetBox } from "./engine_host.js";

const MINUTE = 60000;

/** Time gone by since a start. A clock turned back is not believed; a sleeping phone counts. */
export function elapsed(startedAt, startedMono, now = Date.now(), mono = performance.now()) {
  return Math.max(now - Date.parse(startedAt), startedMono === null ? 0 : mono - startedMono, 0);
}

class Timer {
  constructor(question, control, host) {
    Object.assign(this, { question, control, host, code: host.asked(control).timer });
    this.place = host.place(control);
    this.clock = host.timers[this.place] ?? { code: this.code, running: null, milliseconds: 0, runs: [], typed: Boolean(control.value) };
    this.mono = null;
    this.box = widgetBox(question, host, "timer");
    this.face = make("span", "timer-face");
    this.face.setAttribute("role", "timer");
    this.note = make("span", "file-note");
    this.note.setAttribute("role", "status");
    this.main = button("button-primary", () => (this.clock.running ? this.stop() : this.start()));
    this.over = button("button-quiet", () => this.again());
    this.hand = button("button-quiet", () => this.byHand());
    this.box.append(make("div", "timer-line", this.face, this.note), make("div", "engine-buttons", this.main, this.over, this.hand));
    control.hidden = true;
    host.drawn(question, () => this.draw());
    control.addEventListener("inputupdate", () => this.draw());
    control.addEventListener("change", () => this.typed());
    host.closing(() => clearInterval(this.tick));
    if (this.clock.running) this.run();
  }

  get milliseconds() {
    return this.clock.milliseconds + (this.clock.running ? elapsed(this.clock.running, this.mono) : 0);
  }

  get minutes() {
    const exact = this.milliseconds / MINUTE;
    return this.control.dataset.typeXml === "int" ? String(Math.round(exact)) : exact.toFixed(1);
  }

  keep() {
    this.host.timers[this.place] = this.clock;
    this.host.changed({ what: "timer", path: this.place });
    this.draw();
  }

  start() {
    Object.assign(this.clock, { running: new Date().toISOString(), typed: false });
    this.mono = performance.now();
    this.control.hidden = true;
    this.run();
    this.keep();
  }

  run() {
    clearInterval(this.tick);
    this.tick = setInterval(() => (this.question.isConnected ? this.showTime() : clearInterval(this.tick)), 1000);
  }

  stop() {
    clearInterval(this.tick);
    const { clock } = this;
    const gone = elapsed(clock.running, this.mono);
    clock.runs.push({ started_at: clock.running, ended_at: new Date().toISOString(), seconds: Math.round(gone / 1000) });
    clock.milliseconds += gone;
    clock.running = null;
    this.put(this.minutes);
    this.keep();
    this.main.focus();
  }

  async again() {
    const sure = await dialog.confirm({ heading: t("timer.again?"), msg: t("timer.again.why", { minutes: this.control.value || this.minutes }), yes: t("timer.again") });
    if (!sure) return;
    clearInterval(this.tick);
    this.clock = { code: this.code, running: null, milliseconds: 0, runs: [], typed: false };
    this.put("");
    this.keep();
    this.main.focus();
  }

  byHand() {
    clearInterval(this.tick);
    Object.assign(this.clock, { running: null, typed: true });
    this.keep();
    this.control.hidden = false;
    this.control.focus();
  }

  /** The minutes measured, as the answer. */
  put(minutes) {
    this.putting = true;
    this.host.answer(this.control, minutes);
    this.putting = false;
  }

  typed() {
    if (this.putting) return;
    this.clock.typed = this.control.value !== "";
    if (this.clock.typed) Object.assign(this.clock, { milliseconds: 0, runs: [] });
    this.keep();
  }

  showTime() {
    const seconds = Math.floor(this.milliseconds / 1000);
    const two = (number) => String(number).padStart(2, "0");
    this.face.textContent = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  }

  draw() {
    const { clock, control, host } = this;
    const measured = clock.runs.length > 0 && !clock.typed;
    this.box.dataset.state = clock.running ? "running" : measured ? "measured" : clock.typed ? "typed" : "empty";
    this.showTime();
    this.face.hidden = clock.typed && !clock.running;
    this.note.textContent = clock.running ? t("timer.running") : clock.typed ? t("timer.typed") : measured && control.value ? t("timer.minutes", { minutes: control.value }) : "";
    this.main.textContent = t(clock.running ? "timer.stop" : measured ? "timer.resume" : "timer.start");
    this.over.textContent = t("timer.again");
    this.over.hidden = host.readonly || clock.running || !measured;
    this.hand.textContent = t("timer.by_hand");
    this.main.hidden = host.readonly;
    this.hand.hidden = host.readonly || Boolean(clock.running) || clock.typed;
    control.hidden = !clock.typed;
    control.setAttribute("aria-label", t("timer.by_hand"));
  }
}

/** Minutes of a step of the script. */
export function attachTimer(question, control, host) {
  return new Timer(question, control, host);
}
