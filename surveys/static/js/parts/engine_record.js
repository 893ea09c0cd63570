/* The record as XML: what is sent, without what is not relevant; and the draft, with it. */
import { Nodeset } from "enketo-core/src/js/nodeset";
import { getNonRelevantValue, isNodeRelevant } from "enketo-core/src/js/relevant";

/* Enketo keeps the value of an answer that is hidden and brings it back, but forgets that it was
   emptied in between: the remembered value follows every change while the answer is shown. */
const setVal = Nodeset.prototype.setVal;
Nodeset.prototype.setVal = function (value, type) {
  const done = setVal.call(this, value, type);
  const node = this.getElement();
  const kept = node && getNonRelevantValue(node);
  if (kept && isNodeRelevant(node)) kept.currentValue = node.textContent;
  return done;
};

const rootOf = (form) => form.model.xml.querySelector("instance > *");

/** The XML now. `whole` keeps answers that are hidden at the moment, so that nothing typed is lost. */
export function recordOf(form, { whole }) {
  return new XMLSerializer().serializeToString(copyOf(rootOf(form), whole));
}

function copyOf(node, whole) {
  const copy = node.cloneNode(false);
  const children = [...node.children];
  for (const child of children) {
    if (whole || isNodeRelevant(child)) copy.append(copyOf(child, whole));
  }
  if (!children.length) copy.textContent = whole ? valueOf(node) : node.textContent;
  return copy;
}

const valueOf = (node) =>
  isNodeRelevant(node) ? node.textContent : (getNonRelevantValue(node)?.currentValue ?? "");

/** Names of files that the record refers to, hidden answers included: none of them may be thrown away. */
export function filesOf(form, paths) {
  const found = [];
  const look = (node, path) => {
    if (!node.children.length && paths.has(path) && valueOf(node)) {
      found.push({ name: valueOf(node), path, relevant: isNodeRelevant(node) });
    }
    for (const child of node.children) look(child, `${path}/${child.nodeName}`);
  };
  look(rootOf(form), `/${rootOf(form).nodeName}`);
  return found;
}

/** The model for a draft: a repeat that the draft has emptied does not come back with one entry. */
export function modelFor(model, instance, repeats) {
  if (!instance || !repeats.length) return model;
  const read = (text) => new DOMParser().parseFromString(text, "text/xml");
  const [whole, draft] = [read(model), read(instance)];
  const start = whole.querySelector("instance > *");
  for (const path of repeats) {
    const steps = path.split("/").slice(2);
    if (at(draft.documentElement, steps).length) continue;
    for (const entry of at(start, steps)) {
      if (![...entry.attributes].some(({ localName }) => localName === "template")) entry.remove();
    }
  }
  return new XMLSerializer().serializeToString(whole);
}

function at(root, steps) {
  let found = [root];
  for (const step of steps) {
    found = found.flatMap((node) => [...node.children].filter((child) => child.localName === step));
  }
  return found;
}
