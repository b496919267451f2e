/** The line to the bank: session, socket, what is sent and what comes back. It changes the store and nothing else. */
import { io, type Socket } from "socket.io-client";
import type { Ack } from "../protocol";
import { isRaw, list, readAck, readItem, readItems, readWelcome } from "../protocol";
import { lastSeq, type Outgoing } from "../state/model";
import type { Store } from "../state/store";
import type { Language } from "../words";
import { connected } from "./connected";
import { HttpError, openSession, signIn, signOut } from "./http";
import { newId } from "./id";

const ACK_TIMEOUT = 10_000; // ms
const GIVE_UP = 20_000; // ms after which an unsent message is offered for sending again
const RETRY = 3_000; // ms, doubled with every failure up to
const LONGEST_RETRY = 30_000; // ms

type Payload = { event: "say" | "press"; data: Record<string, string> };

export class Connection {
  private socket: Socket | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private readonly payloads = new Map<string, Payload>();
  private resyncs = 0;
  private cookieless = 0;
  private failures = 0;
  /** This page signs out: it hears of the new cookie twice, from the socket and with the answer. */
  private leaving = false;
  /** Of the sign-in page; kept until the bank has answered it. */
  private token: string | null = null;

  constructor(
    private readonly store: Store,
    private language: Language,
  ) {}

  /** Opens the session (with a sign-in token, if there is one) and connects. Says in the state how that went. */
  async start(token: string | null): Promise<void> {
    clearTimeout(this.retry);
    this.cookieless = 0;
    this.token = token ?? this.token;
    this.store.dispatch({ type: "link", link: "starting" });
    try {
      // First the cookie the token is bound to, then the token; a second look gives the session as signed in.
      let session = await openSession(this.language);
      if (this.token && (await this.redeem(this.token))) session = await openSession(this.language);
      this.store.dispatch({ type: "session", session });
      this.connect(session.transports);
    } catch {
      this.store.dispatch({ type: "link", link: "failed" });
      this.after(() => this.start(null));
    }
  }

  private async redeem(token: string): Promise<boolean> {
    try {
      await signIn(token, this.language);
      this.token = null;
      return true;
    } catch (error) {
      if (error instanceof HttpError && error.code === "unreachable") throw error;
      this.token = null;
      this.store.dispatch({ type: "notice", text: (error instanceof HttpError && error.told) || "sign_in_failed" });
      return false;
    }
  }

  private hangUp(): void {
    this.socket?.removeAllListeners();
    this.socket?.disconnect();
  }

  private connect(transports: ("websocket" | "polling")[]): void {
    this.hangUp();
    this.store.dispatch({ type: "link", link: "connecting" });
    const socket = io({
      path: "/chat/socket.io",
      transports,
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 5_000,
      auth: (answer) => answer({ after: lastSeq(this.store.get().items), lang: this.language, log: this.store.get().log }),
    });
    this.socket = socket;
    this.listen(socket);
  }

  private listen(socket: Socket): void {
    const { dispatch } = this.store;
    const on = (event: string, take: (raw: Record<string, unknown>) => void): void => {
      socket.on(event, (raw: unknown) => take(isRaw(raw) ? raw : {}));
    };
    on("welcome", (raw) => this.welcomed(raw));
    on("item", (raw) => this.received(raw));
    on("spent", (raw) => dispatch({ type: "spent", buttons: list(raw["buttons"]).map(String) }));
    on("typing", (raw) => dispatch({ type: "typing", on: raw["on"] === true, replyTo: String(raw["reply_to"]) }));
    on("slow", (raw) => dispatch({ type: "slow", text: String(raw["text"] ?? "") }));
    on("turn", (raw) => dispatch({ type: "turn", replyTo: String(raw["reply_to"]) }));
    on("rotated", () => this.leaving || void this.begin(""));
    on("signed_out", (raw) => void this.begin(String(raw["text"] || "signed_out")));
    socket.on("connect_error", (error) => this.refused(error));
    socket.on("disconnect", (reason) => this.lost(reason));
  }

  private welcomed(raw: unknown): void {
    const welcome = readWelcome(raw);
    if (!welcome) return;
    const { log } = this.store.get();
    // Somebody else is signed in now, and the page was away when it was told: nothing of before may stay, or be sent.
    if (log && welcome.log !== log) return void this.begin("");
    this.cookieless = 0;
    this.failures = 0;
    this.store.dispatch({ type: "welcome", welcome });
    this.caughtUp();
    for (const message of this.store.get().outgoing) {
      if (message.state === "sending") void this.deliver(message.id);
    }
  }

  private received(raw: unknown): void {
    const item = readItem(raw);
    if (!item) return;
    this.store.dispatch({ type: "item", item });
    if (item.id) this.payloads.delete(item.id);
    this.caughtUp();
  }

  /** The state found a hole: connect again, which asks for everything after the last item. */
  private caughtUp(): void {
    const { resync } = this.store.get();
    if (resync === this.resyncs) return;
    this.resyncs = resync;
    this.again();
  }

  private again(): void {
    this.store.dispatch({ type: "link", link: "connecting" });
    this.socket?.disconnect().connect();
  }

  private lost(reason: Socket.DisconnectReason): void {
    if (reason === "io client disconnect") return;
    this.store.dispatch({ type: "link", link: "offline" });
    if (reason === "io server disconnect") this.later();
  }

  private refused(error: Error): void {
    if (this.store.get().link !== "connecting") this.store.dispatch({ type: "link", link: "offline" });
    if (error.message === "no_session") this.withoutSession();
    else if (!this.socket?.active) this.later();
  }

  /** A second refusal in a row, with a new cookie: the browser keeps none (the widget on a foreign site). */
  private withoutSession(): void {
    this.cookieless += 1;
    if (this.cookieless === 1) return void this.renew();
    this.socket?.disconnect();
    this.store.dispatch({ type: "link", link: "blocked" });
  }

  private later(): void {
    this.after(() => this.renew());
  }

  private after(again: () => Promise<void>): void {
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void again(), Math.min(LONGEST_RETRY, RETRY * 2 ** this.failures));
    this.failures += 1;
  }

  /** Gets a cookie again, then connects with it; keeps what is on the page. */
  private async renew(): Promise<void> {
    try {
      this.store.dispatch({ type: "session", session: await openSession(this.language) });
      this.socket?.connect();
    } catch {
      this.later();
    }
  }

  /** Another person, or nobody, is signed in now: the page begins anew. */
  private async begin(notice: string): Promise<void> {
    this.hangUp(); // the server does so too, which must not count as a line that broke
    this.payloads.clear();
    this.store.dispatch({ type: "reset" });
    this.store.dispatch({ type: "notice", text: notice });
    await this.start(null);
  }

  /** Sends what the customer typed. `shown` replaces it on the page (a one-time code is never shown). */
  say(text: string, shown = text): void {
    const id = newId();
    this.send({ event: "say", data: { id, text } }, { id, kind: "say", text: shown, group: [] });
  }

  press(button: string, title: string, group: string[]): void {
    const id = newId();
    this.send({ event: "press", data: { id, button } }, { id, kind: "press", text: title, group });
  }

  private send(payload: Payload, about: Pick<Outgoing, "id" | "kind" | "text" | "group">): void {
    this.payloads.set(about.id, payload);
    const message: Outgoing = { ...about, at: new Date().toISOString(), state: "sending", reason: "" };
    this.store.dispatch({ type: "outgoing", message });
    void this.deliver(about.id);
  }

  /** Sends a message again under its own id: the bank takes it once, however often it comes. */
  resend(id: string): void {
    this.store.dispatch({ type: "resend", id });
    void this.deliver(id);
  }

  discard(id: string): void {
    this.payloads.delete(id);
    this.store.dispatch({ type: "discard", id });
  }

  private async deliver(id: string): Promise<void> {
    const payload = this.payloads.get(id);
    if (!payload) return;
    if (!this.socket?.connected) return this.expire(id);
    const ack = await this.ask(payload.event, payload.data);
    if (ack.ok) return this.store.dispatch({ type: "delivered", id });
    if (ack.code === "unreachable" && !this.socket.connected) return this.expire(id);
    this.store.dispatch({ type: "undelivered", id, reason: ack.message });
  }

  /** Waits for the connection to come back, but not for ever. */
  private expire(id: string): void {
    setTimeout(() => {
      const waiting = this.store.get().outgoing.some((message) => message.id === id && message.state === "sending");
      if (waiting && !this.socket?.connected) this.store.dispatch({ type: "undelivered", id, reason: "" });
    }, GIVE_UP);
  }

  private async ask(event: string, data: object): Promise<Ack> {
    try {
      return readAck(await this.request(event, data));
    } catch {
      return { ok: false, code: "unreachable", message: "" };
    }
  }

  private request(event: string, data: object): Promise<unknown> {
    if (!this.socket?.connected) return Promise.reject(new Error("offline"));
    return this.socket.timeout(ACK_TIMEOUT).emitWithAck(event, data);
  }

  rate(score: number, comment: string): Promise<Ack> {
    return this.ask("rate", comment ? { score, comment } : { score });
  }

  async consent(): Promise<boolean> {
    const version = this.store.get().session?.consent_version ?? "";
    if (this.socket) await connected(this.socket, ACK_TIMEOUT);
    const ack = await this.ask("consent", { version });
    if (ack.ok) this.store.dispatch({ type: "consented" });
    return ack.ok;
  }

  async older(): Promise<void> {
    const first = this.store.get().items[0]?.seq;
    if (!first || this.store.get().older === "loading") return;
    this.store.dispatch({ type: "older", state: "loading" });
    try {
      const answer = await this.request("history", { before: first });
      if (!isRaw(answer) || answer["ok"] !== true) throw new Error("refused");
      this.store.dispatch({ type: "history", items: readItems(answer["items"]), more: answer["more"] === true });
    } catch {
      this.store.dispatch({ type: "older", state: "failed" });
    }
  }

  async leave(): Promise<void> {
    this.leaving = true;
    try {
      await signOut(this.language);
      await this.begin("signed_out_now");
    } catch {
      this.store.dispatch({ type: "notice", text: "unreachable" });
    } finally {
      this.leaving = false;
    }
  }

  /** The bank's own words follow the page's language from the next connection on. */
  speak(language: Language): void {
    if (language === this.language) return;
    this.language = language;
    if (this.socket?.connected) this.again();
  }

  /** The network or the page came back: do not wait for the next try. */
  wake(): void {
    const { link } = this.store.get();
    if (link === "failed" || link === "blocked") void this.start(null);
    else if (this.socket && !this.socket.connected) this.socket.connect();
  }
}
