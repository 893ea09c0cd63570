/* Keys and sealing. One random data key seals everything a person keeps on the phone; it is itself
 * wrapped twice, by what the password gives and by a key that the server holds. */
const subtle = globalThis.crypto?.subtle;
const encode = (text) => new TextEncoder().encode(text);

export const ITERATIONS = 600_000; // OWASP's figure for PBKDF2-SHA256
const SMALLEST = 4096;

export const random = (count) => crypto.getRandomValues(new Uint8Array(count));
export const hex = (bytes) =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
export const randomId = () => hex(random(12));

/** SHA-256 of a Blob, ArrayBuffer or text, as 64 hex digits. */
export async function sha256(content) {
  const bytes =
    typeof content === "string" ? encode(content)
    : content instanceof Blob ? await content.arrayBuffer()
    : content;
  return hex(await subtle.digest("SHA-256", bytes));
}

/** What a name and a password give: slow on purpose, and the name is part of it, so that nothing
 * on the phone says whose data it holds. */
export async function passwordKey(username, password, salt, iterations) {
  const secret = encode(JSON.stringify([username, password]));
  const material = await subtle.importKey("raw", secret, "PBKDF2", false, ["deriveKey"]);
  return subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations },
    material,
    { name: "AES-KW", length: 256 },
    false,
    ["wrapKey", "unwrapKey"],
  );
}

/** The server's key, 64 hex digits, as a wrapping key. */
export function serverKey(digits) {
  const bytes = Uint8Array.from(digits.match(/../g), (pair) => Number.parseInt(pair, 16));
  return subtle.importKey("raw", bytes, "AES-KW", false, ["wrapKey", "unwrapKey"]);
}

export const dataKey = () =>
  subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);

export const wrap = (key, by) => subtle.wrapKey("raw", key, by, "AES-KW");

/** The data key back; null when *by* is the wrong key. Only re-wrapping needs it extractable. */
export async function unwrap(wrapped, by, extractable = false) {
  try {
    const uses = ["encrypt", "decrypt"];
    return await subtle.unwrapKey("raw", wrapped, by, "AES-KW", "AES-GCM", extractable, uses);
  } catch {
    return null;
  }
}

/** A size that tells little: Padmé, at most 12 % more, and nothing below 4 KB. */
export function padded(size) {
  if (size <= SMALLEST) return SMALLEST;
  const exponent = 31 - Math.clz32(size);
  const step = 2 ** (exponent - (32 - Math.clz32(exponent)));
  return Math.ceil(size / step) * step;
}

/** Seal bytes for the place named *id*: what was put elsewhere does not open. */
export async function seal(key, id, bytes) {
  const plain = new Uint8Array(padded(bytes.byteLength + 4));
  new DataView(plain.buffer).setUint32(0, bytes.byteLength);
  plain.set(new Uint8Array(bytes), 4);
  const iv = random(12);
  const data = await subtle.encrypt({ name: "AES-GCM", iv, additionalData: encode(id) }, key, plain);
  return { iv, data };
}

/** The bytes back. Throws when the key, the place or a single bit is another. */
export async function unseal(key, id, { iv, data }) {
  const plain = await subtle.decrypt({ name: "AES-GCM", iv, additionalData: encode(id) }, key, data);
  return plain.slice(4, 4 + new DataView(plain).getUint32(0));
}
