"""Deposits: the table of rates, opening a time deposit, withdrawing one."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from actions.conversation import Conversation
from actions.forms import BankAction
from actions.offers import OwnAccountField, PartField
from actions.panels import Item, Listing, money
from actions.replies import BANK_ZONE, full_day, yuan
from actions.service_answers import TermField
from actions.service_fields import AccountField, AmountField, Field, Values
from actions.service_form import ServiceForm
from actions.session import ask
from banking.deposit import DepositRates, DepositTerm, OpenTimeDeposit, WithdrawTimeDeposit
from chinese.rates_text import percent
from finance.deposits import TimeDeposit

TERMS = (3, 6, 12, 24, 36, 60)


class ActionAskDepositRate(BankAction):
    """Rates by term, for visitors too; with an amount, what each term brings."""

    capability = "deposit"

    def name(self) -> str:
        return "action_ask_deposit_rate"

    async def serve(self, talk: Conversation) -> None:
        rates: DepositRates = await ask("deposit_rates", talk.visitor_session)
        months = talk.turn.months()
        terms = [term for term in rates.terms if term.months == months] or list(rates.terms)
        amounts = [amount for amount in talk.turn.amounts() if amount.fen and not amount.unsafe]
        if amounts:
            fen = amounts[0].fen or 0
            _say_interest(talk, terms, fen)
            return
        items = [Item(term.name, value=percent(term.annual_rate)) for term in terms]
        rows = "".join(
            talk.say.phrase("phrase_deposit_rate", name=term.name, rate=percent(term.annual_rate)) for term in terms
        )
        panel = Listing(talk.say.phrase("phrase_deposit_rates_title"), items)
        values = {"demand": percent(rates.demand_rate), "notice": percent(rates.notice_rate)}
        talk.say.say("utter_deposit_rates", (), panel, rows=rows, **values)


def _say_interest(talk: Conversation, terms: Sequence[DepositTerm], fen: int) -> None:
    """What an amount brings in each of these terms."""
    rows, items = "", []
    for term in terms:
        rate = percent(term.annual_rate)
        interest = TimeDeposit(fen, Decimal(term.annual_rate), datetime.now(BANK_ZONE).date(), term.months).interest
        rows += talk.say.phrase("phrase_deposit_interest", name=term.name, rate=rate, interest=yuan(interest))
        items.append(Item(term.name, rate, money(interest)))
    panel = Listing(talk.say.phrase("phrase_deposit_interest_title"), items)
    talk.say.say("utter_deposit_interest", (), panel, amount=yuan(fen), rows=rows)


class OpenTimeDepositForm(ServiceForm):
    """存定期: an amount for a term out of a debit account."""

    capability = "deposit"
    intent = "open_time_deposit"
    fields: ClassVar[tuple[Field, ...]] = (
        AmountField("amount_fen"),
        TermField("months", TERMS),
        AccountField("from_account_id"),
    )
    mends: ClassVar[dict[str, str]] = {"below_minimum": "amount_fen", "term_unknown": "months"}

    def order(self, values: Values) -> OpenTimeDeposit:
        return OpenTimeDeposit(values["from_account_id"], values["amount_fen"], values["months"])


class WithdrawalField(PartField):
    """How much of the deposit; its question shows what is there."""

    async def wording(self, talk: Conversation, values: Values) -> dict[str, Any]:
        deposits = await ask("time_deposits", talk.session)
        deposit = next(deposit for deposit in deposits if deposit.account_id == values["account_id"])
        return {
            "deposit": deposit.name,
            "principal": yuan(deposit.principal_fen),
            "interest": yuan(deposit.interest_fen),
            "rate": percent(deposit.annual_rate),
            "matures": full_day(deposit.matures_on),
        }


class WithdrawTimeDepositForm(ServiceForm):
    """定期支取: all or a part of a time deposit, to a debit account; what that costs is in the core's lines."""

    capability = "deposit"
    intent = "withdraw_time_deposit"
    fields: ClassVar[tuple[Field, ...]] = (
        OwnAccountField("account_id", "time_deposit", "utter_deposit_none"),
        WithdrawalField("amount_fen"),
        AccountField("to_account_id"),
    )
    mends: ClassVar[dict[str, str]] = {
        "above_deposit": "amount_fen",
        "whole_only": "amount_fen",
        "rest_too_small": "amount_fen",
    }

    def order(self, values: Values) -> WithdrawTimeDeposit:
        return WithdrawTimeDeposit(values["account_id"], values["to_account_id"], values["amount_fen"])
