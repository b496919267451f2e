import { useCallback, useEffect, useLayoutEffect, useMemo, useState, useSyncExternalStore, type ReactElement } from "react";
import { ChatProvider, type Chat } from "./chat";
import type { Host } from "./embed";
import { inLanguage } from "./links";
import type { Connection } from "./net/connection";
import { Page } from "./parts/Page";
import { Start } from "./parts/Start";
import { applyPreferences, prefersDark, savePreferences, type Preferences } from "./preferences";
import type { State } from "./state/model";
import type { Store } from "./state/store";
import { useVisible } from "./useBrowser";
import { WORDS, WordsProvider } from "./words";

interface Props {
  store: Store;
  connection: Connection;
  initial: Preferences;
  host: Host | null;
}

export function App({ store, connection, initial, host }: Props): ReactElement {
  const state = useSyncExternalStore(store.subscribe, store.get);
  const [preferences, change] = usePreferences(initial, state, connection);
  const visible = useVisible(host);
  const words = WORDS[preferences.language];
  const seen = useCallback(() => {
    if (visible) store.dispatch({ type: "seen" });
  }, [store, visible]);
  useUnread(state.unread, words.title, host);
  useWake(connection);

  const address = state.session?.sign_in_url;
  const chat = useMemo<Chat>(
    () => ({
      state,
      connection,
      preferences,
      change,
      origins: address ? [location.origin, new URL(address, location.href).origin] : [location.origin],
      embedded: host !== null,
      seen,
      signIn: () => address && goTo(inLanguage(address, preferences.language), host !== null),
    }),
    [state, connection, preferences, change, address, host, seen],
  );
  return (
    <WordsProvider value={words}>
      <ChatProvider value={chat}>
        {state.session && state.link !== "blocked" ? (
          <Page host={host} />
        ) : (
          <Start link={state.link} onRetry={() => void connection.start(null)} />
        )}
      </ChatProvider>
    </WordsProvider>
  );
}

function goTo(address: string, embedded: boolean): void {
  // The bank's sign-in page refuses to be framed: the widget opens it beside itself.
  if (embedded) window.open(address, "_blank", "noopener");
  else window.location.assign(address);
}

function usePreferences(
  initial: Preferences,
  state: State,
  connection: Connection,
): [Preferences, (change: Partial<Preferences>) => void] {
  const [preferences, setPreferences] = useState(initial);
  const { elder } = state;
  useLayoutEffect(() => {
    const apply = (): void => applyPreferences(preferences, elder, WORDS[preferences.language].htmlLang);
    const system = prefersDark();
    apply();
    system.addEventListener("change", apply);
    return () => system.removeEventListener("change", apply);
  }, [preferences, elder]);
  const change = useCallback(
    (wanted: Partial<Preferences>) => {
      setPreferences((now) => {
        const next = { ...now, ...wanted };
        savePreferences(next);
        return next;
      });
      if (wanted.language) connection.speak(wanted.language);
    },
    [connection],
  );
  return [preferences, change];
}

/** In the title of the page, and on the button of the widget. */
function useUnread(count: number, title: string, host: Host | null): void {
  useEffect(() => {
    document.title = count > 0 ? `(${count}) ${title}` : title;
    host?.unread(count);
  }, [count, title, host]);
}

function useWake(connection: Connection): void {
  useEffect(() => {
    const wake = (): void => {
      if (document.visibilityState === "visible") connection.wake();
    };
    window.addEventListener("online", wake);
    document.addEventListener("visibilitychange", wake);
    return () => {
      window.removeEventListener("online", wake);
      document.removeEventListener("visibilitychange", wake);
    };
  }, [connection]);
}
