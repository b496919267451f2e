/** Quick replies of a message. A used or expired one stays visible, but can no longer be pressed. */
import { Button as ChatButton } from "@chatui/core";
import type { ReactElement } from "react";
import { useChat } from "../chat";
import { safeUrl } from "../links";
import type { Button } from "../protocol";
import { useWords } from "../words";
import { toLog } from "./focus";

interface Props {
  buttons: Button[];
  /** They confirm money: the first one is the main one. */
  confirming: boolean;
}

export function Buttons({ buttons, confirming }: Props): ReactElement | null {
  const words = useWords();
  if (buttons.length === 0) return null;
  return (
    <div className="choices" role="group" aria-label={words.choices} data-confirming={confirming}>
      {buttons.map((button, at) => (
        <Choice key={at} button={button} buttons={buttons} main={confirming && at === 0} />
      ))}
    </div>
  );
}

function Choice({ button, buttons, main }: { button: Button; buttons: Button[]; main: boolean }): ReactElement | null {
  const { state, connection, origins } = useChat();
  const words = useWords();
  if ("url" in button) {
    const href = safeUrl(button.url, origins);
    return href ? (
      <a className="Btn" href={href} target="_blank" rel="noopener noreferrer">
        {button.title}
        <span className="unseen">{words.newWindow}</span>
      </a>
    ) : null;
  }
  const pressed = state.outgoing.some((message) => message.state !== "failed" && message.group.includes(button.id));
  const group = buttons.flatMap((one) => ("id" in one ? [one.id] : []));
  return (
    <ChatButton
      color={main ? "primary" : undefined}
      disabled={pressed || state.spent.has(button.id) || !state.consented}
      onClick={(event) => {
        toLog(event.currentTarget);
        connection.press(button.id, button.title, group);
      }}
    >
      {button.title}
    </ChatButton>
  );
}
