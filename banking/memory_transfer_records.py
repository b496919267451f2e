"""What became of transfers in the in-memory bank, the day's scheduled ones, and numbers that channels hand in."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from datetime import date, datetime, timedelta

from banking.memory_base import MemoryBase
from banking.memory_transfer_book import Schedule, TypedNumber
from banking.memory_transfers import Transfers, bank_day
from banking.memory_world import CustomerRecord
from banking.model import Draft, Payee
from banking.port import BankContractBroken, BankRefused
from banking.transfers import PaidPayee, ScheduledTransfer, TransferRecord
from chinese.days import following
from chinese.digit_groups import is_luhn

BANKS = {"629188": "本行", "622202": "工商银行", "621700": "建设银行", "622848": "农业银行", "622588": "招商银行"}
FAILED_STATES = {"REJECTED": "rejected", "REFUSED": "refused", "LOCKED": "locked", "EXPIRED": "expired"}


class MemoryTransfers(MemoryBase):
    """A `banking.transfers.TransferBank`."""

    def transfers(self, session: str, limit: int = 10) -> tuple[TransferRecord, ...]:
        return self.read(session, lambda customer: self._records(customer)[:limit])

    def scheduled_transfers(self, session: str) -> tuple[ScheduledTransfer, ...]:
        return self.read(session, _scheduled)

    def hold_number(self, session: str, number: str) -> str:
        """What a channel does with a full account number. Returns its reference.

        Raises BankContractBroken for account_number_invalid.
        """
        if not (number.isdecimal() and 16 <= len(number) <= 19 and is_luhn(number)):
            raise BankContractBroken("account_number_invalid")
        return self.write(session, lambda customer: self._hold(customer, number))

    def _hold(self, customer: CustomerRecord, number: str) -> str:
        bank, reference = BANKS.get(number[:6]), f"an_{secrets.token_hex(8)}"
        owner = next((c for c in self._customers.values() if bank == "本行" and _owns(c, number)), None)
        typed = TypedNumber(number, bank, owner.name if owner else None, owner is customer)
        customer.book.typed[reference] = typed
        return reference

    def _records(self, customer: CustomerRecord) -> tuple[TransferRecord, ...]:
        open_ones = [self._unmade(record.draft) for record in customer.drafts.values()]
        found = [*made(customer), *customer.book.failed, *(record for record in open_ones if record)]
        return tuple(sorted(found, key=lambda record: record.at, reverse=True))

    def _unmade(self, draft: Draft) -> TransferRecord | None:
        outlived = draft.state in ("DRAFT", "CHALLENGED", "AUTHORISED") and self.clock() >= draft.expires_at
        failure = FAILED_STATES.get("EXPIRED" if outlived else draft.state)
        if draft.transfer is None or not (failure or draft.state == "REVIEW"):
            return None
        return _drafted(draft, failure)

    def _customer(self, session: str) -> CustomerRecord:
        customer = super()._customer(session)
        transfers = Transfers(self._customers, self.clock)
        for each in self._customers.values():
            for schedule in each.book.schedules.values():
                while schedule.next_on is not None and schedule.next_on <= bank_day(self.clock()):
                    _run(each, schedule, transfers, self.clock())
        return customer


def made(customer: CustomerRecord) -> list[TransferRecord]:
    """Every transfer to somebody else whose money moved through a draft or a schedule."""
    drafts = [record.draft for record in customer.drafts.values()]
    found = [_drafted(draft, None) for draft in drafts if draft.transfer and draft.state == "DONE"]
    return [_recalled(customer, record) for record in (*found, *customer.book.made)]


def _recalled(customer: CustomerRecord, record: TransferRecord) -> TransferRecord:
    return replace(record, recall_no=customer.book.recalls.get(record.id))


def _drafted(draft: Draft, failure: str | None) -> TransferRecord:
    details, result = draft.transfer, draft.result
    assert details is not None, "only transfers are recorded"
    payee = PaidPayee(details.payee.name, details.payee.bank, details.payee.tail)
    return TransferRecord(
        id=draft.id,
        state="failed" if failure else "done" if result else "review",
        at=result.posted_at if result else draft.created_at,
        amount_fen=details.amount_fen,
        payee=payee,
        account_tail=details.from_account.tail,
        receipt_no=result.receipt_no if result else None,
        arrives_on=_arrival(payee, result.posted_at) if result else None,
        recall_no=None,
        failure=failure,
        scheduled_for=None,
    )


def _arrival(payee: PaidPayee, posted_at: datetime) -> date:
    return bank_day(posted_at) + timedelta(days=0 if payee.bank == "本行" else 1)


def _run(customer: CustomerRecord, schedule: Schedule, transfers: Transfers, now: datetime) -> None:
    """Carry out one day of a schedule, or record why not."""
    due_on, failure = schedule.next_on, None
    assert due_on is not None, "it is due"
    try:
        account, payee = transfers.check(customer, schedule.account_id, schedule.payee_id, schedule.amount_fen)
        transfers.pay(customer, account, payee, schedule.amount_fen, "预约转账")
    except BankRefused as refusal:
        failure = re.sub(r"(?<!^)(?=[A-Z])", "_", type(refusal).__name__).lower()
    paid = _paid(customer.payees[schedule.payee_id])
    record = TransferRecord(
        id=f"{schedule.id}.{due_on}",
        state="failed" if failure else "done",
        at=now,
        amount_fen=schedule.amount_fen,
        payee=paid,
        account_tail=customer.accounts[schedule.account_id].tail or "",
        receipt_no=None if failure else f"ZG-{secrets.token_hex(4).upper()}",
        arrives_on=None if failure else _arrival(paid, now),
        recall_no=None,
        failure=failure,
        scheduled_for=due_on if failure else None,
    )
    (customer.book.failed if failure else customer.book.made).append(record)
    schedule.next_on = following(schedule.repeats, due_on)


def _scheduled(customer: CustomerRecord) -> tuple[ScheduledTransfer, ...]:
    found = [
        ScheduledTransfer(
            schedule.id,
            _paid(customer.payees[schedule.payee_id]),
            customer.accounts[schedule.account_id].tail or "",
            schedule.amount_fen,
            schedule.repeats,  # type: ignore[arg-type]
            schedule.next_on,
        )
        for schedule in customer.book.schedules.values()
        if schedule.next_on is not None
    ]
    return tuple(sorted(found, key=lambda one: one.next_on))


def _paid(payee: Payee) -> PaidPayee:
    return PaidPayee(payee.name, payee.bank, payee.tail)


def _owns(customer: CustomerRecord, number: str) -> bool:
    debit = [account for account in customer.accounts.values() if account.kind == "debit"]
    return any(account.tail and demo_number(account.tail) == number for account in debit)


def demo_number(tail: str) -> str:
    """The full number of a debit account of the demo bank."""
    return next(number for digit in range(10) if is_luhn(number := f"62918800000000{digit}{tail}"))
