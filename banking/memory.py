"""The core bank in memory: the same rules on the demo bank, for unit tests and demonstrations. Not for money."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from typing import TypeVar

from banking.memory_account import MemoryAccount, release_due
from banking.memory_branch import MemoryBranches
from banking.memory_card import MemoryCard
from banking.memory_care import MemoryCare
from banking.memory_credit_plans import settle_autopay
from banking.memory_credit_reads import CreditCardReads
from banking.memory_deposit import MemoryDeposit
from banking.memory_drafts import Drafts
from banking.memory_everyday import furnish
from banking.memory_fx import MemoryFx
from banking.memory_life import MemoryLife
from banking.memory_loan import MemoryLoan
from banking.memory_profile import MemoryProfiles
from banking.memory_redemption import settle as settle_redemptions
from banking.memory_statement import statement
from banking.memory_transfer_records import MemoryTransfers
from banking.memory_transfers import limits_of
from banking.memory_wealth import MemoryWealth
from banking.memory_world import CustomerRecord
from banking.model import (
    Account,
    Card,
    CardChange,
    CardState,
    Customer,
    Draft,
    Limits,
    LossReport,
    Payee,
    TransactionPage,
    TransactionQuery,
)
from banking.orders import Order
from banking.port import (
    CardNotFound,
    CardStateConflict,
)
from chinese.mask import mask_phone

T = TypeVar("T")


class MemoryBank(
    MemoryAccount,
    CreditCardReads,
    MemoryTransfers,
    MemoryCard,
    MemoryCare,
    MemoryFx,
    MemoryBranches,
    MemoryLife,
    MemoryProfiles,
    MemoryDeposit,
    MemoryWealth,
    MemoryLoan,
):
    """A `banking.port.CoreBank`. Tests set `fault` and `clock`, sign customers in and read their codes.

    Faults do what the sandbox's do: `core_slow` is slower than every deadline (the work is done, nobody waits for it),
    `core_drop_reply` strikes only operations with an idempotency key.
    """

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(timezone.utc)) -> None:
        super().__init__(clock)
        furnish(self._customers, clock())
        self._drafts = Drafts(self._customers, lambda: self.clock())

    def settle(self, customer: CustomerRecord, now: datetime) -> None:
        settle_redemptions(customer, now)
        settle_autopay(customer, now)

    def submit_code(self, session: str, code: str) -> Draft:
        """What a channel does with a code the customer typed.

        Raises CodeWrong, CodeExpired, CodeLocked; BankContractBroken for no_open_challenge and code_malformed.
        """
        return self.write(session, lambda customer: self._drafts.submit_code(customer, session, code))

    def last_code(self, login: str) -> str:
        """The code of the newest SMS to this customer. Raises ValueError when none was sent."""
        sent = [record for record in self._customers[login].drafts.values() if record.code is not None]
        if not sent:
            raise ValueError(f"no code was sent to {login}")
        return str(max(sent, key=lambda record: record.sent).code)

    def review(self, draft_id: str, approve: bool) -> None:
        """What an operator does with a red draft."""
        with self._lock:
            self._drafts.review(draft_id, approve)

    def customer(self, session: str) -> Customer:
        return self.read(session, lambda c: Customer(c.name, c.elder_mode, mask_phone(c.phone)))

    def accounts(self, session: str) -> tuple[Account, ...]:
        def listed(customer: CustomerRecord) -> tuple[Account, ...]:
            release_due(customer, self.clock())
            return tuple(customer.accounts.values())

        return self.read(session, listed)

    def cards(self, session: str) -> tuple[Card, ...]:
        return self.read(session, lambda customer: tuple(customer.cards.values()))

    def transactions(self, session: str, query: TransactionQuery) -> TransactionPage:
        return self.read(session, lambda customer: statement(customer, query))

    def payees(self, session: str) -> tuple[Payee, ...]:
        return self.read(session, lambda customer: tuple(customer.payees.values()))

    def limits(self, session: str) -> Limits:
        return self.read(session, lambda customer: limits_of(customer, self.clock()))

    def draft_transfer(
        self,
        session: str,
        from_account_id: str,
        payee_id: str,
        amount_fen: int,
        note: str | None = None,
        replaces: str | None = None,
    ) -> Draft:
        return self.write(
            session, lambda c: self._drafts.transfer(c, from_account_id, payee_id, amount_fen, note, replaces)
        )

    def draft_unfreeze(self, session: str, card_id: str, replaces: str | None = None) -> Draft:
        return self.write(session, lambda customer: self._drafts.unfreeze(customer, card_id, replaces))

    def prepare(self, session: str, order: Order, replaces: str | None = None) -> Draft:
        return self.write(session, lambda customer: self._drafts.order(customer, order, replaces))

    def draft(self, session: str, draft_id: str) -> Draft:
        return self.read(session, lambda customer: self._drafts.get(customer, draft_id))

    def drafts(self, session: str, kind: str | None = None, limit: int = 10) -> tuple[Draft, ...]:
        return self.read(session, lambda customer: self._drafts.newest(customer, kind, limit))

    def answer_risk(self, session: str, draft_id: str, suspicious: bool) -> Draft:
        return self.write(session, lambda customer: self._drafts.answer_risk(customer, draft_id, suspicious))

    def send_code(self, session: str, draft_id: str) -> Draft:
        return self.write(session, lambda customer: self._drafts.send_code(customer, draft_id, session))

    def confirm(self, session: str, draft_id: str) -> Draft:
        return self.once(session, draft_id, f"confirm {draft_id}", lambda c: self._drafts.confirm(c, draft_id, session))

    def cancel(self, session: str, draft_id: str) -> Draft:
        return self.write(session, lambda customer: self._drafts.cancel(customer, draft_id))

    def freeze_card(self, session: str, card_id: str, key: str) -> CardChange:
        def freeze(customer: CustomerRecord) -> CardChange:
            card = _card(customer, card_id)
            if card.state in ("lost", "inactive"):
                raise CardStateConflict(card.state)
            return CardChange(self._set_state(customer, card, "frozen"), changed=card.state != "frozen")

        return self.once(session, key, f"freeze {card_id}", freeze)

    def report_card_lost(self, session: str, card_id: str, key: str) -> LossReport:
        def report(customer: CustomerRecord) -> LossReport:
            card = _card(customer, card_id)
            number = customer.loss_reports.setdefault(card_id, f"GS-{secrets.token_hex(4).upper()}")
            return LossReport(self._set_state(customer, card, "lost"), card.state != "lost", number)

        return self.once(session, key, f"loss-report {card_id}", report)

    def _set_state(self, customer: CustomerRecord, card: Card, state: CardState) -> Card:
        if card.state != state:
            customer.cards[card.id] = replace(card, state=state, state_since=self.clock())
        return customer.cards[card.id]


def _card(customer: CustomerRecord, card_id: str) -> Card:
    if card_id not in customer.cards:
        raise CardNotFound
    return customer.cards[card_id]
