import { useEffect, useState, useSyncExternalStore } from "react";
import type { Host } from "./embed";

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = window.matchMedia(query);
      media.addEventListener("change", changed);
      return () => media.removeEventListener("change", changed);
    },
    () => window.matchMedia(query).matches,
  );
}

/** Whether the customer can see the page: the tab is in front, and the widget, if it is in one, is open. */
export function useVisible(host: Host | null): boolean {
  const [open, setOpen] = useState(host === null);
  const shown = useSyncExternalStore(
    (changed) => {
      document.addEventListener("visibilitychange", changed);
      return () => document.removeEventListener("visibilitychange", changed);
    },
    () => document.visibilityState === "visible",
  );
  useEffect(() => host?.onOpen(setOpen), [host]);
  return shown && open;
}
