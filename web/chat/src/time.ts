/** Dates of messages. Times are of the customer's own clock and zone. */
import type { Words } from "./words";

const QUIET = 5 * 60_000; // ms after which a message shows its time again

/** Whether a message gets a line with its time above it. */
export function needsTime(at: string, before: string | undefined): boolean {
  if (Number.isNaN(Date.parse(at))) return false;
  return !before || Number.isNaN(Date.parse(before)) || Date.parse(at) - Date.parse(before) > QUIET || !sameDay(at, before);
}

const sameDay = (one: string, other: string): boolean => new Date(one).toDateString() === new Date(other).toDateString();

/** "今天 09:05", "昨天 23:10", "11月3日 08:00", with the year when it is another one. */
export function timeLabel(at: string, now: Date, words: Words): string {
  const date = new Date(at);
  const clock = date.toLocaleTimeString(words.htmlLang, { hour: "2-digit", minute: "2-digit", hour12: false });
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (date.toDateString() === now.toDateString()) return `${words.today} ${clock}`;
  if (date.toDateString() === yesterday.toDateString()) return `${words.yesterday} ${clock}`;
  const year = date.getFullYear() === now.getFullYear() ? undefined : ("numeric" as const);
  return `${date.toLocaleDateString(words.htmlLang, { year, month: "long", day: "numeric" })} ${clock}`;
}
