/* Putting choices in order: up and down, one thumb or the keyboard. No answer until it is said. */
import { button, make, t } from "./engine_host.js";

/** A list with two buttons a line. */
export function attachRank(question, control, host) {
  const wrapper = question.querySelector(".option-wrapper");
  const said = make("p", "file-note");
  said.setAttribute("role", "status");
  const use = button("", () => store());
  const items = () => [...wrapper.querySelectorAll(":scope > label, :scope > .rank-item")].filter((each) => !each.matches(".itemset-template"));
  const value = (item) => item.querySelector("input.ignore").value;
  const name = (item) => item.querySelector(".option-label.active")?.textContent ?? value(item);
  const store = () => {
    host.answer(control, items().map(value).join(" "));
    draw();
  };
  const move = (item, by) => {
    const all = items();
    const to = all.indexOf(item) + by;
    if (to < 0 || to >= all.length) return;
    all[to][by < 0 ? "before" : "after"](item);
    store();
    said.textContent = t("rank.moved", { name: name(item), place: to + 1 });
    item.querySelector(by < 0 ? ".rank-up" : ".rank-down").focus();
  };
  /* a label would send every tap to the hidden text field inside it */
  const settle = () => {
    for (const item of items()) {
      if (item.matches(".rank-item")) continue;
      const line = make("div", "rank-item", ...item.childNodes);
      line.querySelector("input.ignore").hidden = true;
      const [up, down] = [["rank-up", -1, "↑"], ["rank-down", 1, "↓"]].map(([kind, by, sign]) => {
        const made = button(`rank-step ${kind}`, () => move(line, by));
        made.textContent = sign;
        return made;
      });
      if (!host.readonly) line.append(up, down);
      item.replaceWith(line);
    }
    const order = control.value.split(" ").filter(Boolean);
    const place = (item) => (order.includes(value(item)) ? order.indexOf(value(item)) : order.length);
    for (const item of items().sort((one, other) => place(one) - place(other))) wrapper.append(item);
  };
  const draw = () => {
    settle();
    const set = control.value !== "";
    question.dataset.state = set ? "set" : "empty";
    items().forEach((item, index) => {
      item.dataset.place = set ? index + 1 : "–";
      item.querySelector(".rank-up")?.setAttribute("aria-label", t("rank.up", { name: name(item) }));
      item.querySelector(".rank-down")?.setAttribute("aria-label", t("rank.down", { name: name(item) }));
    });
    if (!set) said.textContent = t("rank.unset");
    use.textContent = t("rank.use");
    use.hidden = set || host.readonly;
  };
  wrapper.after(make("div", "engine-buttons", use), said);
  control.addEventListener("inputupdate", draw);
  control.addEventListener("change-option", draw);
  host.drawn(question, draw);
}
