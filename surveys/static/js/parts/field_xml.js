/* Who a record says it is: the two ids in its XML that tie it to the record before it. */
const child = (node, name) => [...node.children].find((each) => each.localName === name);

/** {instance, follows} of a record's XML; empty where it names none. */
export function identity(xml) {
  const meta = child(new DOMParser().parseFromString(xml, "text/xml").documentElement, "meta");
  const said = (name) => (meta && child(meta, name)?.textContent) || "";
  return { instance: said("instanceID"), follows: said("deprecatedID") };
}
