/* A position: taken on demand, watched while it gets better, stored as soon as there is one. */
import { button, make, t, widgetBox } from "./engine_host.js";

const GOOD_METRES = 20;
const COARSE_METRES = 100;
const PATIENCE_MS = 45000;
const FAULTS = { 1: "denied", 2: "unavailable", 3: "timeout" };

class Position {
  constructor(question, control, host) {
    Object.assign(this, { question, control, host, state: control.value ? "held" : "empty", watch: null });
    this.box = widgetBox(question, host, "position");
    this.shown = make("div", "file-shown");
    this.shown.setAttribute("role", "status");
    this.go = button("", () => (this.watch === null ? this.start() : this.stop()));
    this.box.append(this.shown, make("div", "engine-buttons", this.go));
    host.drawn(question, () => this.draw());
    host.closing(() => this.stop());
    control.addEventListener("inputupdate", () => {
      this.state = control.value ? "held" : "empty";
      this.draw();
    });
  }

  start() {
    if (!navigator.geolocation) return this.say("none");
    this.best = Infinity;
    this.say("finding");
    this.watch = navigator.geolocation.watchPosition(
      (found) => this.found(found.coords),
      (fault) => this.failed(fault.code),
      { enableHighAccuracy: true, maximumAge: 0, timeout: PATIENCE_MS },
    );
    this.patience = setTimeout(() => this.stop(), PATIENCE_MS);
    this.draw();
  }

  found({ latitude, longitude, altitude, accuracy }) {
    if (!this.question.isConnected) return this.stop();
    if (accuracy >= this.best) return;
    this.best = accuracy;
    this.host.answer(this.control, [latitude.toFixed(7), longitude.toFixed(7), (altitude ?? 0).toFixed(1), accuracy.toFixed(1)].join(" "));
    this.say("better");
    if (accuracy <= GOOD_METRES) this.stop();
  }

  failed(code) {
    const had = Number.isFinite(this.best);
    this.stop();
    if (!had) this.say(FAULTS[code] ?? "unavailable");
  }

  stop() {
    if (this.watch !== null) navigator.geolocation.clearWatch(this.watch);
    clearTimeout(this.patience);
    this.watch = null;
    this.say(this.control.value ? "held" : this.state === "finding" ? "timeout" : this.state);
  }

  say(state) {
    this.state = state;
    this.draw();
  }

  draw() {
    const { state, control, host } = this;
    const [latitude, longitude, , accuracy] = control.value.split(" ").map(Number);
    const metres = Math.round(accuracy || 0);
    this.box.dataset.state = state;
    this.go.hidden = host.readonly;
    this.go.textContent = t(this.watch !== null ? "position.stop" : control.value || FAULTS_SHOWN.has(state) ? "position.again" : "position.start");
    const parts = [];
    if (state !== "empty") parts.push(make("span", FAULTS_SHOWN.has(state) ? "fault-text" : "file-note", t(`position.${state}`, { metres })));
    if (control.value) parts.push(make("span", "position-numbers", `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`));
    if (state === "held" && metres > COARSE_METRES) parts.push(make("span", "fault-text", t("position.coarse")));
    this.shown.replaceChildren(...parts);
  }
}

const FAULTS_SHOWN = new Set([...Object.values(FAULTS), "none"]);

/** A point: `latitude longitude altitude accuracy`. */
export function attachPosition(question, control, host) {
  return new Position(question, control, host);
}
