/** Where the customer types. Enter sends, but not the Enter that ends the choice of a Chinese word. */
import { useEffect, useId, useLayoutEffect, useRef, useState, type ClipboardEvent, type KeyboardEvent, type ReactElement } from "react";
import { useChat } from "../chat";
import { awaitedCode } from "../state/model";
import { useWords } from "../words";
import { Icon } from "./icons";

export const LONGEST = 500; // characters, as the channel counts them
const WARN_FROM = 450;
const IME = 229; // keyCode of a key that an input method has taken
const CODE = /^\s*\d{4,8}\s*$/;

export function Composer(): ReactElement {
  const { state, connection, preferences } = useChat();
  const words = useWords();
  const [text, setText] = useState("");
  const [refused, refuse] = useRefusal();
  const composing = useRef(false);
  const area = useAutoHeight(text, `${preferences.size} ${state.elder}`);
  const hint = useId();
  const length = [...text].length;
  const sendable = text.trim() !== "" && length <= LONGEST && state.consented;

  function send(): void {
    if (!sendable) return;
    const secret = awaitedCode(state) > 0 && CODE.test(text.normalize("NFKC"));
    connection.say(text.trim(), secret ? words.codeMask : undefined);
    setText("");
    area.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const chosen = composing.current || event.nativeEvent.isComposing || event.keyCode === IME;
    if (event.key !== "Enter" || event.shiftKey || chosen) return;
    event.preventDefault();
    send();
  }

  function onPaste(event: ClipboardEvent): void {
    if (event.clipboardData.files.length === 0 || event.clipboardData.getData("text")) return;
    event.preventDefault();
    refuse();
  }

  return (
    <div className="composer">
      <div role="alert" className="composer-note">
        {refused && words.noFiles}
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <textarea
          ref={area}
          rows={1}
          enterKeyHint="send"
          autoComplete="off"
          aria-label={words.inputLabel}
          aria-describedby={hint}
          placeholder={words.placeholder}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onCompositionStart={() => (composing.current = true)}
          onCompositionEnd={() => (composing.current = false)}
        />
        <span id={hint} className="unseen">
          {words.inputHint}
        </span>
        <button type="submit" className="send" aria-label={words.send} disabled={!sendable}>
          <Icon name="send" />
        </button>
      </form>
      <p className="counter" role="status" data-over={length > LONGEST}>
        {length >= WARN_FROM && words.counter(LONGEST - length)}
      </p>
    </div>
  );
}

/** Says for some seconds that pictures and files cannot be sent, also for those dropped anywhere on the page. */
function useRefusal(): [boolean, () => void] {
  const [refused, setRefused] = useState(0);
  useEffect(() => {
    if (!refused) return;
    const timer = setTimeout(() => setRefused(0), 6000);
    return () => clearTimeout(timer);
  }, [refused]);
  useEffect(() => {
    const stop = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      if (event.type === "drop") setRefused(Date.now());
    };
    window.addEventListener("dragover", stop);
    window.addEventListener("drop", stop);
    return () => {
      window.removeEventListener("dragover", stop);
      window.removeEventListener("drop", stop);
    };
  }, []);
  return [refused > 0, () => setRefused(Date.now())];
}

function useAutoHeight(text: string, look: string): React.RefObject<HTMLTextAreaElement> {
  const area = useRef<HTMLTextAreaElement>(null);
  const fit = (): void => {
    const at = area.current!;
    at.style.height = "auto";
    at.style.height = `${at.scrollHeight + at.offsetHeight - at.clientHeight}px`; // the style sheet sets the most
  };
  useLayoutEffect(fit, [text]);
  useEffect(fit, [look]); // later: only then has the text its new size
  return area;
}
