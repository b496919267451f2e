/** The page inside the widget's frame: what it tells the page around it, and what it hears from there. */

export interface Host {
  /** How many messages the customer has not seen. */
  unread: (count: number) => void;
  close: () => void;
  /** Calls back with whether the widget is open, now and whenever that changes. */
  onOpen: (heard: (open: boolean) => void) => () => void;
}

/** Null outside of the widget. The page around names itself in the address; who may frame us at all says the CSP. */
export function findHost(view: Window): Host | null {
  const query = new URLSearchParams(view.location.search);
  if (query.get("embed") !== "1" || view.parent === view) return null;
  const origin = originOf(query.get("host"));
  if (!origin) return null;
  const tell = (message: object): void => view.parent.postMessage({ from: "zhanggui-chat", ...message }, origin);
  return {
    unread: (count) => tell({ type: "unread", count }),
    close: () => tell({ type: "close" }),
    onOpen: (heard) => {
      const listen = (event: MessageEvent<unknown>): void => {
        if (event.source !== view.parent || event.origin !== origin) return;
        const data = event.data as { from?: unknown; type?: unknown; open?: unknown } | null;
        if (data?.from === "zhanggui-widget" && data.type === "open") heard(data.open === true);
      };
      view.addEventListener("message", listen);
      tell({ type: "ready" });
      return () => view.removeEventListener("message", listen);
    },
  };
}

function originOf(address: string | null): string | null {
  try {
    const url = new URL(address ?? "");
    return url.protocol === "https:" || url.protocol === "http:" ? url.origin : null;
  } catch {
    return null;
  }
}
