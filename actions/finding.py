"""Which of the customer's transactions are meant: by amount, by the other side or the summary, by day, by direction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from actions.conversation import Conversation
from actions.payees import match
from actions.replies import BANK_ZONE
from actions.session import ask
from actions.turn import Turn
from actions.words import named, says
from banking.model import Payee, Transaction, TransactionPage, TransactionQuery

MOST = 100
"""As many transactions as one question to the core gives."""

COMMON = frozenset(
    ["上海", "有限", "公司", "科技", "中国", "支付", "银行", "交易", "账户", "转账", "消费", "服务", "中心"]
)
"""Pairs of characters that name nobody."""


@dataclass(frozen=True, slots=True)
class Clues:
    """What a message says about a transaction."""

    text: str
    fens: tuple[int, ...] = ()
    since: date | None = None
    until: date | None = None
    direction: str | None = None
    newest: bool = False

    @property
    def are_few(self) -> bool:
        """Nothing but words: no amount, no day, no direction, not the last one."""
        return not (self.fens or self.since or self.until or self.newest)


def clues_of(turn: Turn) -> Clues:
    period = turn.period()
    newest = says("newest", turn.text)
    if newest and period and (period.just_now or period.start == today()):  # the last one, whenever it was
        period = None
    amounts = [amount for amount in turn.amounts() if amount.fen and not amount.unsafe]
    return Clues(
        text="" if turn.is_button else turn.text,
        fens=tuple(amount.fen for amount in amounts if amount.fen),
        since=period.start if period else None,
        until=period.end if period else None,
        direction=named("directions", turn.text),
        newest=newest,
    )


async def recent(talk: Conversation, clues: Clues) -> tuple[Transaction, ...]:
    """The newest transactions of the days that were said. Raises BankError."""
    query = TransactionQuery(from_date=clues.since, to_date=clues.until, limit=MOST)
    page: TransactionPage = await ask("transactions", talk.session, query)
    return page.transactions


async def meant(talk: Conversation, clues: Clues, found: Sequence[Transaction]) -> list[Transaction]:
    """Those of `found` that fit all that was said; empty when nothing was said or nothing fits. Raises BankError."""
    fitting = [item for item in found if _fits(item, clues)]
    by_name = await _of_named(talk, clues.text, fitting)
    if by_name:
        return by_name[:1] if clues.newest else by_name
    if clues.newest:
        return fitting[:1]
    return [] if clues.are_few else fitting


async def called(talk: Conversation, said: str) -> str:
    """The name behind 妈妈 in the customer's address book, else what was said. Raises BankError."""
    payees: tuple[Payee, ...] = await ask("payees", talk.session)
    known = match(said, said, payees)
    return known[0].name if known else said


def named_in(text: str, names: Iterable[str]) -> list[str]:
    """The names of which two characters in a row are in the text: 京东 means 京东商城."""
    pairs = {text[start : start + 2] for start in range(len(text) - 1)} - COMMON
    return [name for name in dict.fromkeys(names) if any(pair in name for pair in pairs)]


def today() -> date:
    return datetime.now(BANK_ZONE).date()


def days_ago(days: int) -> date:
    return today() - timedelta(days=days)


def _fits(item: Transaction, clues: Clues) -> bool:
    incoming = item.amount_fen > 0
    return (not clues.fens or abs(item.amount_fen) in clues.fens) and clues.direction in (
        None,
        "in" if incoming else "out",
    )


async def _of_named(talk: Conversation, text: str, found: Sequence[Transaction]) -> list[Transaction]:
    """Those whose other side or summary is named, people by what the customer calls them too."""
    if not text or not found:
        return []
    payees: tuple[Payee, ...] = await ask("payees", talk.session)
    people = {payee.name for payee in match(None, text, payees)}
    sides = people | set(named_in(text, (item.counterparty or "" for item in found)))
    by_side = [item for item in found if item.counterparty in sides]
    summaries = set(named_in(text, (item.summary for item in found)))
    by_summary = [item for item in found if item.summary in summaries]
    both = [item for item in by_side if item in by_summary]
    return both or by_side or by_summary
