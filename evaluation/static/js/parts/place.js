/* Keep one's place: a form or link with data-keep-place comes back to the same scroll position. */
const KEY = "place";

export function places() {
  const remember = (event) => {
    if (!event.target.closest?.("[data-keep-place]")) return;
    sessionStorage.setItem(KEY, JSON.stringify({ path: location.pathname, y: window.scrollY }));
  };
  document.addEventListener("submit", remember);
  document.addEventListener("click", (event) => {
    if (event.target.closest("a[data-keep-place]")) remember(event);
  });
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  sessionStorage.removeItem(KEY);
  if (kept && kept.path === location.pathname) window.scrollTo(0, kept.y);
  document.querySelector("[data-focus]")?.focus();
}
