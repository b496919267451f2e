/** Which addresses of the bank's messages may be opened, and which parts of a plain text are links. */
import type { Language } from "./words";

export type Part = { text: string; href?: string };

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])$/;
/** An address ends before Chinese text and punctuation; a phone number stands between no other digits. */
const LINK = /https?:\/\/[\w./?&=%#~+:@!$*,;()[\]-]+|(?<![\d.,¥￥-])(?:1[3-9]\d{9}|95\d{3}|400-?\d{3}-?\d{4})(?![\d.,]*\d|\s*[元块万分])/g;

/** The address when a click may go there: https, or an origin of the bank itself (page, sign-in page); else null. */
export function safeUrl(address: string, origins: readonly string[]): string | null {
  let url: URL;
  try {
    url = new URL(address, location.origin);
  } catch {
    return null;
  }
  if (url.username || url.password) return null;
  if (url.protocol === "https:" || origins.includes(url.origin)) return url.href;
  const local = url.protocol === "http:" && LOOPBACK.test(url.hostname) && LOOPBACK.test(location.hostname);
  return local ? url.href : null;
}

/** An image is shown from the page's own origin only. */
export function ownImage(address: string): string | null {
  try {
    const url = new URL(address, location.origin);
    return url.origin === location.origin ? url.href : null;
  } catch {
    return null;
  }
}

/** Splits a text into plain parts and links: phone numbers, and addresses of the bank's own origins. */
export function linked(text: string, origins: readonly string[]): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const found = match[0].replace(/[.,;:!?)\]]+$/, "");
    const href = found.startsWith("http") ? bankAddress(found, origins) : `tel:${found.replace(/-/g, "")}`;
    if (!href) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ text: found, href });
    end = match.index + found.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

function bankAddress(address: string, origins: readonly string[]): string | null {
  try {
    const url = new URL(address);
    return origins.includes(url.origin) && !url.username && !url.password ? url.href : null;
  } catch {
    return null;
  }
}

/** Name of a document for its download card. */
export function fileName(address: string, otherwise: string): string {
  try {
    const last = new URL(address, location.origin).pathname.split("/").pop() ?? "";
    return decodeURIComponent(last) || otherwise;
  } catch {
    return otherwise;
  }
}

/** The bank's sign-in page in the language of this one; Chinese is what it speaks by itself. */
export function inLanguage(address: string, language: Language): string {
  const url = new URL(address, location.href);
  if (language === "en") url.searchParams.set("lang", "en");
  return url.href;
}
