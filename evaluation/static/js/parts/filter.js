/* form[data-filter-for="table-id"]: a select or input named "zone" keeps rows whose data-zone holds
   that word; one named "q" keeps rows whose text does. The form is a plain GET without this. */
import { asked, remember } from "./address.js";

function keeps(row, name, value) {
  if (!value) return true;
  if (name === "q") return row.textContent.toLowerCase().includes(value.toLowerCase());
  return (row.dataset[name] ?? "").split(" ").includes(value);
}

function apply(form, table, fields) {
  let shown = 0;
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
  const counted = rows.filter((row) => !row.classList.contains("group"));
  for (const row of counted) {
    row.hidden = !fields.every((field) => keeps(row, field.name, field.value.trim()));
    shown += Number(!row.hidden);
  }
  for (const body of table.tBodies) {
    let group = null;
    for (const row of body.rows) {
      if (row.classList.contains("group")) {
        group = row;
        group.hidden = true;
      } else if (group && !row.hidden) group.hidden = false;
    }
  }
  const count = form.querySelector("[data-shown]");
  if (count) {
    count.textContent = count.dataset.shown
      .replace("{shown}", String(shown))
      .replace("{total}", String(counted.length));
  }
}

function prepare(form) {
  const table = document.getElementById(form.dataset.filterFor);
  if (!table) return;
  const fields = [...form.querySelectorAll("select[name], input[name]:not([type=hidden])")];
  const read = () => {
    for (const field of fields) field.value = asked(field.name);
    apply(form, table, fields);
  };
  for (const button of form.querySelectorAll("[data-without-script]")) button.hidden = true;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    apply(form, table, fields);
    if (event.target.tagName === "SELECT") remember(event.target.name, event.target.value);
  });
  form.addEventListener("change", (event) => {
    if (event.target.name) remember(event.target.name, event.target.value.trim());
  });
  window.addEventListener("popstate", read);
  read();
}

/** Bring the filter forms inside *root* to life. */
export function filters(root) {
  for (const form of root.querySelectorAll("form[data-filter-for]:not([data-ready])")) {
    form.dataset.ready = "yes";
    prepare(form);
  }
}
