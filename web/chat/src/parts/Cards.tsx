/** Receipts and confirmations, and lists of accounts, transactions, products, branches. */
import { Card, List, ListItem } from "@chatui/core";
import type { ReactElement } from "react";
import type { CardData, ListData, ListEntry } from "../protocol";
import { useWords } from "../words";
import { Icon } from "./icons";
import { PlainText } from "./PlainText";

export function CardBox({ card }: { card: CardData }): ReactElement {
  const words = useWords();
  const states = { done: words.stateDone, pending: words.statePending, failed: words.stateFailed };
  return (
    <Card className="card" data-state={card.state}>
      <div className="card-head">
        <h2>{card.title}</h2>
        {card.state && (
          <span className="badge" data-state={card.state}>
            <Icon name={card.state} />
            {states[card.state]}
          </span>
        )}
      </div>
      {card.subtitle && (
        <p className="card-said">
          <PlainText text={card.subtitle} />
        </p>
      )}
      {card.amount && (
        <p className="card-amount">
          <span className="unseen">{words.amount} </span>
          {card.amount}
        </p>
      )}
      {card.rows.length > 0 && (
        <dl>
          {card.rows.map((row, at) => (
            <div key={at}>
              <dt>{row.label}</dt>
              <dd>
                <PlainText text={row.value} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {card.footer && (
        <p className="card-said">
          <PlainText text={card.footer} />
        </p>
      )}
    </Card>
  );
}

export function ListBox({ list }: { list: ListData }): ReactElement {
  return (
    <Card className="card card-list">
      {list.title && <h2>{list.title}</h2>}
      {list.subtitle && <p className="card-said">{list.subtitle}</p>}
      <List>
        {list.items.map((entry, at) => (
          <ListItem key={at}>
            <Entry entry={entry} />
          </ListItem>
        ))}
      </List>
      {list.footer && (
        <p className="card-said">
          <PlainText text={list.footer} />
        </p>
      )}
    </Card>
  );
}

function Entry({ entry }: { entry: ListEntry }): ReactElement {
  const words = useWords();
  return (
    <span className="entry">
      <span className="entry-what">
        <span className="entry-title">{entry.title}</span>
        {entry.subtitle && <span className="quiet">{entry.subtitle}</span>}
      </span>
      <span className="entry-value" data-tone={entry.tone}>
        {entry.tone && <span className="unseen">{entry.tone === "in" ? words.moneyIn : words.moneyOut} </span>}
        {entry.value && <span className="number">{entry.value}</span>}
        {entry.note && <span className="quiet">{entry.note}</span>}
      </span>
    </span>
  );
}
