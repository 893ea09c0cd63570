/* What somebody typed and no server holds yet, kept in this browser until it is saved or they
 * sign out: a crash or a closed tab loses nothing. Keyed by the person, so that whoever uses the
 * same computer next is never shown it. */
const PREFIX = "yingshang:draft:";
const OLDEST_MS = 30 * 24 * 3600 * 1000;

const key = (owner, place) => `${PREFIX}${owner}:${place}`;

/** Keep *content* for *owner* at *place*; a browser without storage or room keeps nothing. */
export function keepDraft(owner, place, content) {
  try {
    localStorage.setItem(key(owner, place), JSON.stringify({ ...content, at: Date.now() }));
  } catch {
    return false;
  }
  return true;
}

export function dropDraft(owner, place) {
  try {
    localStorage.removeItem(key(owner, place));
  } catch {
    return;
  }
}

/** What *owner* left at *place*, or null. */
export function draftOf(owner, place) {
  try {
    const held = JSON.parse(localStorage.getItem(key(owner, place)));
    return held && Date.now() - held.at < OLDEST_MS ? held : null;
  } catch {
    return null;
  }
}

function all() {
  try {
    return Object.keys(localStorage).filter((each) => each.startsWith(PREFIX));
  } catch {
    return [];
  }
}

/** Signing out leaves nothing behind, and asks first where something would be lost. */
export function drafts() {
  const form = document.querySelector("form[data-unsaved-confirm]");
  form?.addEventListener("submit", () => all().forEach((each) => localStorage.removeItem(each)));
  document.addEventListener("click", (event) => {
    if (!form || !form.contains(event.target)) return;
    const mine = key(form.dataset.owner, "");
    if (all().some((each) => each.startsWith(mine))) form.dataset.confirm = form.dataset.unsavedConfirm;
    else delete form.dataset.confirm;
  }, true);
}
