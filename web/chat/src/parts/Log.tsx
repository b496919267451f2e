/** The conversation: older messages on scrolling up, new ones announced, a pill when the end is out of sight. */
import { Divider } from "@chatui/core";
import { Fragment, useCallback, useEffect, useRef, useState, type ReactElement } from "react";
import { useChat } from "../chat";
import type { Item } from "../protocol";
import { needsTime, timeLabel } from "../time";
import { useWords } from "../words";
import { Icon } from "./icons";
import { MessageOf, OnItsWay } from "./Message";
import { TypingBubble } from "./Typing";
import { useScroll } from "./useScroll";
import { Hello } from "./Hello";

export function Log(): ReactElement {
  const { state, seen } = useChat();
  const words = useWords();
  const { box, atEnd, toEnd, onScroll } = useScroll(state);
  const quiet = useQuiet(state.items[0]?.seq ?? 0);
  const { unread } = state;
  useEffect(() => {
    if (atEnd && unread > 0) seen();
  }, [atEnd, unread, seen]);
  return (
    <div className="log-frame">
      <div
        ref={box}
        className="log"
        role="log"
        aria-label={words.logLabel}
        aria-live={quiet ? "off" : "polite"}
        tabIndex={0}
        onScroll={onScroll}
      >
        <div className="MessageList">
          <Older />
          {state.loaded && !state.more && <Hello />}
          <Items />
          {state.outgoing.map((message) => (
            <OnItsWay key={message.id} message={message} />
          ))}
          <TypingBubble />
        </div>
      </div>
      {!atEnd && (
        <button type="button" className="pill" onClick={() => toEnd(true)}>
          <Icon name="down" />
          {words.newMessages(unread)}
        </button>
      )}
    </div>
  );
}

function Items(): ReactElement {
  const { items, outgoing } = useChat().state;
  const words = useWords();
  const now = new Date();
  const newestOwn = outgoing.length > 0 ? 0 : newest(items);
  return (
    <>
      {items.map((item, at) => {
        const before = items[at - 1];
        const timed = needsTime(item.at, before?.at);
        return (
          <Fragment key={item.seq}>
            {timed && <Divider>{timeLabel(item.at, now, words)}</Divider>}
            <MessageOf item={item} first={timed || before?.from !== item.from} newest={item.seq === newestOwn} />
          </Fragment>
        );
      })}
    </>
  );
}

/** Seq of the customer's last message as long as nobody has answered it. */
function newest(items: Item[]): number {
  const last = items[items.length - 1];
  return last?.from === "customer" ? last.seq : 0;
}

function Older(): ReactElement | null {
  const { state, connection } = useChat();
  const words = useWords();
  if (!state.more) return null;
  return (
    <div className="older">
      {state.older === "failed" && <p role="alert">{words.olderFailed}</p>}
      <button type="button" disabled={state.older === "loading"} onClick={() => void connection.older()}>
        {state.older === "loading" ? words.loadingOlder : words.loadOlder}
      </button>
    </div>
  );
}

/** History is not read out: the log is silent for a moment after older messages were put in at its top. */
function useQuiet(first: number): boolean {
  const [heard, setHeard] = useState(-1);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const hear = useCallback(() => setHeard(first), [first]);
  useEffect(() => {
    timer.current = setTimeout(hear, 1000);
    return () => clearTimeout(timer.current);
  }, [hear]);
  return heard !== first;
}
