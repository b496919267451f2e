import { beforeEach, describe, expect, it, vi } from "vitest";
import { findHost } from "../src/embed";
import { newId } from "../src/net/id";
import { takeToken } from "../src/net/token";
import { applyPreferences, loadPreferences, savePreferences } from "../src/preferences";
import { needsTime, timeLabel } from "../src/time";
import { WORDS } from "../src/words";

describe("the sign-in token", () => {
  const take = (hash: string): [string | null, string] => {
    history.replaceState(null, "", `/chat/?lang=en${hash}`);
    return [takeToken(location, history), location.hash];
  };

  it("is taken out of the address at once", () => {
    const token = "abc.def-ghi_jkl.mnopqrstuvw";
    expect(take(`#token=${token}`)).toEqual([token, ""]);
    expect(location.search).toBe("?lang=en");
  });

  it("of a wrong form is thrown away, and other fragments are left alone", () => {
    expect(take("#token=<script>")).toEqual([null, ""]);
    expect(take("#token=")).toEqual([null, ""]);
    expect(take("#other")).toEqual([null, "#other"]);
  });
});

describe("preferences", () => {
  beforeEach(() => localStorage.clear());

  it("are remembered", () => {
    savePreferences({ language: "en", size: 2, theme: "dark" });
    expect(loadPreferences("")).toEqual({ language: "en", size: 2, theme: "dark" });
    expect(loadPreferences("?lang=zh").language).toBe("zh");
  });

  it("begin in Chinese, and survive rubbish and a blocked storage", () => {
    expect(loadPreferences("")).toEqual({ language: "zh", size: 0, theme: "system" });
    localStorage.setItem("zhanggui.chat.preferences", "{{");
    expect(loadPreferences("?lang=xx").language).toBe("zh");
    localStorage.setItem("zhanggui.chat.preferences", '{"size": 7, "theme": "<b>", "language": 3}');
    expect(loadPreferences("")).toEqual({ language: "zh", size: 0, theme: "system" });
    vi.spyOn(Storage.prototype, "getItem").mockImplementation(() => {
      throw new Error("blocked");
    });
    expect(loadPreferences("").theme).toBe("system");
  });

  it("make elder customers' text at least large", () => {
    applyPreferences({ language: "zh", size: 0, theme: "light" }, true, "zh-CN");
    expect(document.documentElement.dataset).toMatchObject({ size: "1", colorScheme: "light", elder: "" });
    applyPreferences({ language: "zh", size: 2, theme: "dark" }, false, "en");
    expect(document.documentElement.dataset).toMatchObject({ size: "2", colorScheme: "dark" });
    expect(document.documentElement.hasAttribute("data-elder")).toBe(false);
  });
});

describe("the time of a message", () => {
  const now = new Date(2026, 10, 22, 18, 0);
  const at = (...parts: [number, number, number, number, number]): string => new Date(...parts).toISOString();

  it("is said by day", () => {
    const label = (date: string): string => timeLabel(date, now, WORDS.zh);
    expect(label(at(2026, 10, 22, 9, 5))).toBe("今天 09:05");
    expect(label(at(2026, 10, 21, 23, 10))).toBe("昨天 23:10");
    expect(label(at(2026, 10, 3, 8, 0))).toBe("11月3日 08:00");
    expect(label(at(2025, 0, 3, 8, 0))).toBe("2025年1月3日 08:00");
  });

  it("stands above the first message, after a pause and on a new day", () => {
    expect(needsTime(at(2026, 10, 22, 9, 0), undefined)).toBe(true);
    expect(needsTime(at(2026, 10, 22, 9, 3), at(2026, 10, 22, 9, 0))).toBe(false);
    expect(needsTime(at(2026, 10, 22, 9, 6), at(2026, 10, 22, 9, 0))).toBe(true);
    expect(needsTime(at(2026, 10, 22, 0, 1), at(2026, 10, 21, 23, 59))).toBe(true);
    expect(needsTime("odd", undefined)).toBe(false);
  });
});

it("ids are UUIDs and differ", () => {
  const ids = new Set(Array.from({ length: 100 }, newId));
  expect(ids.size).toBe(100);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

describe("inside the widget", () => {
  function framed(search: string): { view: Window; told: [object, string][]; hear: (data: unknown, origin: string, source?: unknown) => void } {
    const told: [object, string][] = [];
    const parent = { postMessage: (data: object, origin: string) => told.push([data, origin]) };
    let listener: (event: unknown) => void = () => {};
    const view = { parent, location: { search }, addEventListener: (_: string, on: typeof listener) => (listener = on), removeEventListener: () => {} };
    return { view: view as unknown as Window, told, hear: (data, origin, source = parent) => listener({ data, origin, source }) };
  }

  it("the page speaks to the page around it only", () => {
    const { view, told } = framed("?embed=1&host=https%3A%2F%2Fbank.example%2Fx");
    findHost(view)!.unread(3);
    expect(told).toEqual([[{ from: "zhanggui-chat", type: "unread", count: 3 }, "https://bank.example"]]);
  });

  it("the page hears the page around it only", () => {
    const { view, told, hear } = framed("?embed=1&host=https%3A%2F%2Fbank.example");
    const heard: boolean[] = [];
    findHost(view)!.onOpen((open) => heard.push(open));
    expect(told).toEqual([[{ from: "zhanggui-chat", type: "ready" }, "https://bank.example"]]);
    const opened = { from: "zhanggui-widget", type: "open", open: true };
    hear(opened, "https://evil.example");
    hear(opened, "https://bank.example", {});
    hear(null, "https://bank.example");
    hear({ ...opened, from: "x" }, "https://bank.example");
    expect(heard).toEqual([]);
    hear(opened, "https://bank.example");
    expect(heard).toEqual([true]);
  });

  it("is only where somebody frames the page and says who", () => {
    for (const search of ["", "?embed=1", "?embed=1&host=javascript:x", "?embed=0&host=https://b.example"]) {
      expect(findHost(framed(search).view)).toBeNull();
    }
    expect(findHost(window)).toBeNull();
  });
});

it("Chinese and English say the same things", () => {
  expect(Object.keys(WORDS.en).sort()).toEqual(Object.keys(WORDS.zh).sort());
  expect(WORDS.en.suggestions.length).toBe(WORDS.zh.suggestions.length);
  const chinese = JSON.stringify(WORDS.zh);
  expect(chinese).not.toMatch(/[一-鿿][,:;?!]|[,:;?!][一-鿿]/); // full-width punctuation
});
