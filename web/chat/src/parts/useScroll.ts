/** Keeps the newest message in sight while the customer is at the end, and his place while he reads further up. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";
import { useChat } from "../chat";
import { lastSeq, type State } from "../state/model";

const NEAR = 90; // px from an end that count as being there

interface Scroll {
  box: RefObject<HTMLDivElement>;
  atEnd: boolean;
  toEnd: (smooth?: boolean) => void;
  onScroll: () => void;
}

export function useScroll(state: State): Scroll {
  const { connection } = useChat();
  const box = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const stays = useRef(true);
  const before = useRef({ first: 0, height: 0, own: 0 });

  const toEnd = useCallback((smooth = false) => {
    const at = box.current;
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    at?.scrollTo?.({ top: at.scrollHeight, behavior: smooth && !calm ? "smooth" : "auto" });
  }, []);

  const first = state.items[0]?.seq ?? 0;
  const own = state.outgoing.length;
  useLayoutEffect(() => {
    const at = box.current!;
    const was = before.current;
    if (was.first > first && first > 0) at.scrollTop += at.scrollHeight - was.height;
    else if (stays.current || own > was.own) toEnd();
    before.current = { first, height: at.scrollHeight, own };
  }, [first, lastSeq(state.items), own, state.typing.length, state.slow, state.loaded, toEnd]);

  useEffect(() => {
    // The keyboard of a phone, or a larger text, must not push the newest message out of sight.
    const watch = new ResizeObserver(() => {
      if (stays.current) toEnd();
    });
    watch.observe(box.current!);
    watch.observe(box.current!.firstElementChild!);
    return () => watch.disconnect();
  }, [toEnd]);

  const onScroll = useCallback(() => {
    const at = box.current!;
    stays.current = at.scrollHeight - at.scrollTop - at.clientHeight < NEAR;
    setAtEnd(stays.current);
    before.current.height = at.scrollHeight;
    if (at.scrollTop < NEAR && state.more && state.older === "idle" && state.link === "online") void connection.older();
  }, [connection, state.more, state.older, state.link]);

  return { box, atEnd, toEnd, onScroll };
}
