import { Typing } from "@chatui/core";
import type { ReactElement } from "react";
import { useChat } from "../chat";
import logo from "../logo.svg";
import { useWords } from "../words";

export function TypingBubble(): ReactElement | null {
  const { typing, slow } = useChat().state;
  const words = useWords();
  if (typing.length === 0) return null;
  return (
    <div className="Message left typing-row">
      <div className="Message-main">
        <span className="face">
          <img src={logo} alt="" />
        </span>
        <div className="Message-inner">
          <span className="unseen">{words.typing}</span>
          <div aria-hidden="true">
            <Typing />
          </div>
          {slow && <p className="quiet">{slow}</p>}
        </div>
      </div>
    </div>
  );
}
