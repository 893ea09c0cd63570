/* A number on a scale. Until it is touched there is no answer, and the scale says so. */
import { button, make, t, widgetBox } from "./engine_host.js";

/** A slider with a step to either side. */
export function attachRange(question, control, host) {
  const box = widgetBox(question, host, "range");
  const [low, high, step] = ["min", "max", "step"].map((name) => Number(control.getAttribute(name) || 1));
  const digits = (String(control.getAttribute("step")).split(".")[1] ?? "").length;
  const slider = make("input", "ignore");
  Object.assign(slider, { type: "range", min: low, max: high, step, disabled: host.readonly });
  const shown = make("output", "range-shown");
  const put = (value) => {
    const within = Math.min(high, Math.max(low, value));
    host.answer(control, within.toFixed(digits));
    draw();
  };
  const less = button("range-step", () => put(control.value === "" ? low : Number(control.value) - step));
  const more = button("range-step", () => put(control.value === "" ? low : Number(control.value) + step));
  const clear = button("button-quiet button-small", () => {
    host.answer(control, "");
    draw();
    slider.focus();
  });
  less.textContent = "−";
  more.textContent = "+";
  slider.addEventListener("input", () => put(Number(slider.value)));
  slider.addEventListener("change", (event) => {
    event.stopPropagation();
    put(Number(slider.value));
  });
  const draw = () => {
    const set = control.value !== "";
    slider.value = set ? control.value : String((low + high) / 2);
    box.dataset.state = set ? "set" : "empty";
    shown.textContent = set ? control.value : t("range.none");
    slider.setAttribute("aria-label", host.label(question));
    slider.setAttribute("aria-valuetext", shown.textContent);
    less.setAttribute("aria-label", t("range.less"));
    more.setAttribute("aria-label", t("range.more"));
    clear.textContent = t("clear");
    clear.hidden = host.readonly || !set || Boolean(control.dataset.required);
    less.hidden = more.hidden = host.readonly;
  };
  box.append(
    make("div", "range-line", less, slider, more),
    make("div", "range-line", make("span", "quiet", String(low)), shown, make("span", "quiet", String(high))),
    clear,
  );
  control.addEventListener("inputupdate", draw);
  host.drawn(question, draw);
}
