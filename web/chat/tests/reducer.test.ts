import { describe, expect, it } from "vitest";
import { readItem, type Item, type Welcome } from "../src/protocol";
import { awaitedCode, EMPTY, lastSeq, type Action, type Outgoing, type State } from "../src/state/model";
import { reduce } from "../src/state/reducer";

const item = (seq: number, more: Partial<Item> = {}): Item => ({
  ...readItem({ seq, at: "2026-11-22T10:00:00Z", from: "bot", text: `第${seq}条`, buttons: [] })!,
  ...more,
});
const hello = (items: Item[], more: Partial<Welcome> = {}): Action => ({
  type: "welcome",
  welcome: { log: "L", customer: null, items, more: false, last: lastSeq(items), consent: true, elder_mode: false, pending: [], ...more },
});
const sending = (id: string, text = "查余额"): Outgoing => ({
  id, at: "2026-11-22T10:00:00Z", kind: "say", text, group: [], state: "sending", reason: "",
});
const after = (...actions: Action[]): State => actions.reduce(reduce, EMPTY);
const seqs = (state: State): number[] => state.items.map((one) => one.seq);

describe("items", () => {
  it("come once, however often they are sent", () => {
    const state = after(hello([item(1)]), { type: "item", item: item(2) }, { type: "item", item: item(2, { text: "又一次" }) });
    expect(seqs(state)).toEqual([1, 2]);
    expect(state.items[1]!.text).toBe("第2条");
  });

  it("with a hole are not shown: the page asks again and then has all of them", () => {
    const holed = after(hello([item(1)]), { type: "item", item: item(3) });
    expect(seqs(holed)).toEqual([1]);
    expect(holed.resync).toBe(1);
    const mended = reduce(holed, hello([item(2), item(3)]));
    expect(seqs(mended)).toEqual([1, 2, 3]);
    expect(mended.resync).toBe(1);
  });

  it("that come before the welcome are put in their place after it", () => {
    const early: Action[] = [{ type: "item", item: item(2) }, { type: "item", item: item(3) }];
    expect(seqs(after(...early))).toEqual([]);
    const state = after(...early, hello([item(1), item(2)]));
    expect([seqs(state), state.early, state.resync]).toEqual([[1, 2, 3], [], 0]);
    const back = [{ type: "link", link: "connecting" }, { type: "item", item: item(6) }, hello([item(4), item(5)])] as Action[];
    expect(seqs(back.reduce(reduce, state))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("of history go to the front, without doubles", () => {
    const state = after(hello([item(31), item(32)], { more: true }), { type: "history", items: [item(29), item(30), item(31)], more: true });
    expect(seqs(state)).toEqual([29, 30, 31, 32]);
    expect(state.more).toBe(true);
  });
});

describe("an own message", () => {
  const sent = after(hello([]), { type: "outgoing", message: sending("a") }, { type: "delivered", id: "a" });

  it("is replaced by its item, as the bank shows it", () => {
    const state = reduce(sent, { type: "item", item: item(1, { from: "customer", id: "a", text: "卡号 •••• 1234" }) });
    expect(state.outgoing).toEqual([]);
    expect(state.items[0]!.text).toBe("卡号 •••• 1234");
    expect(state.unread).toBe(0);
  });

  it("whose acknowledgement comes after its item is not back on the page", () => {
    const state = after(
      hello([]),
      { type: "outgoing", message: sending("a") },
      { type: "item", item: item(1, { from: "customer", id: "a" }) },
      { type: "delivered", id: "a" },
    );
    expect(state.outgoing).toEqual([]);
  });

  it("that failed can be sent again under the same id, or thrown away", () => {
    const failed = reduce(sent, { type: "undelivered", id: "a", reason: "请稍候" });
    expect(failed.outgoing[0]).toMatchObject({ id: "a", state: "failed", reason: "请稍候" });
    expect(reduce(failed, { type: "resend", id: "a" }).outgoing[0]).toMatchObject({ id: "a", state: "sending", reason: "" });
    expect(reduce(failed, { type: "discard", id: "a" }).outgoing).toEqual([]);
  });
});

describe("a new connection", () => {
  const before = after(hello([item(1), item(2)]), { type: "outgoing", message: sending("a") }, { type: "link", link: "offline" });

  it("adds what came meanwhile, counts it as unread and drops the own bubble that came back", () => {
    const state = reduce(before, hello([item(3, { from: "customer", id: "a" }), item(4)]));
    expect(seqs(state)).toEqual([1, 2, 3, 4]);
    expect(state.outgoing).toEqual([]);
    expect(state.unread).toBe(1);
    expect(state.link).toBe("online");
  });

  it("keeps a message that was not sent yet", () => {
    expect(reduce(before, hello([], { last: 2 })).outgoing[0]!.state).toBe("sending");
  });

  it("admits that a delivered message was lost, unless the bank still works on it", () => {
    const delivered = reduce(before, { type: "delivered", id: "a" });
    expect(reduce(delivered, hello([], { last: 2 })).outgoing[0]!.state).toBe("failed");
    const working = reduce(delivered, hello([], { last: 2, pending: ["a"] }));
    expect(working.outgoing[0]!.state).toBe("sent");
    expect(working.typing).toEqual(["a"]);
  });

  it("that begins far later shows the newest part and can load the rest", () => {
    const state = reduce(before, hello([item(50), item(51)], { more: true }));
    expect(seqs(state)).toEqual([50, 51]);
    expect(state.more).toBe(true);
  });

  it("to another conversation shows nothing of the former one and asks from the beginning", () => {
    const state = reduce(before, hello([], { last: 1 }));
    expect(seqs(state)).toEqual([]);
    expect(state.resync).toBe(1);
    expect(seqs(reduce(state, hello([item(1)])))).toEqual([1]);
  });

  it("is no reason to forget which buttons are spent", () => {
    const spent = reduce(before, { type: "spent", buttons: ["b1"] });
    expect(reduce(spent, hello([], { last: 2 })).spent.has("b1")).toBe(true);
  });

  it("knows by the bank's list which of the buttons on the page died meanwhile", () => {
    const buttons = [{ title: "确认", id: "b1" }, { title: "取消", id: "b2" }];
    const shown = after(hello([item(1, { buttons })]), { type: "link", link: "offline" });
    const state = reduce(shown, hello([], { last: 1, live: ["b2"] }));
    expect([...state.spent]).toEqual(["b1"]);
  });
});

describe("a turn", () => {
  it("shows typing and slowness until it is over", () => {
    const typing = after(hello([]), { type: "typing", on: true, replyTo: "a" }, { type: "slow", text: "还在处理" });
    expect([typing.typing, typing.slow]).toEqual([["a"], "还在处理"]);
    const over = reduce(typing, { type: "turn", replyTo: "a" });
    expect([over.typing, over.slow]).toEqual([[], ""]);
  });

  it("of another message does not end this one's typing", () => {
    const state = after(hello([]), { type: "typing", on: true, replyTo: "a" }, { type: "turn", replyTo: "b" });
    expect(state.typing).toEqual(["a"]);
  });

  it("is not typed on when the line is down", () => {
    const state = after(hello([]), { type: "typing", on: true, replyTo: "a" }, { type: "link", link: "offline" });
    expect(state.typing).toEqual([]);
  });
});

describe("a one-time code", () => {
  const asks = item(2, { custom: { type: "one_time_code", digits: 6 } });

  it("is awaited until the customer has said something after it", () => {
    expect(awaitedCode(after(hello([item(1), asks])))).toBe(2);
    expect(awaitedCode(after(hello([asks, item(3)])))).toBe(2);
    expect(awaitedCode(after(hello([asks, item(3, { from: "customer" })])))).toBe(0);
    expect(awaitedCode(after(hello([asks]), { type: "outgoing", message: sending("a", "••••••") }))).toBe(0);
  });

  it("can be entered after an entry that was not sent", () => {
    const failed = { ...sending("a", "••••••"), state: "failed" as const };
    expect(awaitedCode(after(hello([asks]), { type: "outgoing", message: failed }))).toBe(2);
  });
});

it("signing in or out leaves nothing of the former conversation, but the session and its notice", () => {
  const full = after(hello([item(1)]), { type: "outgoing", message: sending("a") }, { type: "notice", text: "signed_out" });
  const state = reduce(full, { type: "reset" });
  expect([state.items, state.outgoing, state.customer, state.loaded]).toEqual([[], [], null, false]);
});
