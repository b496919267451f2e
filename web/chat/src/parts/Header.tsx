import type { ReactElement } from "react";
import { useChat } from "../chat";
import logo from "../logo.svg";
import { useWords } from "../words";
import { Icon } from "./icons";

interface Props {
  onMenu: () => void;
  /** Closes the widget; null on a page of its own. */
  onClose: (() => void) | null;
}

export function Header({ onMenu, onClose }: Props): ReactElement {
  const { state, connection } = useChat();
  const words = useWords();
  const waiting = state.link === "starting" || state.link === "connecting" ? words.connecting : words.reconnecting;
  return (
    <header className="top">
      <img src={logo} alt="" className="top-logo" width="40" height="40" />
      <div className="top-name">
        <h1>{words.name}</h1>
        <p data-link={state.link}>
          {state.link === "online" ? words.subtitle : waiting}
          {state.link === "online" && <span className="unseen"> {words.online}</span>}
        </p>
      </div>
      <button
        type="button"
        className="top-person"
        disabled={!state.consented}
        onClick={() => connection.say(words.personSay, words.person)}
      >
        <Icon name="person" />
        {words.person}
      </button>
      <Account />
      <button type="button" className="round" aria-label={words.menu} aria-haspopup="dialog" onClick={onMenu}>
        <Icon name="menu" />
      </button>
      {onClose && (
        <button type="button" className="round" aria-label={words.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      )}
    </header>
  );
}

function Account(): ReactElement {
  const { state, connection, signIn } = useChat();
  const words = useWords();
  const name = state.customer?.name;
  if (!name) {
    return (
      <button type="button" className="top-account" disabled={!state.session} onClick={signIn}>
        {words.signIn}
      </button>
    );
  }
  return (
    <button type="button" className="top-account" aria-label={words.signOutLabel(name)} onClick={() => void connection.leave()}>
      <span className="top-customer">{name}</span>
      <span>{words.signOut}</span>
    </button>
  );
}
