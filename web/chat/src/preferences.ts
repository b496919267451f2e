/** What the customer chose for the look of the page: the only thing kept in the browser. */
import type { Language } from "./words";

export interface Preferences {
  language: Language;
  size: 0 | 1 | 2;
  theme: "system" | "light" | "dark";
}

const KEY = "zhanggui.chat.preferences";

export function loadPreferences(query: string): Preferences {
  const kept = read();
  const asked = new URLSearchParams(query).get("lang");
  const language = asked === "en" || asked === "zh" ? asked : kept["language"] === "en" ? "en" : "zh";
  const size = kept["size"] === 1 || kept["size"] === 2 ? kept["size"] : 0;
  const theme = kept["theme"] === "light" || kept["theme"] === "dark" ? kept["theme"] : "system";
  return { language, size, theme };
}

function read(): Record<string, unknown> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Record<string, unknown>) : {};
  } catch {
    return {}; // storage is blocked, or holds something else
  }
}

export function savePreferences(preferences: Preferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // Storage is blocked: the choice holds until the page is closed.
  }
}

/** Puts the preferences on <html>, where the style sheets look. */
export function applyPreferences(preferences: Preferences, elder: boolean, htmlLang: string): void {
  const root = document.documentElement;
  const dark = preferences.theme === "dark" || (preferences.theme === "system" && prefersDark().matches);
  root.lang = htmlLang;
  root.dataset["colorScheme"] = dark ? "dark" : "light";
  root.dataset["size"] = String(elder ? Math.max(1, preferences.size) : preferences.size);
  root.toggleAttribute("data-elder", elder);
}

export const prefersDark = (): MediaQueryList => window.matchMedia("(prefers-color-scheme: dark)");
