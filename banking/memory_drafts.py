"""Drafts of the in-memory bank: prepare, answer, send and check codes, carry out. The caller holds the bank's lock."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from banking import (
    memory_account_orders,
    memory_branch,
    memory_card,
    memory_care,
    memory_credit_card,
    memory_credit_plans,
    memory_credit_rewards,
    memory_deposit,
    memory_life,
    memory_loan,
    memory_payees,
    memory_profile,
    memory_transfer_orders,
    memory_wealth,
)
from banking.memory_orders import OrderRules
from banking.memory_transfers import Transfers
from banking.memory_world import CustomerRecord, DraftRecord
from banking.model import OPEN_STATES, Card, Challenge, Draft, DraftState, Line, OrderDetails, Receipt
from banking.orders import Order
from banking.port import (
    BankContractBroken,
    CardNotFound,
    CardStateConflict,
    CodeExpired,
    CodeLocked,
    CodeRequired,
    CodeWrong,
    DraftClosed,
    DraftExpired,
    DraftNotFound,
    RiskQuestionOpen,
    RiskRefused,
    TooManyCodes,
)
from chinese.mask import mask_phone

DRAFT_LIFETIME = timedelta(minutes=10)
CODE_LIFETIME = timedelta(minutes=5)
DAY = timedelta(hours=24)
SENDS_A_DRAFT = 5
SENDS_A_DAY = 10
RULES: dict[type[Order], OrderRules] = {
    rules.order: rules
    for module in (
        memory_account_orders,
        memory_credit_card,
        memory_credit_plans,
        memory_credit_rewards,
        memory_deposit,
        memory_wealth,
        memory_loan,
        memory_transfer_orders,
        memory_payees,
        memory_branch,
        memory_life,
        memory_profile,
        memory_card,
        memory_care,
        memory_deposit,
        memory_wealth,
        memory_loan,
    )
    for rules in module.RULES
}
CARD_NAMES = {"debit": "借记卡", "credit": "信用卡"}


class Drafts:
    """The life of every draft, after the rules of the core bank's API."""

    def __init__(self, customers: Mapping[str, CustomerRecord], now: Callable[[], datetime]) -> None:
        self._customers = customers
        self._now = now
        self._transfers = Transfers(customers, now)
        self._numbers = count(1)

    def transfer(
        self,
        customer: CustomerRecord,
        from_account_id: str,
        payee_id: str,
        amount_fen: int,
        note: str | None,
        replaces: str | None,
    ) -> Draft:
        replaced = self._replaced(customer, replaces)
        account, payee = self._transfers.check(customer, from_account_id, payee_id, amount_fen)
        proposal = self._transfers.propose(account, payee, amount_fen, note)
        return self._add(customer, replaced, self._blank("transfer", **proposal))

    def unfreeze(self, customer: CustomerRecord, card_id: str, replaces: str | None) -> Draft:
        replaced = self._replaced(customer, replaces)
        card = _frozen_card(customer, card_id)
        text = f"解除{CARD_NAMES[card.kind]}（尾号{card.tail}）的冻结，恢复使用"
        return self._add(customer, replaced, self._blank("unfreeze_card", canonical_text=text, card=card))

    def order(self, customer: CustomerRecord, order: Order, replaces: str | None) -> Draft:
        replaced = self._replaced(customer, replaces)
        rules = RULES[type(order)]
        offer = rules.propose(customer, order, self._now())
        draft = self._blank(
            order.kind,
            canonical_text=offer.canonical_text,
            needs_code=rules.needs_code,
            order=OrderDetails(order.fields(), offer.lines),
            risk=offer.risk,
            risk_reasons=offer.risk_reasons,
        )
        return self._add(customer, replaced, draft, order)

    def get(self, customer: CustomerRecord, draft_id: str) -> Draft:
        return self._view(customer, _record(customer, draft_id))

    def newest(self, customer: CustomerRecord, kind: str | None, limit: int) -> tuple[Draft, ...]:
        records = [record for record in customer.drafts.values() if kind in (None, record.draft.kind)]
        return tuple(self._view(customer, record) for record in records[::-1][:limit])

    def answer_risk(self, customer: CustomerRecord, draft_id: str, suspicious: bool) -> Draft:
        record = self._open(customer, draft_id)
        if record.draft.risk == "blue":
            raise BankContractBroken("validation_error: this draft has no risk question")
        record.risk_answered = True
        if suspicious:
            record.move(state="REFUSED")
        return self._view(customer, record)

    def send_code(self, customer: CustomerRecord, draft_id: str, session: str) -> Draft:
        record = self._open(customer, draft_id)
        if self._view(customer, record).risk_question_open:
            raise RiskQuestionOpen
        now = self._now()
        self._refuse_too_many(customer, record, now)
        record.code, record.session = f"{secrets.randbelow(1_000_000):06d}", session
        record.sent = next(self._numbers)
        record.sends += 1
        customer.codes_sent.append(now)
        expires_at = min(now + CODE_LIFETIME, record.draft.expires_at)
        record.move(state="CHALLENGED", challenge=Challenge(mask_phone(customer.phone), expires_at, record.tries_left))
        return self._view(customer, record)

    def submit_code(self, customer: CustomerRecord, session: str, code: str) -> Draft:
        """What the channel does with a code. Raises BankContractBroken for no_open_challenge and code_malformed."""
        waiting = [record for record in customer.drafts.values() if self._waits(record, session)]
        if not waiting:
            raise BankContractBroken("no_open_challenge")
        record = max(waiting, key=lambda record: record.sent)
        if not (len(code) == 6 and code.isascii() and code.isdigit()):
            raise BankContractBroken("code_malformed")
        if record.draft.challenge is None or self._now() >= record.draft.challenge.expires_at:
            raise CodeExpired
        if code != record.code:
            record.tries_left -= 1
            if record.tries_left > 0:
                raise CodeWrong(record.tries_left)
            record.move(state="LOCKED")
            raise CodeLocked
        record.move(state="AUTHORISED")
        return self._view(customer, record)

    def confirm(self, customer: CustomerRecord, draft_id: str, session: str) -> Draft:
        record = self._open(customer, draft_id)
        authorised = record.draft.state == "AUTHORISED" and record.session == session
        if record.draft.needs_code and not authorised:
            raise CodeRequired
        if record.draft.risk == "red":
            self._check_again(customer, record)
            record.move(state="REVIEW")
        else:
            self._execute(customer, record)
        return self._view(customer, record)

    def cancel(self, customer: CustomerRecord, draft_id: str) -> Draft:
        record = self._open(customer, draft_id, "REVIEW")
        record.move(state="CANCELLED")
        return self._view(customer, record)

    def review(self, draft_id: str, approve: bool) -> None:
        """What the operator does with a red draft."""
        customer = next(customer for customer in self._customers.values() if draft_id in customer.drafts)
        record = self._open(customer, draft_id, "REVIEW")
        if approve:
            self._execute(customer, record)
        else:
            record.move(state="REJECTED")

    def _blank(self, kind: str, **values: object) -> Draft:
        now = self._now()
        blank = Draft(
            id=f"dr_{secrets.token_hex(8)}",
            kind=kind,
            state="DRAFT",
            canonical_text="",
            needs_code=True,
            risk="blue",
            risk_reasons=(),
            risk_question_open=False,
            created_at=now,
            expires_at=now + DRAFT_LIFETIME,
            transfer=None,
            card=None,
            order=None,
            challenge=None,
            result=None,
        )
        return replace(blank, **values)  # type: ignore[arg-type]

    def _add(
        self, customer: CustomerRecord, replaced: DraftRecord | None, draft: Draft, order: Order | None = None
    ) -> Draft:
        if replaced is not None:
            replaced.move(state="CANCELLED")
        customer.drafts[draft.id] = DraftRecord(draft, order)
        return self.get(customer, draft.id)

    def _replaced(self, customer: CustomerRecord, draft_id: str | None) -> DraftRecord | None:
        return None if draft_id is None else self._open(customer, draft_id, "REVIEW")

    def _open(self, customer: CustomerRecord, draft_id: str, *also: DraftState) -> DraftRecord:
        """An open draft, or one in a state of `also`. Raises DraftNotFound, DraftExpired, RiskRefused, DraftClosed."""
        record = _record(customer, draft_id)
        state = self._state(record.draft)
        if state == "EXPIRED":
            raise DraftExpired
        if state == "REFUSED":
            raise RiskRefused
        if state not in OPEN_STATES and state not in also:
            raise DraftClosed(state)
        return record

    def _state(self, draft: Draft) -> DraftState:
        return "EXPIRED" if draft.state in OPEN_STATES and self._now() >= draft.expires_at else draft.state

    def _view(self, customer: CustomerRecord, record: DraftRecord) -> Draft:
        draft, state = record.draft, self._state(record.draft)
        challenge = draft.challenge and replace(draft.challenge, tries_left=record.tries_left)
        return replace(
            draft,
            state=state,
            risk_question_open=draft.risk != "blue" and not record.risk_answered and state == "DRAFT",
            card=draft.card and customer.cards[draft.card.id],
            challenge=challenge if state == "CHALLENGED" else None,
        )

    def _waits(self, record: DraftRecord, session: str) -> bool:
        return self._state(record.draft) == "CHALLENGED" and record.session == session

    def _refuse_too_many(self, customer: CustomerRecord, record: DraftRecord, now: datetime) -> None:
        if record.sends >= SENDS_A_DRAFT:
            raise TooManyCodes(_seconds(record.draft.expires_at - now))
        recent = [sent for sent in customer.codes_sent if sent > now - DAY]
        if len(recent) >= SENDS_A_DAY:
            raise TooManyCodes(_seconds(recent[-SENDS_A_DAY] + DAY - now))

    def _check_again(self, customer: CustomerRecord, record: DraftRecord) -> None:
        if record.order is None:
            self._transfers.check_again(customer, record.draft)
        else:
            RULES[type(record.order)].propose(customer, record.order, self._now())

    def _execute(self, customer: CustomerRecord, record: DraftRecord) -> None:
        now, draft = self._now(), record.draft
        lines: tuple[Line, ...] = ()
        if record.order is not None:
            lines = RULES[type(record.order)].execute(customer, record.order, now)
        elif draft.card is not None:
            card = _frozen_card(customer, draft.card.id)
            customer.cards[card.id] = replace(card, state="active", state_since=now)
        else:
            self._transfers.execute(customer, draft)
        record.move(state="DONE", result=Receipt(f"ZG-{secrets.token_hex(4).upper()}", now, lines))


def _record(customer: CustomerRecord, draft_id: str) -> DraftRecord:
    if draft_id not in customer.drafts:
        raise DraftNotFound
    return customer.drafts[draft_id]


def _frozen_card(customer: CustomerRecord, card_id: str) -> Card:
    if card_id not in customer.cards:
        raise CardNotFound
    card = customer.cards[card_id]
    if card.state != "frozen":
        raise CardStateConflict(card.state)
    return card


def _seconds(wait: timedelta) -> int:
    return int(wait.total_seconds()) + 1
