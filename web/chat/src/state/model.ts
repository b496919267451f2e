/** The state of the page, and what changes it. No text of a conversation is stored anywhere else in the browser. */
import type { Customer, Item, Session, Welcome } from "../protocol";

export interface Outgoing {
  id: string;
  at: string;
  kind: "say" | "press";
  /** As it is shown; what is sent may differ (a one-time code) and is kept by the connection until delivered. */
  text: string;
  /** Buttons that are disabled together with the pressed one. */
  group: string[];
  state: "sending" | "sent" | "failed";
  /** Why it failed, in words of the channel; empty when only the network is to blame. */
  reason: string;
}

export type Link = "starting" | "failed" | "blocked" | "connecting" | "online" | "offline";

export interface State {
  link: Link;
  session: Session | null;
  customer: Customer | null;
  elder: boolean;
  consented: boolean;
  /** The first welcome came: what is shown is the conversation as the bank has it. */
  loaded: boolean;
  /** Name of the log that the items are of. */
  log: string;
  /** By seq, without doubles and gaps. */
  items: Item[];
  /** Came before the welcome of their connection. */
  early: Item[];
  more: boolean;
  older: "idle" | "loading" | "failed";
  outgoing: Outgoing[];
  spent: ReadonlySet<string>;
  typing: string[];
  slow: string;
  notice: string;
  unread: number;
  /** Goes up whenever something is missing: the connection then asks again from the last item on. */
  resync: number;
}

export type Action =
  | { type: "session"; session: Session }
  | { type: "link"; link: Link }
  | { type: "welcome"; welcome: Welcome }
  | { type: "item"; item: Item }
  | { type: "spent"; buttons: string[] }
  | { type: "typing"; on: boolean; replyTo: string }
  | { type: "slow"; text: string }
  | { type: "turn"; replyTo: string }
  | { type: "consented" }
  | { type: "notice"; text: string }
  | { type: "reset" }
  | { type: "seen" }
  | { type: "older"; state: "loading" | "failed" }
  | { type: "history"; items: Item[]; more: boolean }
  | { type: "outgoing"; message: Outgoing }
  | { type: "delivered"; id: string }
  | { type: "undelivered"; id: string; reason: string }
  | { type: "resend"; id: string }
  | { type: "discard"; id: string };

export const EMPTY: State = {
  link: "starting",
  session: null,
  customer: null,
  elder: false,
  consented: false,
  loaded: false,
  log: "",
  items: [],
  early: [],
  more: false,
  older: "idle",
  outgoing: [],
  spent: new Set(),
  typing: [],
  slow: "",
  notice: "",
  unread: 0,
  resync: 0,
};

export const lastSeq = (items: Item[]): number => items[items.length - 1]?.seq ?? 0;

/** The bank waits for a code: the newest message that is not the page's own asks for one. Returns its seq, or 0. */
export function awaitedCode(state: State): number {
  for (let at = state.items.length - 1; at >= 0; at -= 1) {
    const item = state.items[at]!;
    if (item.from === "customer") return 0;
    if (item.custom?.type === "one_time_code") return state.outgoing.some((message) => message.state !== "failed") ? 0 : item.seq;
  }
  return 0;
}
