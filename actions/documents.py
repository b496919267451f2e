"""Documents of accounts: statements, receipts, certificates of deposit."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from actions.conversation import Conversation
from actions.finding import Clues, clues_of, meant, recent, today
from actions.replies import Button, day, yuan
from actions.service_answers import ChoiceField
from actions.service_fields import OPTION, AccountField, AmountField, Field, Values, option
from actions.service_form import ServiceForm
from actions.session import ask
from actions.turn import UNSURE_INTENTS, Turn
from actions.words import says
from banking.account import RequestAssetCertificate, RequestReceipt, RequestStatement
from banking.model import Account, Transaction, TransactionPage, TransactionQuery

SHOWN = 5
NAME_SHOWN = 4
NOT_HELD = "none"
MONTHS = re.compile(r"months:(\d{1,2})")
DECISIONS = frozenset({"affirm", "deny"})


class PeriodField(Field):
    """A stretch of past days. Value: two ISO days, both inclusive, joined by a slash."""

    OFFERED = (1, 3, 6, 12)

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        chosen = MONTHS.fullmatch(turn.reference(OPTION) or "") if asked else None
        if chosen:
            return {"months": int(chosen.group(1))}
        period = turn.period()
        if period and period.start:
            end = period.end - timedelta(days=1) if period.end else today()
            return {"days": f"{period.start.isoformat()}/{end.isoformat()}"}
        return {"months": turn.months()} if turn.months() else None

    def piece(self, turn: Turn) -> str:
        return turn.said("time", "duration")

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if said is None:
            return None
        return said["days"] if "days" in said else f"{_months_from(-said['months']).isoformat()}/{today().isoformat()}"

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        return [
            option(talk.say.phrase("phrase_account_last_months", months=months), f"months:{months}")
            for months in self.OFFERED
        ]


class TransactionField(Field):
    """One of the customer's transactions. Value: its id."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        chosen = turn.reference(OPTION)
        if chosen is not None:
            return {"id": chosen}
        if turn.is_button or turn.intent in DECISIONS:
            return None
        clues = clues_of(turn)
        return {
            "text": clues.text,
            "fens": list(clues.fens),
            "since": clues.since and clues.since.isoformat(),
            "until": clues.until and clues.until.isoformat(),
            "sent": says("sent", turn.text),
            "newest": clues.newest,
            "asked": asked,
        }

    def claims(self, turn: Turn) -> bool:
        return not turn.is_button and (turn.intent in UNSURE_INTENTS or "笔" in turn.text or turn.is_just_an_amount())

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if said is None or "id" in said:
            return said and said["id"]
        found = await _meant(talk, said)
        if not found and (said["asked"] or not _clues(said).are_few):
            talk.say.say("utter_account_no_such_transaction")
        return found[0].id if len(found) == 1 else None

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        said = (talk.memory["service_said"] or {}).get(self.name) or {}
        found = await _meant(talk, said) if "text" in said else []
        if not found:
            page: TransactionPage = await ask("transactions", talk.session, TransactionQuery(limit=SHOWN))
            found = list(page.transactions)
        return [option(_title(talk, item), item.id) for item in found[:SHOWN]]


class CertifiedAmountField(AmountField):
    """How much to certify; 全部 is what the account holds."""

    async def share(self, talk: Conversation, scope: str, values: Values) -> int | None:
        return await _balance(talk, values) if scope == "all" else None

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        balance_fen = await _balance(talk, values)
        return [option(talk.say.phrase("phrase_account_whole_balance", amount=yuan(balance_fen)), "all")]


class HeldUntilField(Field):
    """Until when the certified money is held. Value: an ISO day, or NOT_HELD."""

    OFFERED = (1, 3, 6)

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        chosen = turn.reference(OPTION) if asked else None
        if chosen is not None:
            months = MONTHS.fullmatch(chosen)
            return {"months": int(months.group(1))} if months else {"day": chosen}
        if says("not_held", turn.text):
            return {"day": NOT_HELD}
        moment = turn.moment()
        if moment:
            return {"day": moment.date().isoformat()}
        return {"months": turn.months()} if turn.months() else None

    def piece(self, turn: Turn) -> str:
        return turn.text if says("not_held", turn.text) else turn.said("time", "duration")

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if said is None:
            return None
        return said["day"] if "day" in said else _months_from(said["months"]).isoformat()

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        held = [
            option(talk.say.phrase("phrase_account_held_months", months=months), f"months:{months}")
            for months in self.OFFERED
        ]
        return [option(talk.say.phrase("phrase_account_not_held"), NOT_HELD), *held]


class RequestStatementForm(ServiceForm):
    """导出流水: an account and a period."""

    capability = "account"
    intent = "request_statement"
    fields: ClassVar[tuple[Field, ...]] = (AccountField("account_id", ("debit", "credit_card")), PeriodField("period"))
    mends: ClassVar[dict[str, str]] = {
        "bad_period": "period",
        "period_in_future": "period",
        "period_too_old": "period",
    }

    def order(self, values: Values) -> RequestStatement:
        first, last = values["period"].split("/")
        return RequestStatement(values["account_id"], first, last)


class RequestReceiptForm(ServiceForm):
    """电子回单 of one transaction; nothing to confirm, nothing changes."""

    capability = "account"
    intent = "request_receipt"
    fields: ClassVar[tuple[Field, ...]] = (TransactionField("transaction_id"),)
    confirms = False
    mends: ClassVar[dict[str, str]] = {"no_transaction": "transaction_id"}

    def order(self, values: Values) -> RequestReceipt:
        return RequestReceipt(values["transaction_id"])


class RequestAssetCertificateForm(ServiceForm):
    """存款证明: an account, an amount, for what, held until when."""

    capability = "account"
    intent = "request_asset_certificate"
    fields: ClassVar[tuple[Field, ...]] = (
        AccountField("account_id", ("debit", "time_deposit")),
        CertifiedAmountField("amount_fen"),
        ChoiceField("purpose", "purposes", ("visa", "study", "purchase", "bidding", "other")),
        HeldUntilField("frozen_until"),
    )
    mends: ClassVar[dict[str, str]] = {
        "above_balance": "amount_fen",
        "bad_last_day": "frozen_until",
        "last_day_too_far": "frozen_until",
    }

    def order(self, values: Values) -> RequestAssetCertificate:
        until = values["frozen_until"]
        return RequestAssetCertificate(
            values["account_id"], values["amount_fen"], values["purpose"], None if until == NOT_HELD else until
        )


def _title(talk: Conversation, item: Transaction) -> str:
    """Of a button: short."""
    return talk.say.phrase(
        "phrase_account_transaction_choice",
        day=day(item.posted_at),
        name=(item.counterparty or item.summary)[:NAME_SHOWN],
        amount=yuan(abs(item.amount_fen)),
    )


def _clues(said: dict[str, Any]) -> Clues:
    since, until = (date.fromisoformat(said[name]) if said[name] else None for name in ("since", "until"))
    return Clues(said["text"], tuple(said["fens"]), since, until, "out" if said["sent"] else None, said["newest"])


async def _meant(talk: Conversation, said: dict[str, Any]) -> Sequence[Transaction]:
    """Raises BankError."""
    clues = _clues(said)
    return await meant(talk, clues, await recent(talk, clues))


async def _balance(talk: Conversation, values: Values) -> int:
    accounts: tuple[Account, ...] = await ask("accounts", talk.session)
    return next(account.balance_fen for account in accounts if account.id == values["account_id"])


def _months_from(months: int) -> date:
    """The day so many months from today, at most the 28th where a month is too short."""
    start = today()
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, 28))
