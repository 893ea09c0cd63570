/* Entries by the number in another answer: a slip of the finger must not make a phone build 700. */
import repeats from "enketo-core/src/js/repeat";
import { make, t } from "./engine_host.js";

const MOST = 100;
const { add, updateRepeatInstancesFromCount: follow } = repeats;

repeats.updateRepeatInstancesFromCount = function (info) {
  delete info.dataset.tooMany;
  info.querySelector(":scope > .fault")?.remove();
  return follow.call(this, info);
};

repeats.add = function (info, more = 1, trigger = "user") {
  const there = [...info.parentElement.children].filter((each) => each.matches(".or-repeat")).length;
  if (trigger !== "count" || there + more <= MOST) return add.call(this, info, more, trigger);
  info.dataset.tooMany = there + more;
  info.append(make("span", "fault", tooMany(info)));
  return false;
};

/** What is said where more entries are asked for than are made. */
export function tooMany(info) {
  return t("repeat.many", { count: info.dataset.tooMany, most: MOST });
}
