/** The top of a conversation: a greeting of the page itself and what to begin with. */
import type { ReactElement } from "react";
import { useChat } from "../chat";
import logo from "../logo.svg";
import { useWords } from "../words";
import { toLog } from "./focus";

export function Hello(): ReactElement {
  const { state } = useChat();
  const words = useWords();
  return (
    <section className="hello" aria-label={words.name}>
      <img src={logo} alt="" />
      <h2>{state.customer ? words.helloCustomer : words.helloVisitor}</h2>
      <p>{words.helloText}</p>
      {state.items.length + state.outgoing.length === 0 && <Suggestions />}
    </section>
  );
}

export function Suggestions({ onUsed }: { onUsed?: () => void }): ReactElement {
  const { state, connection } = useChat();
  const words = useWords();
  const offered = state.elder ? words.suggestionsElder : words.suggestions;
  return (
    <ul className="suggestions" aria-label={words.suggestionsLabel}>
      {offered.map((text) => (
        <li key={text}>
          <button
            type="button"
            disabled={!state.consented}
            onClick={(event) => {
              connection.say(text);
              toLog(event.currentTarget);
              onUsed?.();
            }}
          >
            {text}
          </button>
        </li>
      ))}
    </ul>
  );
}
