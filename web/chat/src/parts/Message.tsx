/** One message of the log, and one of the customer's that is still on its way. */
import { Bubble } from "@chatui/core";
import { memo, type ReactElement } from "react";
import { useChat } from "../chat";
import { fileName, ownImage, safeUrl } from "../links";
import logo from "../logo.svg";
import type { Item } from "../protocol";
import type { Outgoing } from "../state/model";
import { useWords } from "../words";
import { Buttons } from "./Buttons";
import { CardBox, ListBox } from "./Cards";
import { CodeEntry } from "./CodeEntry";
import { Icon } from "./icons";
import { PlainText } from "./PlainText";
import { Rating } from "./Rating";

interface Props {
  item: Item;
  /** The first of a row of messages of one speaker: it carries the picture. */
  first: boolean;
  /** The customer's newest message says that it arrived. */
  newest: boolean;
}

export const MessageOf = memo(function MessageOf({ item, first, newest }: Props): ReactElement {
  const words = useWords();
  if (item.from === "customer") {
    return (
      <div className="Message right" data-seq={item.seq}>
        <Own text={item.text} />
        {newest && (
          <p className="delivery">
            <Icon name="sent" />
            {words.sent}
          </p>
        )}
      </div>
    );
  }
  const who = { bot: words.botSays, desk: words.deskSays, notice: words.noticeSays }[item.from];
  return (
    <div className="Message left" data-seq={item.seq} data-from={item.from} data-first={first}>
      <div className="Message-main">
        <Face from={item.from} first={first} />
        <div className="Message-inner">
          {first && item.from !== "bot" && <p className="Message-author">{item.from === "desk" ? words.desk : words.notice}</p>}
          <span className="unseen">{who}</span>
          <Content item={item} />
        </div>
      </div>
    </div>
  );
});

function Face({ from, first }: { from: "bot" | "desk" | "notice"; first: boolean }): ReactElement {
  if (!first) return <span className="face" />;
  return <span className="face">{from === "desk" ? <Icon name="person" /> : <img src={logo} alt="" />}</span>;
}

function Own({ text }: { text: string }): ReactElement {
  const words = useWords();
  return (
    <div className="Message-main">
      <div className="Message-inner">
        <span className="unseen">{words.customerSays}</span>
        <Bubble type="text">
          <PlainText text={text} />
        </Bubble>
      </div>
    </div>
  );
}

function Content({ item }: { item: Item }): ReactElement {
  const { signIn } = useChat();
  const words = useWords();
  const { custom } = item;
  const drawn = custom?.type === "card" || custom?.type === "list";
  return (
    <>
      {custom?.type === "card" && <CardBox card={custom} />}
      {custom?.type === "list" && <ListBox list={custom} />}
      {!drawn && item.text && (
        <Bubble type="text">
          <PlainText text={item.text} />
        </Bubble>
      )}
      {item.image && <Picture address={item.image} text={item.text} />}
      {item.attachment && <Attachment address={item.attachment} />}
      {custom?.type === "one_time_code" && <CodeEntry seq={item.seq} digits={custom.digits} />}
      {custom?.type === "sign_in" && (
        <div className="choices">
          <button type="button" className="Btn Btn--primary" onClick={signIn}>
            {words.signIn}
          </button>
        </div>
      )}
      {custom?.type === "rating" && (
        <div className="Card card">
          <Rating />
        </div>
      )}
      <Buttons buttons={item.buttons} confirming={confirms(custom)} />
    </>
  );
}

function confirms(custom: Item["custom"]): boolean {
  return custom?.type === "confirm" || (custom?.type === "card" && custom.confirm);
}

function Picture({ address, text }: { address: string; text: string }): ReactElement | null {
  const words = useWords();
  const source = ownImage(address);
  return source ? <img className="picture" src={source} alt={text || words.image} loading="lazy" /> : null;
}

function Attachment({ address }: { address: string }): ReactElement | null {
  const { origins } = useChat();
  const words = useWords();
  const href = safeUrl(address, origins);
  if (!href) return null;
  return (
    <a className="Card file" href={href} target="_blank" rel="noopener noreferrer" download>
      <Icon name="file" />
      <span className="file-name">{fileName(href, words.document)}</span>
      <span className="file-save">
        <Icon name="save" />
        {words.download}
      </span>
    </a>
  );
}

export function OnItsWay({ message }: { message: Outgoing }): ReactElement {
  const { connection } = useChat();
  const words = useWords();
  return (
    <div className="Message right" data-state={message.state}>
      <Own text={message.text} />
      {message.state !== "failed" ? (
        <p className="delivery">{message.state === "sending" ? words.sending : words.sent}</p>
      ) : (
        <p className="delivery" data-failed>
          <Icon name="alert" />
          <span>{message.reason || words.failed}</span>
          <button type="button" aria-label={words.resendLabel(message.text)} onClick={() => connection.resend(message.id)}>
            {words.resend}
          </button>
          <button type="button" aria-label={words.discardLabel(message.text)} onClick={() => connection.discard(message.id)}>
            {words.discard}
          </button>
        </p>
      )}
    </div>
  );
}
