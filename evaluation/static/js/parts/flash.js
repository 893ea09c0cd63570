/* Messages at the head of the page: dismissed by a press, added by scripts. */
const SHAPES = { error: "conflict", warning: "conflict", success: "verified", info: "saved" };

export function dismissals() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-dismiss]");
    if (!button) return;
    button.closest(".flash").remove();
    document.getElementById("main").focus({ preventScroll: true });
  });
}

/** Show *text* as a message; the same text is not stacked twice. */
export function say(kind, text) {
  const region = document.getElementById("flashes");
  const model = document.getElementById("flash-model");
  if (!text || !region || !model) return;
  const already = [...region.querySelectorAll(".flash p")].some((p) => p.textContent === text);
  if (already) return;
  const flash = model.content.firstElementChild.cloneNode(true);
  flash.classList.add(`flash-${kind}`);
  flash.querySelector(".shape use").setAttribute("href", `#shape-${SHAPES[kind] ?? "saved"}`);
  flash.querySelector("p").textContent = text;
  region.append(flash);
}
