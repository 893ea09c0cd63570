/* Photos and files: handed to the host before anything is shown, so that what counts is the original. */
import dialog from "./engine_dialog.js";
import { button, make, t, widgetBox } from "./engine_host.js";

const FRESH_MS = 5 * 60 * 1000;
const CAMERA = { photo: "file.camera", video: "file.record", audio: "file.record" };

/** Where a file comes from: the camera's button alone does not prove it, some browsers ignore it. */
export function sourceOf(asked, lastModified, now = Date.now()) {
  if (asked !== "camera") return asked;
  return Math.abs(now - lastModified) <= FRESH_MS ? "camera" : "unknown";
}

/** Size as people say it. */
export function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

class FileWidget {
  constructor(question, control, host) {
    Object.assign(this, { question, control, host, kind: question.dataset.widget, state: "empty", file: null });
    this.turn = 0;
    this.box = widgetBox(question, host, "file");
    this.shown = make("div", "file-shown");
    this.shown.setAttribute("role", "status");
    this.buttons = make("div", "file-buttons");
    this.box.append(this.shown, this.buttons);
    this.pickers = (this.kind === "file" ? ["file"] : ["camera", "gallery"]).map((source) => this.picker(source));
    this.remove = button("button-quiet", () => this.ask());
    this.buttons.append(...this.pickers.map(({ label }) => label), this.remove);
    host.drawn(question, () => this.draw());
    control.addEventListener("inputupdate", () => this.restore());
    if (control.value) this.restore();
  }

  picker(source) {
    const input = make("input", "ignore picker");
    input.type = "file";
    const accept = this.control.getAttribute("accept");
    if (this.kind !== "file" && accept) input.accept = accept;
    if (source === "camera") input.setAttribute("capture", "environment");
    input.addEventListener("change", (event) => {
      event.stopPropagation();
      const [file] = input.files;
      input.value = "";
      if (file) this.take(file, sourceOf(source === "file" ? "unknown" : source, file.lastModified));
    });
    const words = make("span");
    return { source, input, words, label: make("label", "button picker-label", input, words) };
  }

  async take(file, source) {
    if (!file.size) return this.say("failed", { why: t("file.empty") });
    const turn = (this.turn += 1);
    const before = { state: this.state, file: this.file };
    this.say("storing");
    try {
      const { host, control } = this;
      const kept = await host.options.onCapture(file, { question: host.path(control).split("/").pop(), path: host.place(control), source });
      if (turn !== this.turn || !this.question.isConnected) return;
      this.file = { name: kept.name, url: kept.url, size: file.size, type: file.type, source };
      this.say("stored");
      this.quietly(kept.name);
    } catch (fault) {
      if (turn !== this.turn) return;
      Object.assign(this, before);
      this.say(before.state === "stored" ? "stored" : "failed", { why: fault?.message ?? String(fault) });
      if (before.state === "stored") this.shown.append(make("span", "fault-text", t("file.failed", { why: fault?.message ?? "" })));
    }
  }

  /** Answer with a name without taking it for a draft's. */
  quietly(name) {
    this.own = true;
    this.host.answer(this.control, name);
    this.own = false;
  }

  async restore() {
    const name = this.control.value;
    if (this.own || name === this.file?.name) return;
    const turn = (this.turn += 1);
    this.file = null;
    if (!name) return this.say("empty");
    this.file = { name };
    this.say("looking");
    let found = null;
    try {
      found = await this.host.options.files?.(name);
    } catch {
      found = null;
    }
    if (turn !== this.turn) return;
    if (!found) return this.say("absent");
    this.file = { name, url: this.host.url(found), size: found.size, type: found.type, source: null };
    this.say("stored");
  }

  async ask() {
    const sure = await dialog.confirm({ heading: t("file.removed?"), msg: t("file.removed.why"), yes: t("file.remove") });
    if (!sure) return;
    this.turn += 1;
    this.file = null;
    this.quietly("");
    this.say("empty");
    this.pickers[0].input.focus();
  }

  say(state, facts = {}) {
    this.state = state;
    this.facts = facts;
    this.draw();
  }

  draw() {
    const { state, file, host } = this;
    this.box.dataset.state = state;
    const held = ["stored", "absent", "looking"].includes(state);
    for (const { source, words, label } of this.pickers) {
      label.hidden = host.readonly || state === "storing";
      if (source === "camera") words.textContent = t(held && this.kind === "photo" ? "file.again" : CAMERA[this.kind]);
      else if (source === "gallery" && this.kind === "photo") words.textContent = t("file.gallery");
      else words.textContent = t(held ? "file.replace" : "file.choose");
    }
    this.remove.hidden = host.readonly || !held;
    this.remove.textContent = t("file.remove");
    this.shown.replaceChildren(...this.parts(state, file));
  }

  parts(state, file) {
    if (state === "empty") return [];
    if (state !== "stored") return [make("span", state === "failed" ? "fault-text" : "file-note", t(`file.${state}`, this.facts)), ...(file ? [make("span", "file-name", file.name)] : [])];
    const facts = [t("file.stored"), sizeOf(file.size)];
    if (file.source) facts.push(t(`file.from.${file.source}`));
    const parts = [make("span", "file-note", `✓ ${facts.join(" · ")}`)];
    if (file.type?.startsWith("image/") && file.url) {
      const image = make("img", "file-thumb");
      image.src = file.url;
      image.alt = this.host.label(this.question);
      image.addEventListener("error", () => image.replaceWith(make("span", "file-name", file.name)));
      parts.unshift(image);
    } else parts.push(make("span", "file-name", file.name));
    return parts;
  }
}

/** Photo, recording or any file. */
export function attachFile(question, control, host) {
  return new FileWidget(question, control, host);
}
