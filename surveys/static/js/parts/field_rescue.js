/* The last resort of a full phone: what was answered, sealed as ever, in the small storage that has
 * a room of its own (5 MB). Files have no place here; they are refused instead. */
const key = (box, id) => `field:${box}:${id}`;

const spell = (buffer) => {
  let text = "";
  for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
  return btoa(text);
};
const read = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** Keep a sealed record; gives whether there was room. */
export function rescue(box, id, { iv, data }) {
  try {
    localStorage.setItem(key(box, id), JSON.stringify([spell(iv), spell(data)]));
    return true;
  } catch {
    return false;
  }
}

/** Sealed records of a box that found no room elsewhere: [[id, {iv, data}]]. */
export function rescued(box) {
  const prefix = key(box, "");
  return Object.keys(localStorage)
    .filter((each) => each.startsWith(prefix))
    .map((each) => {
      const [iv, data] = JSON.parse(localStorage.getItem(each)).map(read);
      return [each.slice(prefix.length), { iv, data }];
    });
}

/** It is where it belongs now, or is not wanted any more. */
export const settle = (box, ids) => ids.forEach((id) => localStorage.removeItem(key(box, id)));

/** Nothing of a box stays. */
export const clear = (box) => settle(box, rescued(box).map(([id]) => id));
