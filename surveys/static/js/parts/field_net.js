/* Asking the server: every outcome is an answer of ours, a refusal in words, or no network. */
import { locale } from "./field_words.js";

const PATIENCE_MS = 30_000;

/** Nobody answered, or somebody who is not our server (the sign-in page of a hotel's network). */
export class Away extends Error {}

/** The server said no: {status, code, title, detail}, and seconds to wait where it says so. */
export class Refused extends Error {
  constructor(status, problem, seconds) {
    super(problem.code);
    Object.assign(this, { status, ...problem, seconds });
  }

  /** Whether asking again later may help by itself. */
  get passing() {
    return this.status === 429 || this.status >= 500;
  }
}

async function problem(response) {
  try {
    const told = await response.clone().json();
    return {
      code: String(told.type ?? "").split(":").pop(),
      title: told.title ?? "",
      detail: told.detail ?? "",
    };
  } catch {
    return { code: `http-${response.status}`, title: "", detail: "" };
  }
}

/** Ask; gives the Response of a success. Throws Away or Refused.
 *
 * key: the phone's own, and then no cookie goes along · json: a body · patience: ms.
 */
export async function ask(path, { key, json, body, method, headers = {}, patience = PATIENCE_MS } = {}) {
  const sent = { Accept: "application/json", "Accept-Language": locale(), ...headers };
  if (key) sent.Authorization = `Bearer ${key}`;
  if (json !== undefined) sent["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, {
      method: method ?? (json === undefined && body === undefined ? "GET" : "POST"),
      headers: sent,
      body: json === undefined ? body : JSON.stringify(json),
      credentials: key ? "omit" : "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(patience),
    });
  } catch (error) {
    throw new Away(error.message);
  }
  if (response.ok) return response;
  const seconds = Number(response.headers.get("Retry-After")) || 0;
  throw new Refused(response.status, await problem(response), seconds);
}

/** Ask for JSON of ours. */
export async function askJson(path, options) {
  const response = await ask(path, options);
  try {
    return await response.json();
  } catch {
    throw new Away("not ours");
  }
}
