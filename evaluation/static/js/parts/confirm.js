/* A destructive press asks first, naming the object: data-confirm="…" on a form or button. */
let proceed = null;

function ask(question, verb, then) {
  const dialog = document.getElementById("confirm");
  dialog.querySelector("[data-question]").textContent = question;
  const button = dialog.querySelector("[data-proceed]");
  button.textContent = verb || button.dataset.verb;
  proceed = then;
  dialog.returnValue = "";
  dialog.showModal();
}

export function confirmations() {
  const dialog = document.getElementById("confirm");
  if (!dialog) return;
  dialog.addEventListener("close", () => {
    const then = proceed;
    proceed = null;
    if (dialog.returnValue === "proceed" && then) then();
  });
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const asks = event.submitter?.dataset.confirm ? event.submitter : form;
      if (!asks.dataset.confirm || form.dataset.confirmed) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(asks.dataset.confirm, asks.dataset.confirmVerb, () => {
        form.dataset.confirmed = "yes";
        form.requestSubmit(event.submitter ?? undefined);
        delete form.dataset.confirmed;
      });
    },
    true,
  );
}
