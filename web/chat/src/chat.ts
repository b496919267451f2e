/** What every part of the page may use: the state, the line to the bank, the preferences. */
import { createContext, useContext } from "react";
import type { Connection } from "./net/connection";
import type { Preferences } from "./preferences";
import type { State } from "./state/model";

export interface Chat {
  state: State;
  connection: Connection;
  preferences: Preferences;
  change: (change: Partial<Preferences>) => void;
  /** Origins of the bank: this page's and that of its sign-in page. */
  origins: readonly string[];
  embedded: boolean;
  /** The customer has seen everything down to the newest message. */
  seen: () => void;
  /** Goes to the bank's sign-in page. */
  signIn: () => void;
}

const ChatContext = createContext<Chat | null>(null);

export const ChatProvider = ChatContext.Provider;

export function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (!chat) throw new Error("outside of ChatProvider");
  return chat;
}
