/** The line to the bank, against a bank made of a few functions. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Connection } from "../src/net/connection";
import { Store } from "../src/state/store";

interface Opened {
  after: number;
  lang: string;
  log: string;
}

class FakeSocket {
  connected = false;
  active = true;
  sent: [string, Record<string, unknown>][] = [];
  answers: Record<string, unknown> = {};
  opened: Opened[] = [];
  private listeners = new Map<string, ((value: unknown) => void)[]>();
  auth: (answer: (auth: Opened) => void) => void = () => {};

  on(event: string, take: (value: unknown) => void): void {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), take]);
  }
  once(event: string, take: (value: unknown) => void): void {
    this.on(event, take);
  }
  removeAllListeners(): void {
    this.listeners.clear();
  }
  fire(event: string, value?: unknown): void {
    for (const take of this.listeners.get(event) ?? []) take(value);
  }
  connect(): this {
    this.connected = true;
    this.auth((auth) => this.opened.push(auth));
    this.fire("connect");
    return this;
  }
  disconnect(): this {
    this.connected = false;
    this.fire("disconnect", "io client disconnect");
    return this;
  }
  timeout(): this {
    return this;
  }
  emitWithAck(event: string, data: Record<string, unknown>): Promise<unknown> {
    this.sent.push([event, data]);
    const answer = this.answers[event];
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? { ok: true });
  }
}

let socket: FakeSocket;
vi.mock("socket.io-client", () => ({
  io: (options: { auth: FakeSocket["auth"] }) => {
    socket.auth = options.auth;
    return socket.connect();
  },
}));

const SESSION = { sign_in_url: "https://bank.example/s", phone_url: null, sandbox: false, consent: true, consent_version: "3", customer: null };
const hello = (more: object = {}): object => ({ log: "L1", customer: null, items: [], more: false, last: 0, consent: true, elder_mode: false, pending: [], ...more });
const item = (seq: number, more: object = {}): object => ({ seq, at: "2026-11-22T10:00:00Z", from: "bot", text: `${seq}`, buttons: [], ...more });

let store: Store;
let connection: Connection;
let posts: [string, unknown][];
let languages: (string | null)[];
let answer: (path: string) => Response;

beforeEach(() => {
  vi.useFakeTimers();
  socket = new FakeSocket();
  posts = [];
  languages = [];
  answer = () => Response.json(SESSION);
  vi.stubGlobal("fetch", (path: string, options: RequestInit) => {
    posts.push([path, JSON.parse(String(options.body))]);
    languages.push(new Headers(options.headers).get("Accept-Language"));
    return Promise.resolve(answer(path));
  });
  store = new Store();
  connection = new Connection(store, "zh");
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
async function online(more: object = {}): Promise<void> {
  await connection.start(null);
  socket.fire("welcome", hello(more));
  await settle();
}

describe("starting", () => {
  it("opens a session, then connects from the beginning in the page's language", async () => {
    await online();
    expect(posts).toEqual([["/chat/session", {}]]);
    expect(socket.opened).toEqual([{ after: 0, lang: "zh", log: "" }]);
    expect(store.get()).toMatchObject({ link: "online", loaded: true });
  });

  it("hands in the token after the session exists, and looks at the session again", async () => {
    await connection.start("t".repeat(30));
    expect(posts.map(([path]) => path)).toEqual(["/chat/session", "/chat/sign-in", "/chat/session"]);
    expect(posts[1]![1]).toEqual({ token: "t".repeat(30) });
  });

  it("says kindly why a token was refused, and goes on without", async () => {
    answer = (path) =>
      path === "/chat/sign-in" ? Response.json({ error: { code: "token_used", message: "请重新登录。" } }, { status: 401 }) : Response.json(SESSION);
    await connection.start("t".repeat(30));
    expect(store.get().notice).toBe("请重新登录。");
    expect(socket.connected).toBe(true);
  });

  it("without the bank says so, and can be tried again", async () => {
    answer = () => new Response("gateway", { status: 502 });
    await connection.start(null);
    expect(store.get().link).toBe("failed");
    answer = () => Response.json(SESSION);
    connection.wake();
    await settle();
    expect(store.get().link).toBe("connecting");
  });
});

it("a token survives a bank that cannot be reached, and is handed in once", async () => {
  const fetched = globalThis.fetch;
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("offline")));
  await connection.start("t".repeat(30));
  expect(store.get().link).toBe("failed");
  vi.stubGlobal("fetch", fetched);
  await settle(3_000);
  expect(posts.map(([path]) => path)).toEqual(["/chat/session", "/chat/sign-in", "/chat/session"]);
  await connection.start(null);
  expect(posts.filter(([path]) => path === "/chat/sign-in").length).toBe(1);
});

describe("sending", () => {
  it("delivers, and an item of the same id takes the place of the bubble", async () => {
    await online();
    connection.say("查余额");
    await settle();
    const [event, data] = socket.sent[0]!;
    expect([event, data["text"]]).toEqual(["say", "查余额"]);
    expect(store.get().outgoing[0]).toMatchObject({ id: data["id"], state: "sent" });
    socket.fire("item", item(1, { from: "customer", id: data["id"] }));
    expect(store.get().outgoing).toEqual([]);
  });

  it("shows stars for a code, and the state never holds it", async () => {
    await online();
    connection.say("482916", "••••••");
    await settle();
    expect(socket.sent[0]![1]["text"]).toBe("482916");
    expect(JSON.stringify(store.get())).not.toContain("482916");
  });

  it("tells what the bank said when it refused, and sends again under the same id", async () => {
    await online();
    socket.answers["say"] = { ok: false, code: "busy", message: "请稍候" };
    connection.say("一");
    await settle();
    const { id } = store.get().outgoing[0]!;
    expect(store.get().outgoing[0]).toMatchObject({ state: "failed", reason: "请稍候" });
    delete socket.answers["say"];
    connection.resend(id);
    await settle();
    expect(socket.sent.map(([, data]) => data["id"])).toEqual([id, id]);
    expect(store.get().outgoing[0]!.state).toBe("sent");
  });

  it("waits while the line is down, and sends once it is back", async () => {
    await online();
    socket.connected = false;
    socket.fire("disconnect", "transport close");
    expect(store.get().link).toBe("offline");
    connection.say("转账");
    await settle(5_000);
    expect(socket.sent).toEqual([]);
    socket.connect();
    socket.fire("welcome", hello());
    await settle();
    expect(socket.sent.map(([, data]) => data["text"])).toEqual(["转账"]);
  });

  it("gives up after a while, so that the customer can decide", async () => {
    await online();
    socket.connected = false;
    socket.fire("disconnect", "transport close");
    connection.say("转账");
    await settle(25_000);
    expect(store.get().outgoing[0]!.state).toBe("failed");
  });

  it("an unanswered message on a living line is offered again", async () => {
    await online();
    socket.answers["say"] = new Error("operation has timed out");
    connection.say("转账");
    await settle();
    expect(store.get().outgoing[0]!.state).toBe("failed");
  });
});

describe("staying in step", () => {
  it("asks again from the last item when one is missing", async () => {
    await online({ items: [item(1)], last: 1 });
    socket.fire("item", item(3));
    expect(socket.opened.map(({ after }) => after)).toEqual([0, 1]);
    socket.fire("welcome", hello({ items: [item(2), item(3)], last: 3 }));
    expect(store.get().items.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(socket.opened.length).toBe(2);
  });

  it("gets a new cookie when the bank knows the old one no more", async () => {
    await online({ items: [item(1)], last: 1 });
    socket.connected = false;
    socket.fire("connect_error", new Error("no_session"));
    await settle();
    expect(posts.length).toBe(2);
    expect(socket.opened.length).toBe(2);
  });

  it("says so, and stops asking, when the browser keeps no cookie", async () => {
    await connection.start(null);
    for (let time = 0; time < 3; time += 1) {
      socket.connected = false;
      socket.fire("connect_error", new Error("no_session"));
      await settle();
    }
    expect(posts.length).toBe(2);
    expect(store.get().link).toBe("blocked");
    connection.wake();
    await settle();
    expect(store.get().link).toBe("connecting");
  });

  it("tries again after a refusal that the library does not repeat", async () => {
    await online();
    socket.active = false;
    socket.connected = false;
    socket.fire("connect_error", new Error("rate_limited"));
    await settle(2_000);
    expect(posts.length).toBe(1);
    await settle(2_000);
    expect(posts.length).toBe(2);
    socket.connected = false;
    socket.fire("connect_error", new Error("rate_limited"));
    await settle(5_000);
    expect(posts.length).toBe(2);
    await settle(2_000);
    expect(posts.length).toBe(3);
  });

  it("begins anew when somebody signed in or out elsewhere", async () => {
    await online({ items: [item(1)], last: 1 });
    socket.fire("rotated", {});
    await settle();
    expect(store.get().items).toEqual([]);
    expect(socket.opened.at(-1)).toEqual({ after: 0, lang: "zh", log: "" });
    socket.fire("signed_out", { text: "登录已过期" });
    await settle();
    expect(store.get().notice).toBe("登录已过期");
  });

  it("keeps and sends nothing of somebody who signed out while the page was away", async () => {
    await online({ items: [item(1)], last: 1, customer: { name: "*伟", elder_mode: false } });
    socket.connected = false;
    socket.fire("disconnect", "transport close");
    connection.say("转账");
    socket.connect();
    expect(socket.opened.at(-1)).toMatchObject({ after: 1, log: "L1" });
    socket.fire("welcome", hello({ log: "L2", items: [item(1), item(2)], last: 2 }));
    await settle();
    expect(store.get()).toMatchObject({ customer: null, items: [], outgoing: [] });
    expect(posts.length).toBe(2); // the way to the sign-in page belongs to the cookie
    expect(socket.opened.at(-1)).toMatchObject({ after: 0, log: "" });
    socket.fire("welcome", hello({ log: "L2", items: [item(1), item(2)], last: 2 }));
    await settle();
    expect(store.get().items.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(socket.sent).toEqual([]);
  });

  it("connects once after signing out, although socket and answer both tell", async () => {
    await online();
    const [connected, asked] = [socket.opened.length, posts.length];
    answer = (path) => {
      if (path !== "/chat/sign-out") return Response.json(SESSION);
      socket.fire("rotated", {});
      socket.connected = false;
      socket.fire("disconnect", "io server disconnect");
      return new Response(null, { status: 204 });
    };
    await connection.leave();
    await settle(10_000);
    expect(posts.slice(asked).map(([path]) => path)).toEqual(["/chat/sign-out", "/chat/session"]);
    expect(socket.opened.length).toBe(connected + 1);
  });

  it("connects once when another tab signed out, although the server also hangs up", async () => {
    await online();
    const [connected, asked] = [socket.opened.length, posts.length];
    socket.fire("rotated", {});
    socket.fire("disconnect", "io server disconnect");
    await settle(10_000);
    expect([posts.length - asked, socket.opened.length - connected]).toEqual([1, 1]);
  });

  it("asks for the bank's words in the page's language", async () => {
    connection = new Connection(store, "en");
    await online();
    await connection.leave();
    expect(new Set(languages)).toEqual(new Set(["en"]));
  });

  it("changes the language of the bank's words by connecting again", async () => {
    await online({ items: [item(1)], last: 1 });
    connection.speak("en");
    expect(socket.opened.at(-1)).toEqual({ after: 1, lang: "en", log: "L1" });
  });
});

it("history is asked for once at a time, before the first item", async () => {
  await online({ items: [item(31)], last: 31, more: true });
  socket.answers["history"] = { ok: true, items: [item(29), item(30)], more: true };
  await Promise.all([connection.older(), connection.older()]);
  expect(socket.sent).toEqual([["history", { before: 31 }]]);
  expect(store.get()).toMatchObject({ more: true, older: "idle" });
  socket.answers["history"] = { ok: false, code: "rate_limited", message: "" };
  await connection.older();
  expect(store.get().older).toBe("failed");
});

it("consent names the version that was shown", async () => {
  await online({ consent: false });
  expect(await connection.consent()).toBe(true);
  expect(socket.sent).toEqual([["consent", { version: "3" }]]);
  expect(store.get().consented).toBe(true);
});

it("rubbish from the line changes nothing and breaks nothing", async () => {
  await online({ items: [item(1)], last: 1 });
  const before = JSON.stringify(store.get());
  for (const event of ["welcome", "item"]) for (const raw of [null, 5, "x", [], {}, { seq: {} }]) socket.fire(event, raw);
  expect(JSON.stringify(store.get())).toBe(before);
});
