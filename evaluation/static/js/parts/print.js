/* The print button, and the date at the head of the paper. */
export function printing() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
  const language = document.documentElement.lang;
  const date = new Intl.DateTimeFormat(language, { dateStyle: "long" });
  window.addEventListener("beforeprint", () => {
    for (const place of document.querySelectorAll("[data-print-date]")) {
      place.textContent = date.format(new Date());
    }
    for (const more of document.querySelectorAll("details.more")) more.open = true;
  });
}
