/* Photos, signatures and other files: hashed as they came, sealed, and only then shown. */
import { randomId, sha256 } from "./field_crypto.js";
import { position } from "./field_position.js";
import { PhoneFull } from "./field_vault.js";
import { t } from "./field_words.js";

const ENDINGS = {
  "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic", "image/heif": "heif", "image/gif": "gif",
  "audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/webm": "weba", "audio/wav": "wav", "audio/amr": "amr",
  "video/mp4": "mp4", "video/webm": "webm", "video/quicktime": "mov", "video/3gpp": "3gp", "application/pdf": "pdf",
};

/** Its own ending where it has a plain one, else that of its type. */
function ending(file) {
  const own = /\.([A-Za-z0-9]{1,5})$/.exec(file.name ?? "")?.[1]?.toLowerCase();
  return own ?? ENDINGS[file.type] ?? "bin";
}

/** Keep a file for a record; gives {name, url, sha256}. Throws an Error in words where it cannot. */
export async function capture(vault, record, file, { question, source }) {
  const bytes = await file.arrayBuffer();
  const kept = {
    kind: "file",
    chain: record.chain,
    name: `${question}-${randomId().slice(0, 8)}.${ending(file)}`,
    question,
    sha256: await sha256(bytes),
    size: bytes.byteLength,
    media_type: file.type,
    captured_at: new Date().toISOString(),
    source,
    lastModified: file.lastModified ?? null,
    file: randomId(),
    received: false,
  };
  try {
    await vault.write({ put: [kept], files: [[kept.file, bytes]] });
  } catch (error) {
    throw new Error(t(error instanceof PhoneFull ? "photo.full" : "photo.failed"), { cause: error });
  }
  locate(vault, kept).catch(() => {}); // the box may be shut by then
  return { name: kept.name, url: URL.createObjectURL(file), sha256: kept.sha256 };
}

/** Where it was taken, when the phone knows within a few seconds; never worth waiting for. */
async function locate(vault, kept) {
  const found = await position({ timeout: 8_000, maximumAge: 60_000 });
  const held = vault.records.get(kept.id);
  if (!found || !held) return;
  const { lat, lon, accuracy } = found;
  await vault.write({ put: [{ ...held, lat, lon, accuracy }] });
}

/** A kept file as a Blob, by its name. Throws where its bytes are no longer on the phone. */
export async function stored(vault, record, name) {
  const kept = vault.all("file").find((each) => each.chain === record.chain && each.name === name);
  const bytes = kept?.file && (await vault.file(kept.file));
  if (!bytes) throw new Error(t("photo.elsewhere"));
  return new Blob([bytes], { type: kept.media_type });
}
