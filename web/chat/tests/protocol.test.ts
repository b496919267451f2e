import { describe, expect, it } from "vitest";
import { readAck, readItem, readSession, readWelcome } from "../src/protocol";

describe("what the channel sends", () => {
  it("is read when it is whole", () => {
    const raw = {
      seq: 4, at: "2026-11-22T10:00:00Z", from: "bot", reply_to: "a", text: "转账成功", buttons: [{ title: "查余额", id: "b" }, { title: "官网", url: "https://x.example" }],
      custom: { type: "card", title: "转账成功", amount: "¥500.00", rows: [{ label: "收款人", value: "李娜" }], state: "done" },
    };
    expect(readItem(raw)).toMatchObject(raw);
  });

  it("is no item without seq and speaker", () => {
    for (const raw of [null, [], "x", { seq: "1", from: "bot" }, { seq: 1.5, from: "bot" }, { seq: 1, from: "admin" }]) {
      expect(readItem(raw)).toBeNull();
    }
  });

  it("loses what is not as agreed, and keeps its text", () => {
    const item = readItem({ seq: 1, from: "bot", text: "看文字", buttons: [{ title: 1, id: "b" }, "x", null], custom: { type: "carousel", x: 1 }, image: 5 });
    expect(item).toMatchObject({ text: "看文字", buttons: [], custom: undefined, image: undefined });
    const card = readItem({ seq: 1, from: "bot", custom: { type: "card", title: {}, rows: "no", state: "odd", amount: 5 } });
    expect(card!.custom).toEqual({ type: "card", title: "", rows: [], confirm: false });
  });

  it("may ask for a code of a sensible length only", () => {
    const digits = (value: unknown): unknown => readItem({ seq: 1, from: "bot", custom: { type: "one_time_code", digits: value } })!.custom;
    expect([digits(6), digits(4), digits(1e9), digits("x")]).toEqual([6, 4, 6, 6].map((n) => ({ type: "one_time_code", digits: n })));
  });

  it("is a session only with an address to sign in at", () => {
    expect(readSession({ sandbox: true })).toBeNull();
    expect(readSession({ sign_in_url: "https://b.example/s", transports: ["carrier pigeon"] })).toMatchObject({
      sandbox: false, consent: false, customer: null, transports: ["websocket", "polling"],
    });
  });

  it("is a welcome only with the number of the last item", () => {
    expect(readWelcome({ items: [] })).toBeNull();
    expect(readWelcome({ last: 0, items: [{}], pending: [1, "a"] })).toMatchObject({ items: [], pending: ["a"], consent: false });
  });

  it("is an acknowledgement, or a refusal with words", () => {
    expect(readAck({ ok: true })).toEqual({ ok: true });
    expect(readAck({ ok: false, code: "busy", message: "请稍候" })).toEqual({ ok: false, code: "busy", message: "请稍候" });
    expect(readAck("ok")).toMatchObject({ ok: false });
  });
});
