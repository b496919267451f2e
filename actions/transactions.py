"""Recent transactions, by period, account, direction, counterparty, page by page."""

import dataclasses
import json
from datetime import date, datetime, timedelta
from typing import cast

from actions.account import account_subtitle, choose
from actions.conversation import Conversation
from actions.finding import MOST, called, named_in
from actions.forms import BankAction
from actions.panels import Item, Listing, money
from actions.replies import BANK_ZONE, Button, day, full_day, yuan
from actions.session import ask
from actions.turn import Turn
from actions.words import named
from banking.model import Account, Direction, Transaction, TransactionPage, TransactionQuery

SHOWN = 5
DEFAULT_DAYS = 90


class ActionCheckTransactions(BankAction):
    """Shows the newest few that match, their totals, and a button for more."""

    capability = "account"
    query = True

    def name(self) -> str:
        return "action_check_transactions"

    async def serve(self, talk: Conversation) -> None:
        more = talk.turn.reference("page_cursor")
        accounts: tuple[Account, ...] = await ask("accounts", talk.session)
        query = _read(more) if more else await _query(talk, accounts)
        if query is None:
            talk.say.say("utter_account_future_transactions")
            return
        page: TransactionPage = await ask("transactions", talk.session, query)
        scope = _scope(talk, query, accounts)
        if not page.transactions:
            talk.say.say("utter_account_no_transactions", scope=scope)
            return
        rows = "\n".join(transaction_row(talk, transaction) for transaction in page.transactions)
        values = {"scope": scope, "count": page.totals.count, "shown": len(page.transactions), "rows": rows}
        values |= {"income": yuan(page.totals.in_fen), "expense": yuan(page.totals.out_fen)}
        talk.say.say(
            "utter_account_transactions_more" if query.cursor else "utter_account_transactions",
            _more(talk, query, page),
            _panel(talk, page),
            **values,
        )


async def _query(talk: Conversation, accounts: tuple[Account, ...]) -> TransactionQuery | None:
    """The filter that was said; None when it lies in the future only. Raises BankError."""
    turn = talk.turn
    chosen, unknown = choose(accounts, turn)
    if unknown:
        talk.say.say("utter_account_unknown", said=f"{unknown}的账户")
    start, end = _days(turn)
    if start > _today():
        return None
    return TransactionQuery(
        account_id=chosen[0].id if len(chosen) == 1 and len(accounts) > 1 else None,
        from_date=start,
        to_date=end,
        direction=cast(Direction | None, named("directions", turn.text)),
        counterparty=await _other_side(talk, start),
        limit=SHOWN,
    )


async def _other_side(talk: Conversation, start: date) -> str | None:
    """The person or the shop that was named. Raises BankError."""
    if talk.turn.persons():
        return await called(talk, talk.turn.persons()[0])
    page: TransactionPage = await ask("transactions", talk.session, TransactionQuery(from_date=start, limit=MOST))
    found = named_in(talk.turn.text, (item.counterparty or "" for item in page.transactions))
    return found[0] if len(found) == 1 else None


def _days(turn: Turn) -> tuple[date, date | None]:
    period = turn.period()
    if period is None or (period.start is None and period.end is None):
        return _today() - timedelta(days=DEFAULT_DAYS), None
    start = period.start or (period.end or _today()) - timedelta(days=DEFAULT_DAYS)
    return start, period.end


def _today() -> date:
    return datetime.now(BANK_ZONE).date()


def _scope(talk: Conversation, query: TransactionQuery, accounts: tuple[Account, ...]) -> str:
    """尾号6789 2026年11月1日 至 2026年11月22日"""
    tail = next((account.tail for account in accounts if account.id == query.account_id), None)
    words = [talk.say.phrase("phrase_account_scope_account", tail=tail)] if tail else []
    if query.from_date:
        last = (query.to_date or _today() + timedelta(days=1)) - timedelta(days=1)
        words.append(
            talk.say.phrase("phrase_account_scope_period", start=full_day(query.from_date), end=full_day(last))
        )
    if query.counterparty:
        words.append(talk.say.phrase("phrase_account_scope_counterparty", name=query.counterparty))
    return " ".join(words)


def transaction_row(talk: Conversation, transaction: Transaction) -> str:
    """11月8日 外卖 美团 -¥32.50（尾号6789）"""
    return talk.say.phrase(
        "phrase_account_transactions_row",
        day=day(transaction.posted_at),
        summary=transaction.summary,
        counterparty=transaction.counterparty or "",
        sign="+" if transaction.amount_fen > 0 else "-",
        amount=yuan(abs(transaction.amount_fen)),
        tail=transaction.account_tail or "",
    )


def _panel(talk: Conversation, page: TransactionPage) -> Listing:
    title = talk.say.phrase("phrase_account_transactions_title")
    return Listing(title, [transaction_item(talk, one) for one in page.transactions])


def transaction_item(talk: Conversation, transaction: Transaction) -> Item:
    """The row's values: whom, when and what for, how much in or out, which account."""
    came_in = transaction.amount_fen > 0
    subtitle = talk.say.phrase(
        "phrase_account_transactions_item", day=day(transaction.posted_at), summary=transaction.summary
    )
    return Item(
        transaction.counterparty or transaction.summary,
        subtitle,
        ("+" if came_in else "-") + money(abs(transaction.amount_fen)),
        account_subtitle(talk, transaction.account_tail),
        "in" if came_in else "out",
    )


def _more(talk: Conversation, query: TransactionQuery, page: TransactionPage) -> list[Button]:
    """A button that carries the whole filter, so that "more" means more of the same."""
    if not page.next_cursor:
        return []
    return [_button(talk, "phrase_account_more", dataclasses.replace(query, cursor=page.next_cursor))]


def listing(talk: Conversation, query: TransactionQuery) -> list[Button]:
    """A button that shows the transactions of a filter."""
    return [_button(talk, "phrase_account_listing", dataclasses.replace(query, limit=SHOWN))]


def _button(talk: Conversation, title: str, query: TransactionQuery) -> Button:
    filters = {key: str(value) for key, value in dataclasses.asdict(query).items() if value is not None}
    cursor = json.dumps(filters, ensure_ascii=False)
    payload = f"/check_transactions{json.dumps({'page_cursor': cursor}, ensure_ascii=False)}"
    return {"title": talk.say.phrase(title), "payload": payload}


def _read(cursor: str) -> TransactionQuery:
    """Back from the button's text. Only the channel can send it, and the core checks the ids again."""
    values = json.loads(cursor)
    for name in ("from_date", "to_date"):
        if name in values:
            values[name] = date.fromisoformat(values[name])
    for name in ("limit", "min_fen", "max_fen"):
        if name in values:
            values[name] = int(values[name])
    return TransactionQuery(**values)
