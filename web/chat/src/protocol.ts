/** What page and channel say to each other, and the reading of it: what does not fit is left out, never trusted. */

export interface Customer {
  name: string;
  elder_mode: boolean;
}

export interface Session {
  sign_in_url: string;
  phone_url: string | null;
  sandbox: boolean;
  consent: boolean;
  consent_version: string;
  customer: Customer | null;
  transports: ("websocket" | "polling")[];
}

export type Button = { title: string; id: string } | { title: string; url: string };

export interface CardData {
  type: "card";
  title: string;
  subtitle?: string;
  amount?: string;
  rows: { label: string; value: string }[];
  state?: "done" | "pending" | "failed";
  /** The buttons of this message decide. */
  confirm: boolean;
  footer?: string;
}

export interface ListEntry {
  title: string;
  subtitle?: string;
  value?: string;
  note?: string;
  tone?: "in" | "out";
}

export interface ListData {
  type: "list";
  title: string;
  subtitle?: string;
  items: ListEntry[];
  footer?: string;
}

export type Custom =
  | CardData
  | ListData
  | { type: "one_time_code"; digits: number }
  | { type: "sign_in" }
  | { type: "rating" }
  | { type: "confirm" };

export interface Item {
  seq: number;
  at: string;
  from: "customer" | "bot" | "desk" | "notice";
  reply_to: string | null;
  id?: string;
  text: string;
  buttons: Button[];
  image?: string;
  attachment?: string;
  custom?: Custom;
}

export interface Welcome {
  /** Name of the log that the items are of; another one is another person's. */
  log: string;
  customer: Customer | null;
  items: Item[];
  more: boolean;
  last: number;
  consent: boolean;
  elder_mode: boolean;
  pending: string[];
  /** Ids of all buttons that can still be pressed; absent when the channel does not tell. */
  live?: string[];
}

export type Ack = { ok: true } | { ok: false; code: string; message: string };

type Raw = Record<string, unknown>;

export const isRaw = (value: unknown): value is Raw => typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const isText = (value: unknown): value is string => typeof value === "string";
const optional = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const oneOf = <T extends string>(value: unknown, allowed: readonly T[]): T | undefined =>
  allowed.find((known) => known === value);

export function readCustomer(raw: unknown): Customer | null {
  return isRaw(raw) ? { name: text(raw["name"]), elder_mode: raw["elder_mode"] === true } : null;
}

export function readSession(raw: unknown): Session | null {
  if (!isRaw(raw) || typeof raw["sign_in_url"] !== "string") return null;
  const transports = list(raw["transports"]).filter((name) => name === "websocket" || name === "polling");
  return {
    sign_in_url: raw["sign_in_url"],
    phone_url: optional(raw["phone_url"]) ?? null,
    sandbox: raw["sandbox"] === true,
    consent: raw["consent"] === true,
    consent_version: text(raw["consent_version"]),
    customer: readCustomer(raw["customer"]),
    transports: transports.length > 0 ? transports : ["websocket", "polling"],
  };
}

export function readItem(raw: unknown): Item | null {
  if (!isRaw(raw) || !Number.isInteger(raw["seq"])) return null;
  const from = oneOf(raw["from"], ["customer", "bot", "desk", "notice"]);
  if (!from) return null;
  return {
    seq: raw["seq"] as number,
    at: text(raw["at"]),
    from,
    reply_to: optional(raw["reply_to"]) ?? null,
    id: optional(raw["id"]),
    text: text(raw["text"]),
    buttons: list(raw["buttons"]).flatMap(readButton),
    image: optional(raw["image"]),
    attachment: optional(raw["attachment"]),
    custom: readCustom(raw["custom"]),
  };
}

export const readItems = (raw: unknown): Item[] => list(raw).flatMap((one) => readItem(one) ?? []);

export function readWelcome(raw: unknown): Welcome | null {
  if (!isRaw(raw) || typeof raw["last"] !== "number") return null;
  return {
    log: text(raw["log"]),
    customer: readCustomer(raw["customer"]),
    items: readItems(raw["items"]),
    more: raw["more"] === true,
    last: raw["last"],
    consent: raw["consent"] === true,
    elder_mode: raw["elder_mode"] === true,
    pending: list(raw["pending"]).filter(isText),
    live: Array.isArray(raw["live"]) ? raw["live"].filter(isText) : undefined,
  };
}

export function readAck(raw: unknown): Ack {
  if (isRaw(raw) && raw["ok"] === true) return { ok: true };
  if (isRaw(raw)) return { ok: false, code: text(raw["code"]), message: text(raw["message"]) };
  return { ok: false, code: "bad_answer", message: "" };
}

function readButton(raw: unknown): Button[] {
  if (!isRaw(raw) || typeof raw["title"] !== "string") return [];
  if (typeof raw["id"] === "string") return [{ title: raw["title"], id: raw["id"] }];
  if (typeof raw["url"] === "string") return [{ title: raw["title"], url: raw["url"] }];
  return [];
}

function readCustom(raw: unknown): Custom | undefined {
  if (!isRaw(raw)) return undefined;
  switch (raw["type"]) {
    case "card":
      return readCard(raw);
    case "list":
      return readList(raw);
    case "one_time_code": {
      const digits = Number(raw["digits"]);
      return { type: "one_time_code", digits: digits >= 4 && digits <= 8 ? digits : 6 };
    }
    case "sign_in":
    case "rating":
    case "confirm":
      return { type: raw["type"] };
    default:
      return undefined;
  }
}

function readCard(raw: Raw): CardData {
  const rows = list(raw["rows"]).filter(isRaw);
  return {
    type: "card",
    title: text(raw["title"]),
    subtitle: optional(raw["subtitle"]),
    amount: optional(raw["amount"]),
    rows: rows.map((row) => ({ label: text(row["label"]), value: text(row["value"]) })),
    state: oneOf(raw["state"], ["done", "pending", "failed"]),
    confirm: raw["confirm"] === true,
    footer: optional(raw["footer"]),
  };
}

function readList(raw: Raw): ListData {
  const items = list(raw["items"]).filter(isRaw);
  return {
    type: "list",
    title: text(raw["title"]),
    subtitle: optional(raw["subtitle"]),
    items: items.map((item) => ({
      title: text(item["title"]),
      subtitle: optional(item["subtitle"]),
      value: optional(item["value"]),
      note: optional(item["note"]),
      tone: oneOf(item["tone"], ["in", "out"]),
    })),
    footer: optional(raw["footer"]),
  };
}
