/* What a table shows is in the address, so that it can be sent to someone. */

/** The value of *name* in the address, or "". */
export function asked(name) {
  return new URLSearchParams(location.search).get(name) ?? "";
}

/** Put *value* under *name* in the address ("" takes it out) as a step that Back undoes. */
export function remember(name, value) {
  const address = new URL(location.href);
  if (value) address.searchParams.set(name, value);
  else address.searchParams.delete(name);
  if (address.href !== location.href) history.pushState(history.state, "", address);
}
