/* Laying a draft over the form's empty record, in the interface of the package that Enketo asks for.
 * That one parses broken XML on purpose, which a strict security policy reports as an attack. */
export default class MergeXML {
  constructor() {
    this.error = { code: "", text: "" };
    this.dom = null;
  }

  /** The first source is what stands, every further one is laid over it. */
  AddSource(text) {
    const read = new DOMParser().parseFromString(text, "text/xml");
    if (this.dom) lay(this.dom.documentElement, read.documentElement);
    else this.dom = read;
  }
}

function lay(held, given) {
  for (const { name, namespaceURI, value } of given.attributes) {
    if (!name.startsWith("xmlns")) held.setAttributeNS(namespaceURI, name, value);
  }
  const children = [...given.children];
  if (!children.length && !held.children.length) held.textContent = given.textContent;
  const seen = new Map();
  for (const child of children) {
    const place = seen.get(child.localName) ?? 0;
    seen.set(child.localName, place + 1);
    const own = [...held.children].filter(({ localName }) => localName === child.localName)[place];
    if (own) lay(own, child);
    else held.append(held.ownerDocument.importNode(child, true));
  }
}
