"""Transfers of the in-memory bank: what is checked, how it is worded, how risky it is, and the money moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import count
from zoneinfo import ZoneInfo

from banking.memory_world import CustomerRecord
from banking.model import (
    Account,
    Draft,
    Limits,
    Payee,
    Risk,
    Transaction,
    TransferAccount,
    TransferDetails,
    TransferPayee,
)
from banking.port import (
    AccountNotFound,
    AccountRestricted,
    AmountInvalid,
    BankContractBroken,
    CardNotUsable,
    InsufficientFunds,
    LimitExceeded,
    PayeeNotFound,
    PayeeUnavailable,
)
from chinese.amounts_text import format_fen, upper

BANK_ZONE = ZoneInfo("Asia/Shanghai")
MAXIMUM_FEN = 99_999_999_99
DAILY_FEN = 50_000_00
REVIEW_FEN = 20_000_00
CAREFUL_FEN = 5_000_00
MAXIMUM_NOTE = 30


class Transfers:
    """Transfers from debit accounts to saved payees."""

    def __init__(self, customers: Mapping[str, CustomerRecord], now: Callable[[], datetime]) -> None:
        self._customers = customers
        self._now = now
        self._numbers = count(1)

    def check(
        self, customer: CustomerRecord, from_account_id: str, payee_id: str, amount_fen: int
    ) -> tuple[Account, Payee]:
        """The account and payee of a transfer that may be made now. Raises every refusal of a transfer."""
        amount_of(amount_fen)
        account = paying_account(customer, from_account_id)
        payee = customer.payees.get(payee_id)
        if payee is None:
            raise PayeeNotFound
        if payee.internal and self._receiving_account(payee).id == account.id:
            raise PayeeUnavailable("收款账户与付款账户相同。")
        limits = limits_of(customer, self._now())
        if amount_fen > limits.remaining_today_fen:
            raise LimitExceeded("daily", limits.daily_fen, limits.remaining_today_fen)
        if amount_fen > account.available_fen:
            raise InsufficientFunds(account.available_fen)
        return account, payee

    def check_again(self, customer: CustomerRecord, draft: Draft) -> tuple[Account, Payee, TransferDetails]:
        """`check` for what a draft says."""
        details = draft.transfer
        if details is None:
            raise BankContractBroken(f"{draft.kind} is not a transfer")
        return *self.check(customer, details.from_account.id, details.payee.id, details.amount_fen), details

    def propose(self, account: Account, payee: Payee, amount_fen: int, note: str | None) -> dict[str, object]:
        """The fields of a transfer draft."""
        if note is not None and len(note) > MAXIMUM_NOTE:
            raise BankContractBroken("validation_error: note")
        details = TransferDetails(
            amount_fen=amount_fen,
            fee_fen=0,
            amount_upper=upper(amount_fen),
            from_account=TransferAccount(account.id, account.name, account.tail or ""),
            payee=TransferPayee(payee.id, payee.name, payee.bank, payee.tail),
            note=note,
        )
        risk, reasons = transfer_risk(amount_fen, payee, self._now())
        return {"canonical_text": _wording(details), "transfer": details, "risk": risk, "risk_reasons": reasons}

    def execute(self, customer: CustomerRecord, draft: Draft) -> None:
        """Move the money. Raises every refusal of a transfer."""
        account, payee, details = self.check_again(customer, draft)
        self.pay(customer, account, payee, details.amount_fen, details.note or "转账")

    def pay(self, customer: CustomerRecord, account: Account, payee: Payee, amount_fen: int, summary: str) -> None:
        """Move what was checked."""
        self._post(customer, account, -amount_fen, payee.name, summary)
        if payee.internal:
            receiver = next(c for c in self._customers.values() if self._receiving_account(payee).id in c.accounts)
            self._post(receiver, self._receiving_account(payee), amount_fen, customer.name, summary)
        customer.payees[payee.id] = replace(payee, paid_before=True)
        day = bank_day(self._now())
        customer.used_fen[day] = customer.used_fen.get(day, 0) + amount_fen

    def _receiving_account(self, payee: Payee) -> Account:
        accounts = (account for customer in self._customers.values() for account in customer.accounts.values())
        return next(account for account in accounts if account.kind == "debit" and account.tail == payee.tail)

    def _post(self, customer: CustomerRecord, account: Account, amount_fen: int, other: str, summary: str) -> None:
        balance_fen = account.balance_fen + amount_fen
        customer.put(replace(account, balance_fen=balance_fen, available_fen=balance_fen))
        customer.transactions.append(
            Transaction(
                id=str(next(self._numbers)),
                account_id=account.id,
                account_tail=account.tail,
                posted_at=self._now(),
                amount_fen=amount_fen,
                balance_after_fen=balance_fen,
                counterparty=other,
                summary=summary,
                kind="transfer",
            )
        )


def bank_day(moment: datetime) -> date:
    """The day of the bank in Asia/Shanghai."""
    return moment.astimezone(BANK_ZONE).date()


def limits_of(customer: CustomerRecord, now: datetime) -> Limits:
    """The customer's limits as of now."""
    used_fen = customer.used_fen.get(bank_day(now), 0)
    daily_fen = customer.book.daily_fen or DAILY_FEN
    return Limits(REVIEW_FEN, daily_fen, used_fen, max(0, daily_fen - used_fen), CAREFUL_FEN)


def amount_of(amount_fen: int) -> int:
    """Raises AmountInvalid."""
    if type(amount_fen) is not int or not 1 <= amount_fen <= MAXIMUM_FEN:
        raise AmountInvalid
    return amount_fen


def paying_account(customer: CustomerRecord, account_id: str) -> Account:
    """Raises AccountNotFound, AccountRestricted, CardNotUsable."""
    account = customer.accounts.get(account_id)
    if account is None:
        raise AccountNotFound
    if account.kind != "debit":
        raise AccountRestricted(f"{account.name}不能用于转账,请使用借记卡。")
    if account.restriction is not None:
        raise AccountRestricted(account.restriction.reason)
    if account.card_id is not None and customer.cards[account.card_id].state != "active":
        raise CardNotUsable(customer.cards[account.card_id].state)
    return account


def transfer_risk(amount_fen: int, payee: Payee, now: datetime) -> tuple[Risk, tuple[str, ...]]:
    """Level and reasons."""
    hour = now.astimezone(BANK_ZONE).hour
    careful = amount_fen > CAREFUL_FEN
    grounds = {
        "new_payee": careful and not payee.paid_before,
        "night": careful and (hour >= 23 or hour < 6),
        "above_review": amount_fen > REVIEW_FEN,
    }
    reasons = tuple(reason for reason, holds in grounds.items() if holds)
    return ("red" if "above_review" in reasons else "yellow" if reasons else "blue"), reasons


def _wording(details: TransferDetails) -> str:
    payer, payee = details.from_account, details.payee
    return (
        f"从{payer.name}（尾号{payer.tail}）向{payee.name}（{payee.bank}，尾号{payee.tail}）"
        f"转账 ¥{format_fen(details.amount_fen)}（{details.amount_upper}），手续费 ¥{format_fen(details.fee_fen)}"
    )
