"""Whether money came in: the wage, an amount, something from somebody."""

from datetime import date, timedelta

from actions.account import choose
from actions.conversation import Conversation
from actions.finding import MOST, called, clues_of, days_ago, named_in, today
from actions.forms import BankAction
from actions.panels import Listing
from actions.replies import full_day, yuan
from actions.session import ask
from actions.transactions import listing, transaction_item, transaction_row
from actions.words import naming
from banking.model import Account, Transaction, TransactionPage, TransactionQuery
from finance.spending import category_of

LOOKED_BACK = 45
SHOWN = 3
WAGE_CARD = "工资卡"
"""An account, not a wage."""

OWED = "repayment"
"""The kind of what comes in to pay off a card: nobody waits for it."""


class ActionCheckIncome(BankAction):
    """Shows what came in, or says that nothing was found and what to do about it."""

    capability = "account"
    query = True

    def name(self) -> str:
        return "action_check_income"

    async def serve(self, talk: Conversation) -> None:
        query = await _query(talk)
        said = _kind_said(talk, query)
        page: TransactionPage = await ask("transactions", talk.session, query)
        found = [item for item in page.transactions if item.kind != OWED and (said is None or _is_of(item, *said))]
        of_named = _from_named(talk, found)
        what = _what(talk, query, said[0] if said else None)
        scope = talk.say.phrase(
            "phrase_account_scope_period",
            start=full_day(query.from_date or today()),
            end=full_day((query.to_date or today() + timedelta(days=1)) - timedelta(days=1)),
        )
        if not found:
            buttons = listing(talk, TransactionQuery(from_date=days_ago(LOOKED_BACK), direction="in"))
            talk.say.say("utter_account_income_none", buttons, what=what, scope=scope)
            return
        vague = not (said or query.min_fen or query.counterparty or of_named)
        found = of_named or found
        title, shown = talk.say.phrase("phrase_account_income_title"), found[:SHOWN]
        panel = Listing(title, [transaction_item(talk, item) for item in shown])
        rows = "\n".join(transaction_row(talk, item) for item in shown)
        total = yuan(sum(item.amount_fen for item in found))
        response = "utter_account_income_recent" if vague else "utter_account_income"
        values = {"what": what, "rows": rows, "count": len(found), "total": total, "scope": scope}
        talk.say.say(response, listing(talk, query), panel, **values)


async def _query(talk: Conversation) -> TransactionQuery:
    """Raises BankError."""
    clues, turn = clues_of(talk.turn), talk.turn
    accounts: tuple[Account, ...] = await ask("accounts", talk.session)
    chosen, unknown = choose(accounts, turn)
    named_one = len(chosen) == 1 and len(accounts) > 1 and not unknown
    fen = clues.fens[-1] if clues.fens else None
    return TransactionQuery(
        account_id=chosen[0].id if named_one else None,
        from_date=_start(clues.since),
        to_date=clues.until,
        direction="in",
        min_fen=fen,
        max_fen=fen,
        counterparty=await called(talk, turn.persons()[0]) if turn.persons() else None,
        limit=MOST,
    )


def _kind_said(talk: Conversation, query: TransactionQuery) -> tuple[str, str] | None:
    """The kind of income and its word; that of the question before when this message only adds a time to it.

    What a person or an amount names is not looked for by kind.
    """
    if query.counterparty or query.min_fen:
        return None
    text = talk.turn.text.replace(WAGE_CARD, "")
    before = talk.memory["account_topic"] if talk.turn.intent == "inform" else None
    said = naming("incomes", text) or (tuple(before) if isinstance(before, list) else None)
    talk.memory.set(account_topic=list(said) if said else None)
    return said


def _start(said: date | None) -> date:
    """A day that is still to come says when the money is due, not where to look."""
    return said if said and said <= today() else days_ago(LOOKED_BACK)


def _is_of(item: Transaction, kind: str, word: str) -> bool:
    return word in item.summary or kind == category_of(item.kind, item.summary, item.counterparty or "", incoming=True)


def _from_named(talk: Conversation, found: list[Transaction]) -> list[Transaction]:
    """Those of a company that was named."""
    sides = named_in(talk.turn.text, (item.counterparty or "" for item in found))
    return [item for item in found if item.counterparty in sides]


def _what(talk: Conversation, query: TransactionQuery, kind: str | None) -> str:
    """张秀英转来的 ¥500.00, 工资, 钱"""
    words = []
    if query.counterparty:
        words.append(talk.say.phrase("phrase_account_income_from", name=query.counterparty))
    if query.min_fen:
        words.append(talk.say.phrase("phrase_account_income_amount", amount=yuan(query.min_fen)))
    if kind:
        words.append(talk.say.phrase(f"phrase_account_category_{kind}"))
    return "".join(words) or talk.say.phrase("phrase_account_income_any")
