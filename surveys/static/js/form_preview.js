/* The preview of a form: the phone's engine at a desk, and what the server would read. */
const root = document.querySelector("[data-preview]");
const { engine, base, token, failed, unchecked, waiting } = root.dataset;
const part = (name) => root.querySelector(`[data-${name}]`);
const [screen, outcome, xml, check, reset] = ["form", "outcome", "xml", "check", "reset"].map(part);
const speakers = [...root.querySelectorAll("[data-speak]")];
let locale = root.dataset.locale;
let handle = null;

async function start() {
  const [{ openForm }, answer] = await Promise.all([import(engine), fetch(`${base}/form`, { headers: { accept: "application/json" } })]);
  if (!answer.ok) throw new Error(`${answer.status}`);
  const form = await answer.json();
  const begin = () => {
    handle = openForm(screen, { ...form, locale, visit: "PREVEW2222", media: (name) => `${base}/media/${encodeURIComponent(name)}`, onChange: show });
    outcome.replaceChildren();
    show();
    screen.scrollTop = 0;
  };
  begin();
  check.addEventListener("click", look);
  reset.addEventListener("click", () => {
    begin();
    screen.focus();
  });
  for (const button of speakers) button.addEventListener("click", () => speak(button.dataset.speak));
  check.disabled = reset.disabled = false;
}

const show = () => { xml.textContent = handle.xml(); };

function speak(code) {
  locale = code;
  handle.locale(code);
  for (const button of speakers) button.setAttribute("aria-pressed", String(button.dataset.speak === code));
}

/** The form's own verdict beside the questions, then the server's in the panel. */
async function look() {
  await handle.validate();
  outcome.textContent = waiting;
  const answer = await fetch(`${base}/check`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/html", "x-csrf-token": token },
    body: JSON.stringify({ xml: handle.xml() }),
  }).catch(() => null);
  if (!answer?.ok) {
    outcome.textContent = unchecked;
    return;
  }
  const piece = document.createElement("template");
  piece.innerHTML = await answer.text();
  outcome.replaceChildren(piece.content);
}

start().catch((fault) => {
  screen.textContent = failed.replace("{why}", fault.message);
});
