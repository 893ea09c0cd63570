/* Menus are <details>: Escape and a press elsewhere close them; steps show the current one. */
export function menus() {
  const open = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  const step = document.querySelector(".step[aria-current]");
  const rail = step?.closest("ol");
  if (rail && rail.scrollWidth > rail.clientWidth) {
    rail.scrollLeft = step.offsetLeft - (rail.clientWidth - step.offsetWidth) / 2;
  }
}
