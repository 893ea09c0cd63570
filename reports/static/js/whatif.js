/* What-if: a form that sends itself, efforts that stay out of the address, weights that move. */
import { weights } from "./parts/whatif_weights.js";

for (const form of document.querySelectorAll("form[data-auto]")) {
  for (const button of form.querySelectorAll("[data-without-script]")) button.hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
}

for (const form of document.querySelectorAll("form[data-way]")) {
  form.addEventListener("formdata", (event) => {
    for (const field of form.querySelectorAll("[data-usual]")) {
      if (field.value.trim() === field.dataset.usual) event.formData.delete(field.name);
    }
    for (const name of ["by", "reach"]) if (!event.formData.get(name)) event.formData.delete(name);
  });
}

for (const form of document.querySelectorAll("form[data-weights]")) weights(form);
