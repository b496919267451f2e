/** How the page's state changes: a pure function, so that doubles, gaps and lost connections can be tested. */
import type { Item, Welcome } from "../protocol";
import { EMPTY, lastSeq, type Action, type Outgoing, type State } from "./model";

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "session":
      return {
        ...state,
        session: action.session,
        customer: action.session.customer,
        elder: action.session.customer?.elder_mode ?? false,
        consented: action.session.consent,
      };
    case "link":
      return action.link === "online" ? { ...state, link: "online" } : { ...state, link: action.link, typing: [], slow: "" };
    case "welcome":
      return state.early.reduce(item, { ...welcome(state, action.welcome), early: [] });
    case "item":
      return item(state, action.item);
    case "spent":
      return { ...state, spent: new Set([...state.spent, ...action.buttons]) };
    case "typing":
      return { ...state, typing: toggled(state.typing, action.replyTo, action.on), slow: action.on ? state.slow : "" };
    case "slow":
      return { ...state, slow: action.text };
    case "turn":
      return { ...state, typing: toggled(state.typing, action.replyTo, false), slow: "" };
    case "consented":
      return { ...state, consented: true };
    case "notice":
      return { ...state, notice: action.text };
    case "reset":
      return { ...EMPTY, link: state.link, session: state.session, notice: state.notice, resync: state.resync };
    case "seen":
      return state.unread === 0 ? state : { ...state, unread: 0 };
    case "older":
      return { ...state, older: action.state };
    case "history":
      return { ...state, items: joined(action.items, state.items), more: action.more, older: "idle" };
    default:
      return outgoing(state, action);
  }
}

type OwnAction = Extract<Action, { type: "outgoing" | "delivered" | "undelivered" | "resend" | "discard" }>;

function outgoing(state: State, action: OwnAction): State {
  switch (action.type) {
    case "outgoing":
      return { ...state, outgoing: [...state.outgoing, action.message], notice: "" };
    case "delivered":
      return changed(state, action.id, { state: "sent" });
    case "undelivered":
      return changed(state, action.id, { state: "failed", reason: action.reason });
    case "resend":
      return changed(state, action.id, { state: "sending", reason: "" });
    case "discard":
      return { ...state, outgoing: state.outgoing.filter((message) => message.id !== action.id) };
  }
}

function changed(state: State, id: string, change: Partial<Outgoing>): State {
  return { ...state, outgoing: state.outgoing.map((message) => (message.id === id ? { ...message, ...change } : message)) };
}

function toggled(ids: string[], id: string, on: boolean): string[] {
  const others = ids.filter((one) => one !== id);
  return on ? [...others, id] : others;
}

function item(state: State, fresh: Item): State {
  if (!state.loaded || state.link !== "online") return { ...state, early: [...state.early, fresh] };
  const last = lastSeq(state.items);
  if (fresh.seq <= last) return state;
  if (fresh.seq > last + 1) return { ...state, resync: state.resync + 1 };
  return {
    ...state,
    items: [...state.items, fresh],
    outgoing: without(state.outgoing, [fresh]),
    unread: fresh.from === "customer" ? state.unread : state.unread + 1,
    slow: fresh.from === "bot" ? "" : state.slow,
  };
}

/** An own message that came back as an item replaces its bubble. */
function without(messages: Outgoing[], items: Item[]): Outgoing[] {
  const back = new Set(items.map((one) => one.id));
  return messages.filter((message) => !back.has(message.id));
}

function welcome(state: State, hello: Welcome): State {
  const known = lastSeq(state.items);
  const common = {
    log: hello.log,
    link: "online" as const,
    loaded: true,
    customer: hello.customer,
    elder: hello.elder_mode,
    consented: hello.consent,
    typing: hello.pending,
    slow: "",
  };
  if (hello.last < known) {
    // The log that the page knows is gone: begin again.
    return { ...state, ...common, items: [], outgoing: [], more: false, resync: state.resync + 1 };
  }
  const fresh = hello.items.filter((one) => one.seq > known).sort((a, b) => a.seq - b.seq);
  const hole = fresh.length > 0 && known > 0 && fresh[0]!.seq > known + 1;
  const begins = known === 0 || hole;
  const items = begins ? fresh : joined(state.items, fresh);
  const news = state.loaded ? fresh.filter((one) => one.from !== "customer").length : 0;
  return {
    ...state,
    ...common,
    items,
    more: begins ? hole || hello.more : state.more,
    older: "idle",
    spent: hello.live ? dead(items, hello.live) : state.spent,
    outgoing: without(state.outgoing, fresh).map((message) => judged(message, hello.pending)),
    unread: state.unread + news,
  };
}

/** A message that was delivered before the connection broke, and that the bank now knows nothing of, was lost. */
function judged(message: Outgoing, pending: string[]): Outgoing {
  return message.state === "sent" && !pending.includes(message.id) ? { ...message, state: "failed", reason: "" } : message;
}

function joined(older: Item[], newer: Item[]): Item[] {
  const bySeq = new Map([...older, ...newer].map((one) => [one.seq, one]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** The buttons on the page that cannot be pressed any more. */
function dead(items: Item[], live: string[]): ReadonlySet<string> {
  const ids = items.flatMap((one) => one.buttons.flatMap((button) => ("id" in button ? [button.id] : [])));
  return new Set(ids.filter((id) => !live.includes(id)));
}
