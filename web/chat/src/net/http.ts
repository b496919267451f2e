/** The three HTTP calls of the page. */
import type { Language } from "../words";
import { isRaw, readSession, type Session } from "../protocol";

export class HttpError extends Error {
  constructor(
    readonly code: string,
    /** A sentence for the customer, or empty. */
    readonly told: string,
  ) {
    super(code);
  }
}

const TIMEOUT = 15_000; // ms
const SETTLING = 300; // ms
const MOST_TRIES = 40;

async function post(path: string, body: object, language: Language): Promise<unknown> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT);
  try {
    const answer = await fetch(`/chat/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept-Language": language },
      body: JSON.stringify(body),
      credentials: "same-origin",
      signal: stop.signal,
    });
    const content: unknown = answer.status === 204 ? null : await answer.json();
    if (!answer.ok) throw refusal(content);
    return content;
  } catch (error) {
    throw error instanceof HttpError ? error : new HttpError("unreachable", "");
  } finally {
    clearTimeout(timer);
  }
}

function refusal(content: unknown): HttpError {
  const error = isRaw(content) && isRaw(content["error"]) ? content["error"] : {};
  return new HttpError(String(error["code"] ?? "refused"), typeof error["message"] === "string" ? error["message"] : "");
}

/** Opens or finds the session of this browser's cookie; raises HttpError. */
export async function openSession(language: Language): Promise<Session> {
  const session = readSession(await whenSettled(() => post("session", {}, language)));
  if (!session) throw new HttpError("bad_answer", "");
  return session;
}

/** Another tab has just signed in or out: the answer to it, with the new cookie, is on its way to this browser. */
async function whenSettled(ask: () => Promise<unknown>): Promise<unknown> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof HttpError) || error.code !== "rotated" || tries === MOST_TRIES) throw error;
      await new Promise((done) => setTimeout(done, SETTLING));
    }
  }
}

/** Hands in the token of the bank's sign-in page; raises HttpError with the channel's words. */
export async function signIn(token: string, language: Language): Promise<void> {
  await post("sign-in", { token }, language);
}

export async function signOut(language: Language): Promise<void> {
  await post("sign-out", {}, language);
}
