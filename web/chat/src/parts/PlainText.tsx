/** A text as it is: no Markdown, no HTML; line breaks stay, the bank's own addresses and phone numbers can be opened. */
import { Fragment, type ReactElement } from "react";
import { useChat } from "../chat";
import { linked } from "../links";
import { useWords } from "../words";

/** Numbers with their signs and units stay on one line; what was hidden is drawn, as fonts make anything of a dot. */
const NUMBER = /([¥￥$+-]?\d[\d,]*(?:\.\d+)?%?|•{6})/g;

export function PlainText({ text }: { text: string }): ReactElement {
  const { origins } = useChat();
  const words = useWords();
  return (
    <>
      {linked(text, origins).map((part, at) => {
        if (!part.href) return <Fragment key={at}>{unbroken(part.text)}</Fragment>;
        if (part.href.startsWith("tel:")) {
          return (
            <a key={at} href={part.href} className="number">
              {part.text}
            </a>
          );
        }
        return (
          <a key={at} href={part.href} target="_blank" rel="noopener noreferrer">
            {part.text}
            <span className="unseen">{words.newWindow}</span>
          </a>
        );
      })}
    </>
  );
}

function unbroken(text: string): (string | ReactElement)[] {
  return text.split(NUMBER).map((part, at) =>
    // Longer ones (a row of digits somebody pasted) have to break.
    at % 2 === 1 && part.length > 3 && part.length <= 20 ? (
      <span key={at} className={part.startsWith("•") ? "hidden-code" : "number"}>
        {part}
      </span>
    ) : (
      part
    ),
  );
}
