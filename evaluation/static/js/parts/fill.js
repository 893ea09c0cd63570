/* Demo accounts: data-fill='{"username": "…"}' puts those values into the fields of that name. */
export function fills() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill]");
    if (!button) return;
    const values = JSON.parse(button.dataset.fill);
    let form = null;
    for (const [name, value] of Object.entries(values)) {
      const field = document.querySelector(`[name="${CSS.escape(name)}"]`);
      if (!field) continue;
      field.value = value;
      form = field.form;
    }
    form?.querySelector("[type=submit]")?.focus();
  });
}
