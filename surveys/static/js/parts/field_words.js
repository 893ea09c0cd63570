/* What the app says, in both languages, from the shell; and numbers and moments as people write
 * them. The language is the one thing that is kept in the open. */
const shell = JSON.parse(document.getElementById("shell").textContent);
const KEPT = "field:language";

export const config = shell.config;
const locales = { zh: "zh-CN", en: "en-GB" };

function first() {
  try {
    const kept = localStorage.getItem(KEPT);
    if (kept in locales) return kept;
  } catch {
    return "zh";
  }
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

let current = first();
export const locale = () => current;

export function speak(code) {
  current = code;
  document.documentElement.lang = code === "zh" ? "zh-CN" : "en";
  document.querySelector(".skip").textContent = t("shell.skip");
  try {
    localStorage.setItem(KEPT, code);
  } catch {
    return; // a browser without storage is told so elsewhere
  }
}

/** The message *key* with its {fields} filled. */
export function t(key, facts = {}) {
  const text = shell.words[current][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
}

/** A text held as {zh, en}; Chinese where English is empty. */
export const named = (words) => (current === "en" && words?.en) || words?.zh || "";

const formats = new Map();
function format(options) {
  const key = current + JSON.stringify(options);
  if (!formats.has(key)) {
    const chosen = { timeZone: config.timezone, hourCycle: "h23", ...options };
    formats.set(key, new Intl.DateTimeFormat(locales[current], chosen));
  }
  return formats.get(key);
}

const date = (value) => new Date(value);
export const time = (value) =>
  format({ hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(date(value));
export const moment = (value) =>
  format({ month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" }).format(date(value));
export const day = (value) => format({ month: "short", day: "numeric", weekday: "short" }).format(date(value));

/** Bytes in the largest unit that leaves a number above 1. */
export function bytes(count) {
  if (count < 1024) return `${count} B`;
  const power = Math.min(Math.floor(Math.log2(count) / 10), 3);
  const value = count / 1024 ** power;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${["", "KB", "MB", "GB"][power]}`;
}

/** A length of time in words: minutes and seconds below an hour, then hours, then days. */
export function lasting(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 3600) return t("time.minutes", { minutes: Math.floor(whole / 60), seconds: String(whole % 60).padStart(2, "0") });
  if (whole < 86400) return t("time.hours", { hours: Math.floor(whole / 3600), minutes: Math.floor((whole % 3600) / 60) });
  return t("time.days", { days: Math.floor(whole / 86400) });
}

export const distance = (metres) =>
  metres < 950 ? `${Math.max(10, Math.round(metres / 10) * 10)}\u00a0m` : `${(metres / 1000).toFixed(metres < 9500 ? 1 : 0)}\u00a0km`;
