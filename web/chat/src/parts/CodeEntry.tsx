/** Entry of a one-time code: digits only, shown as dots, never sent before the customer confirms. */
import { Button } from "@chatui/core";
import { useEffect, useId, useRef, useState, type FormEvent, type ReactElement } from "react";
import { useChat } from "../chat";
import { awaitedCode } from "../state/model";
import { useWords } from "../words";
import { toLog } from "./focus";

export function CodeEntry({ seq, digits }: { seq: number; digits: number }): ReactElement {
  const { state, connection } = useChat();
  const words = useWords();
  const [code, setCode] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const hint = useId();
  const live = awaitedCode(state) === seq;
  useEffect(() => {
    // Somebody who is not in the middle of typing goes on in this field.
    const at = document.activeElement;
    const idle = at === document.body || at?.getAttribute("role") === "log" || (at instanceof HTMLTextAreaElement && at.value === "");
    if (live && idle) input.current?.focus();
  }, [live]);
  if (!live) return <p className="quiet code-used">{words.codeUsed}</p>;

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (code.length !== digits) return;
    toLog(event.currentTarget);
    connection.say(code, words.codeMask);
    setCode("");
  }

  return (
    <form className="code" autoComplete="off" onSubmit={submit}>
      <div className="code-cells">
        <input
          ref={input}
          className="code-input"
          type="text"
          inputMode="numeric"
          autoComplete="one-time-code"
          pattern="[0-9]*"
          aria-label={words.codeLabel(digits)}
          aria-describedby={hint}
          value={code}
          onChange={(event) => setCode(onlyDigits(event.target.value, digits))}
        />
        {Array.from({ length: digits }, (_, at) => (
          <span key={at} aria-hidden="true" data-filled={at < code.length} data-next={at === Math.min(code.length, digits - 1)} />
        ))}
      </div>
      <p id={hint} className="quiet">
        {words.codeNever}
      </p>
      <Button color="primary" disabled={code.length !== digits} {...{ type: "submit" }}>
        {words.codeConfirm}
      </Button>
    </form>
  );
}

/** Also from a pasted "验证码：１２３ ４５６". */
function onlyDigits(text: string, most: number): string {
  return text.normalize("NFKC").replace(/\D/g, "").slice(0, most);
}
