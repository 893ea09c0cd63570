/* table[data-sortable]: th[data-sort="number|text"] becomes a button; ?sort=key.desc in the address.
   A cell sorts by data-value, else by its text; empty goes last; tr[data-last] stays at the foot. */
import { asked, remember } from "./address.js";

const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });

function valueOf(row, column, numeric) {
  const cell = row.cells[column];
  const text = cell?.dataset.value ?? cell?.textContent.trim() ?? "";
  if (!numeric) return text;
  const number = Number.parseFloat(text.replaceAll(",", ""));
  return Number.isNaN(number) ? "" : number;
}

function order(table, header, direction) {
  const column = header.cellIndex;
  const numeric = header.dataset.sort === "number";
  const sign = direction === "ascending" ? 1 : -1;
  const compare = (a, b) => {
    const last = Number("last" in a.row.dataset) - Number("last" in b.row.dataset);
    if (last) return last;
    if (a.value === "" || b.value === "") return Number(a.value === "") - Number(b.value === "");
    return sign * (numeric ? a.value - b.value : collator.compare(a.value, b.value));
  };
  for (const body of table.tBodies) {
    const rows = [...body.rows].map((row) => ({ row, value: valueOf(row, column, numeric) }));
    body.append(...rows.sort(compare).map(({ row }) => row));
  }
  for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", direction);
}

function headersOf(table) {
  return [...table.querySelectorAll("thead th[data-sort]")];
}

function fromAddress(table) {
  const [key, way] = asked("sort").split(".");
  const header = headersOf(table).find((th) => th.dataset.key === key);
  if (header) order(table, header, way === "desc" ? "descending" : "ascending");
  return Boolean(header);
}

function prepare(table) {
  const given = headersOf(table).find((th) => th.hasAttribute("aria-sort"));
  for (const header of headersOf(table)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    const label = document.createElement("span");
    label.append(...header.childNodes);
    button.append(label);
    header.classList.add("sorts");
    header.append(button);
    button.addEventListener("click", () => {
      const now = header.getAttribute("aria-sort");
      const first = header.dataset.first ?? (header.dataset.sort === "number" ? "desc" : "asc");
      const way = now ? (now === "ascending" ? "desc" : "asc") : first;
      order(table, header, way === "desc" ? "descending" : "ascending");
      remember("sort", header.dataset.key ? `${header.dataset.key}.${way}` : "");
    });
  }
  const start = given?.getAttribute("aria-sort");
  fromAddress(table);
  window.addEventListener("popstate", () => {
    if (!fromAddress(table) && given) order(table, given, start);
  });
}

/** Make the tables inside *root* sortable. */
export function sorting(root) {
  for (const table of root.querySelectorAll("table[data-sortable]:not([data-ready])")) {
    table.dataset.ready = "yes";
    prepare(table);
  }
}
