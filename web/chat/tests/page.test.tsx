/** Parts of the page as a customer meets them. */
import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { App } from "../src/App";
import type { Connection } from "../src/net/connection";
import { readItem, readSession } from "../src/protocol";
import { Store } from "../src/state/store";
import { zh } from "../src/words/zh";

const SESSION = readSession({ sign_in_url: "https://bank.example/s", sandbox: false, consent: true, consent_version: "1" })!;

let store: Store;
let connection: Record<string, ReturnType<typeof vi.fn>>;

function open(items: object[] = [], session: object = {}): void {
  store = new Store();
  connection = Object.fromEntries(
    ["say", "press", "resend", "discard", "rate", "consent", "older", "leave", "speak", "wake", "start"].map((name) => [name, vi.fn()]),
  );
  store.dispatch({ type: "session", session: { ...SESSION, ...session } });
  render(<App store={store} connection={connection as unknown as Connection} initial={{ language: "zh", size: 0, theme: "system" }} host={null} />);
  const consent = store.get().consented;
  const read = items.map((item, at) => readItem({ seq: at + 1, at: "2026-11-22T10:00:00Z", from: "bot", ...item })!);
  const welcome = { log: "L", customer: null, items: read, more: false, last: read.length, consent, elder_mode: false, pending: [] };
  act(() => store.dispatch({ type: "welcome", welcome }));
}

const input = (): HTMLTextAreaElement => screen.getByLabelText(zh.inputLabel);
const type = (text: string): void => void fireEvent.change(input(), { target: { value: text } });

beforeEach(() => localStorage.clear());
afterEach(() => localStorage.clear());

describe("typing", () => {
  beforeEach(() => open());

  it("Enter sends, Shift+Enter does not", () => {
    type("查余额");
    fireEvent.keyDown(input(), { key: "Enter", shiftKey: true });
    expect(connection["say"]).not.toHaveBeenCalled();
    fireEvent.keyDown(input(), { key: "Enter" });
    expect(connection["say"]).toHaveBeenCalledWith("查余额", undefined);
    expect(input().value).toBe("");
  });

  it("the Enter that ends the choice of a word does not send", () => {
    type("chayue");
    fireEvent.compositionStart(input());
    fireEvent.keyDown(input(), { key: "Enter" });
    fireEvent.compositionEnd(input());
    fireEvent.keyDown(input(), { key: "Enter", keyCode: 229 }); // Safari: after the end
    fireEvent.keyDown(input(), { key: "Enter", isComposing: true });
    expect(connection["say"]).not.toHaveBeenCalled();
    fireEvent.keyDown(input(), { key: "Enter" });
    expect(connection["say"]).toHaveBeenCalledTimes(1);
  });

  it("blanks and too long texts stay where they are", () => {
    for (const text of ["  \n", "好".repeat(501)]) {
      type(text);
      fireEvent.keyDown(input(), { key: "Enter" });
      expect(input().value).toBe(text);
    }
    expect(connection["say"]).not.toHaveBeenCalled();
    expect(screen.getByText("超出 1 个字")).toBeTruthy();
    type("😀".repeat(500));
    expect(screen.getByText("还可以输入 0 个字")).toBeTruthy();
    expect((screen.getByRole("button", { name: zh.send }) as HTMLButtonElement).disabled).toBe(false);
  });

  it("pictures are refused politely, text is pasted", () => {
    const files = [new File(["x"], "a.png", { type: "image/png" })];
    const pasted = (data: object): boolean => fireEvent.paste(input(), { clipboardData: data });
    expect(pasted({ files: [], getData: () => "文字" })).toBe(true);
    expect(pasted({ files, getData: () => "" })).toBe(false);
    expect(screen.getByText(zh.noFiles)).toBeTruthy();
  });
});

describe("messages", () => {
  it("are text and nothing else", () => {
    const evil = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) **b**\n二";
    open([
      { text: evil, buttons: [{ title: "<b>x</b>", id: "b" }, { title: "跳", url: "javascript:alert(1)" }], attachment: "javascript:alert(1)", image: "https://evil.example/x.png" },
      { text: "x", custom: { type: "card", title: evil, rows: [{ label: "<i>", value: "<svg onload=x>" }] } },
      { from: "customer", id: "m", text: evil },
    ]);
    const log = screen.getByRole("log");
    expect(log.querySelectorAll("script, b, i, [onerror], [onload], iframe, a").length).toBe(0);
    expect([...log.querySelectorAll("img")].map((img) => img.getAttribute("src")).filter((src) => !src?.includes("logo"))).toEqual([]);
    expect(within(log).getAllByText((_, node) => node?.textContent === evil).length).toBeGreaterThan(1);
    expect(screen.getByRole("button", { name: "<b>x</b>" })).toBeTruthy();
  });

  it("with buttons act once and then are still", () => {
    open([{ text: "确认？", custom: { type: "confirm" }, buttons: [{ title: "确认", id: "b1" }, { title: "取消", id: "b2" }] }]);
    fireEvent.click(screen.getByRole("button", { name: "确认" }));
    expect(connection["press"]).toHaveBeenCalledWith("b1", "确认", ["b1", "b2"]);
    expect(document.activeElement).toBe(screen.getByRole("log"));
    const message = { id: "m", at: "", kind: "press" as const, text: "确认", group: ["b1", "b2"], state: "sending" as const, reason: "" };
    const disabled = (): boolean[] => ["确认", "取消"].map((name) => (screen.getByRole("button", { name }) as HTMLButtonElement).disabled);
    act(() => store.dispatch({ type: "outgoing", message }));
    expect(disabled()).toEqual([true, true]);
    act(() => store.dispatch({ type: "undelivered", id: "m", reason: "" }));
    expect(disabled()).toEqual([false, false]);
    act(() => store.dispatch({ type: "spent", buttons: ["b1", "b2"] }));
    expect(disabled()).toEqual([true, true]);
  });

  it("are announced, the history is not", () => {
    vi.useFakeTimers();
    open([{ text: "一" }]);
    const log = screen.getByRole("log");
    act(() => void vi.advanceTimersByTime(1500));
    expect(log.getAttribute("aria-live")).toBe("polite");
    act(() => store.dispatch({ type: "history", items: [readItem({ seq: 0, from: "bot", text: "零" })!], more: false }));
    expect(log.getAttribute("aria-live")).toBe("off");
    act(() => void vi.advanceTimersByTime(1500));
    expect(log.getAttribute("aria-live")).toBe("polite");
    vi.useRealTimers();
  });

  it("that were not sent say so, with the way out", () => {
    open();
    const message = { id: "m", at: "", kind: "say" as const, text: "转账", group: [], state: "failed" as const, reason: "请稍候" };
    act(() => store.dispatch({ type: "outgoing", message }));
    expect(screen.getByText("请稍候")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "重新发送：转账" }));
    expect(connection["resend"]).toHaveBeenCalledWith("m");
    fireEvent.click(screen.getByRole("button", { name: /^删除/ }));
    expect(connection["discard"]).toHaveBeenCalledWith("m");
  });
});

describe("a one-time code", () => {
  beforeEach(() => open([{ text: "请输入验证码", custom: { type: "one_time_code", digits: 6 } }]));
  const code = (): HTMLInputElement => screen.getByLabelText("输入 6 位短信验证码");

  it("is taken from what was pasted, and sent only when confirmed", () => {
    fireEvent.change(code(), { target: { value: "验证码：４８２ 91" } });
    expect(code().value).toBe("48291");
    fireEvent.submit(code());
    expect(connection["say"]).not.toHaveBeenCalled();
    fireEvent.change(code(), { target: { value: "4829167" } });
    expect(connection["say"]).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole("button", { name: zh.codeConfirm }));
    expect(connection["say"]).toHaveBeenCalledWith("482916", "••••••");
  });

  it("typed into the ordinary field is hidden as well", () => {
    type(" 482916 ");
    fireEvent.keyDown(input(), { key: "Enter" });
    expect(connection["say"]).toHaveBeenCalledWith("482916", "••••••");
  });

  it("takes the focus from an idle page, and from nobody who is typing", () => {
    expect(document.activeElement).toBe(code());
    cleanup();
    open();
    type("写到一半");
    input().focus();
    const asks = readItem({ seq: 1, from: "bot", text: "请输入验证码", custom: { type: "one_time_code", digits: 6 } })!;
    act(() => store.dispatch({ type: "item", item: asks }));
    expect(document.activeElement).toBe(input());
  });

  it("has the field that phones know", () => {
    expect([code().inputMode, code().autocomplete]).toEqual(["numeric", "one-time-code"]);
  });
});

describe("consent", () => {
  it("comes before anything is said", () => {
    open([], { consent: false });
    expect(screen.getByRole("dialog")).toBeTruthy();
    type("查余额");
    fireEvent.keyDown(input(), { key: "Enter" });
    expect(connection["say"]).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole("button", { name: zh.privacyAgree }));
    expect(connection["consent"]).toHaveBeenCalled();
  });

  it("can be refused, and thought over", () => {
    open([], { consent: false });
    fireEvent.click(screen.getByRole("button", { name: zh.privacyLeave }));
    expect(screen.getByText(zh.privacyLeft)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: zh.privacyBack }));
    expect(screen.getByRole("button", { name: zh.privacyAgree })).toBeTruthy();
  });
});

it("the line being down is said, and what is being typed stays", () => {
  open();
  type("写到一半");
  act(() => store.dispatch({ type: "link", link: "offline" }));
  expect(screen.getAllByText(zh.reconnecting).length).toBeGreaterThan(0);
  expect(input().value).toBe("写到一半");
});

it("rating says how many stars, and sends them with the comment", async () => {
  open([{ text: "请评价", custom: { type: "rating" } }]);
  connection["rate"]!.mockResolvedValue({ ok: true });
  fireEvent.click(screen.getByLabelText("4 星，满意"));
  fireEvent.change(screen.getByLabelText(zh.rateComment), { target: { value: " 很快 " } });
  await act(async () => void fireEvent.click(screen.getByRole("button", { name: zh.rateSubmit })));
  expect(connection["rate"]).toHaveBeenCalledWith(4, "很快");
  expect(screen.getByText(zh.rateThanks)).toBeTruthy();
});

it("nothing of a conversation is kept in the browser", () => {
  open([{ text: "余额 52,318.66 元" }]);
  type("秘密");
  fireEvent.keyDown(input(), { key: "Enter" });
  expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toMatch(/52,318|秘密/);
});

it("a person is one press away, in every language", () => {
  open();
  fireEvent.click(screen.getByRole("button", { name: zh.person }));
  expect(connection["say"]).toHaveBeenCalledWith("转人工", "转人工");
});
