/* A signature, drawn on white whatever the theme, handed to the host like any file. */
import SignaturePad from "signature_pad";
import { button, make, t, widgetBox } from "./engine_host.js";

class Signature {
  constructor(question, control, host) {
    Object.assign(this, { question, control, host, state: "empty", url: "" });
    this.box = widgetBox(question, host, "signature");
    this.shown = make("div", "file-shown");
    this.shown.setAttribute("role", "status");
    this.buttons = make("div", "engine-buttons");
    this.start = button("", () => this.open());
    this.done = button("button-primary", () => this.finish());
    this.wipe = button("", () => this.pad.clear());
    this.cancel = button("button-quiet", () => this.close());
    this.buttons.append(this.start, this.done, this.wipe, this.cancel);
    this.box.append(this.shown, this.buttons);
    host.drawn(question, () => this.draw());
    control.addEventListener("inputupdate", () => this.restore());
    if (control.value) this.restore();
  }

  open() {
    this.canvas = make("canvas", "signature-pad");
    this.canvas.setAttribute("role", "img");
    this.box.prepend(this.canvas);
    const { width } = this.canvas.getBoundingClientRect();
    const scale = Math.max(1, window.devicePixelRatio);
    this.canvas.width = width * scale;
    this.canvas.height = (width / 2) * scale;
    this.canvas.getContext("2d").scale(scale, scale);
    this.pad = new SignaturePad(this.canvas, { backgroundColor: "#ffffff", penColor: "#101418" });
    this.state = "open";
    this.draw();
    this.done.focus({ preventScroll: true });
  }

  close() {
    this.pad?.off();
    this.canvas?.remove();
    this.pad = this.canvas = null;
    this.state = this.control.value ? (this.url ? "stored" : "absent") : "empty";
    this.draw();
    this.start.focus({ preventScroll: true });
  }

  async finish() {
    if (this.pad.isEmpty()) {
      this.note = t("sign.empty");
      return this.draw();
    }
    const { host, control } = this;
    const blob = pictureOf(this.canvas);
    try {
      const kept = await host.options.onCapture(blob, { question: host.path(control).split("/").pop(), path: host.place(control), source: "signature" });
      this.url = kept.url;
      this.note = "";
      this.own = true;
      host.answer(control, kept.name);
      this.own = false;
      this.close();
    } catch (fault) {
      this.note = t("file.failed", { why: fault?.message ?? String(fault) });
      this.draw();
    }
  }

  async restore() {
    if (this.own || this.state === "open") return;
    this.url = "";
    const name = this.control.value;
    const found = name && (await Promise.resolve(this.host.options.files?.(name)).catch(() => null));
    if (name !== this.control.value) return;
    if (found) this.url = this.host.url(found);
    this.state = name ? (this.url ? "stored" : "absent") : "empty";
    this.draw();
  }

  draw() {
    const { state, host } = this;
    const open = state === "open";
    this.box.dataset.state = state;
    for (const [each, key, shown] of [
      [this.start, state === "empty" ? "sign.start" : "sign.clear", !open && !host.readonly],
      [this.done, "sign.done", open],
      [this.wipe, "sign.clear", open],
      [this.cancel, "sign.cancel", open],
    ]) {
      each.textContent = t(key);
      each.hidden = !shown;
    }
    this.canvas?.setAttribute("aria-label", t("sign.here"));
    const parts = [];
    if (open) parts.push(make("span", "file-note", `${t("sign.here")} · ${t("sign.keyboard")}`));
    if (open && this.note) parts.push(make("span", "fault-text", this.note));
    if (state === "absent") parts.push(make("span", "file-note", t("file.absent")));
    if (state === "stored") {
      const image = make("img", "signature-shown");
      image.src = this.url;
      image.alt = host.label(this.question);
      parts.push(image);
    }
    this.shown.replaceChildren(...parts);
  }
}

/** The drawing as a PNG file, at once: toBlob waits for an idle moment, which a busy phone never has. */
function pictureOf(canvas) {
  const bytes = Uint8Array.from(atob(canvas.toDataURL("image/png").split(",")[1]), (sign) => sign.charCodeAt(0));
  return new Blob([bytes], { type: "image/png" });
}

/** Signature or drawing. */
export function attachSignature(question, control, host) {
  return new Signature(question, control, host);
}
