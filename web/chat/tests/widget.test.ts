/** The button on a bank's own page. jsdom runs the script as the page would, with the frame's window faked. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { build } from "vite";

const CHAT = "https://chat.bank.example";
let code = "";

/** Runs the built script as included by a page; jsdom has no `document.currentScript` for evaluated code. */
function include(): void {
  const script = document.createElement("script");
  script.src = `${CHAT}/chat/widget.js`;
  script.type = "text/plain"; // is not run by jsdom
  document.head.append(script);
  vi.spyOn(document, "currentScript", "get").mockReturnValue(script);
  window.eval(code);
}

const host = (): Element => document.querySelector("zhanggui-chat-widget")!;
const inside = <T extends Element>(selector: string): T => host().shadowRoot!.querySelector<T>(selector)!;
const button = (): HTMLButtonElement => inside("button");
const frame = (): HTMLIFrameElement => inside("iframe");
const hear = (data: unknown, origin = CHAT, source: unknown = frame().contentWindow): void =>
  void window.dispatchEvent(new MessageEvent("message", { data, origin, source: source as Window }));

beforeAll(async () => {
  await build({ configFile: "vite.widget.config.ts", logLevel: "silent", build: { outDir: "node_modules/.widget-test" } });
  code = readFileSync("node_modules/.widget-test/widget.js", "utf8");
  const before = Object.keys(window);
  include();
  include();
  expect(Object.keys(window).filter((key) => !before.includes(key))).toEqual([]);
});

describe("the widget", () => {
  it("is there once, however often it is included, and loads nothing before it is opened", () => {
    expect(document.querySelectorAll("zhanggui-chat-widget").length).toBe(1);
    expect(frame()).toBeNull();
    expect(button().getAttribute("aria-label")).toBe("打开在线客服");
  });

  it("opens the page in a frame that is told where it is", () => {
    button().click();
    expect(frame().src).toBe(`${CHAT}/chat/?embed=1&lang=zh&host=${encodeURIComponent(location.origin)}`);
    expect(frame().title).toBe("在线客服");
    expect(button().getAttribute("aria-expanded")).toBe("true");
  });

  it("tells the frame whether it is open, once that listens", () => {
    const post = vi.spyOn(frame().contentWindow!, "postMessage").mockImplementation(() => {});
    hear({ from: "zhanggui-chat", type: "ready" });
    expect(post).toHaveBeenCalledWith({ from: "zhanggui-widget", type: "open", open: true }, CHAT);
  });

  it("shows what the page counts as unread, and believes nobody else", () => {
    const badge = inside<HTMLElement>(".badge");
    hear({ from: "zhanggui-chat", type: "unread", count: 7 }, "https://evil.example");
    hear({ from: "zhanggui-chat", type: "unread", count: 7 }, CHAT, window);
    hear({ from: "zhanggui-chat", type: "unread", count: "<b>" });
    hear(null);
    expect(badge.hidden).toBe(true);
    hear({ from: "zhanggui-chat", type: "unread", count: 120 });
    expect([badge.hidden, badge.textContent]).toEqual([false, "99+"]);
    hear({ from: "zhanggui-chat", type: "unread", count: 0 });
    expect(badge.hidden).toBe(true);
  });

  it("closes on Escape and when the page says so, and the button has the focus again", () => {
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    expect(inside<HTMLElement>(".panel").hidden).toBe(true);
    expect(host().shadowRoot!.activeElement).toBe(button());
    button().click();
    hear({ from: "zhanggui-chat", type: "close" });
    expect(button().getAttribute("aria-expanded")).toBe("false");
    hear({ from: "zhanggui-chat", type: "unread", count: 2 });
    expect(button().getAttribute("aria-label")).toContain("2 条未读消息");
  });
});
