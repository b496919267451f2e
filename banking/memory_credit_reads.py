"""What the in-memory bank tells about credit cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from banking.credit_card import (
    Bill,
    CardApplication,
    CardProduct,
    CreditCard,
    CreditEntry,
    CreditStatement,
    InstalmentOffer,
    InstalmentPlan,
    Points,
    Reward,
    TemporaryLimit,
)
from banking.memory_base import MemoryBase
from banking.memory_credit_world import FEE_RATES, PRODUCTS, REWARDS, CardRecord, PlanRecord
from banking.memory_transfers import amount_of, bank_day
from banking.memory_world import CustomerRecord
from banking.model import Account
from banking.port import AccountNotFound
from finance.credit_card import GRACE_DAYS, minimum_payment
from finance.instalments import Plan, annual_rate

LIMIT_STEP_FEN = 1_000_00
MOST_PERCENT = {"permanent": 150, "temporary": 200}


@dataclass(frozen=True)
class CardState:
    """A credit card with its account, as of a day."""

    record: CardRecord
    account: Account
    repaid_fen: int
    today: date

    @property
    def temporary_fen(self) -> int:
        until = self.record.temporary_until
        return self.record.temporary_fen if until is not None and self.today <= until else 0

    @property
    def plan_of_bill(self) -> PlanRecord | None:
        return next((plan for plan in self.record.plans if plan.billed_on == self.record.billed_on), None)

    @property
    def converted_fen(self) -> int:
        return self.plan_of_bill.amount_fen if self.plan_of_bill else 0

    @property
    def bill_left_fen(self) -> int:
        return max(0, self._without_plan_fen() - self.repaid_fen)

    @property
    def minimum_left_fen(self) -> int:
        return max(0, minimum_payment(self._without_plan_fen()) - self.repaid_fen)

    @property
    def is_overdue(self) -> bool:
        return self.minimum_left_fen > 0 and self.today > self.record.due_on + timedelta(days=GRACE_DAYS)

    def most_fen(self, term: str) -> int:
        """What the limit can be raised to."""
        highest = self.record.limit_fen * MOST_PERCENT[term] // 100
        return highest - highest % LIMIT_STEP_FEN

    def _without_plan_fen(self) -> int:
        return self.record.bill_fen - self.converted_fen


def card_state(customer: CustomerRecord, account_id: str, now: datetime) -> CardState:
    """Raises AccountNotFound."""
    record = customer.credit.cards.get(account_id)
    if record is None:
        raise AccountNotFound
    repaid_fen = sum(entry.amount_fen for entry in _repayments(customer, record) if entry.on >= record.billed_on)
    return CardState(record, customer.accounts[account_id], repaid_fen, bank_day(now))


def points_of(customer: CustomerRecord, now: datetime) -> Points:
    """What is left and not expired."""
    lots = tuple(lot for lot in customer.credit.lots if lot.points and lot.expires_on >= bank_day(now))
    return Points(sum(lot.points for lot in lots), lots)


class CreditCardReads(MemoryBase):
    """A `banking.credit_card.CreditCardBank`."""

    def credit_cards(self, session: str) -> tuple[CreditCard, ...]:
        def work(customer: CustomerRecord) -> tuple[CreditCard, ...]:
            return tuple(_view(card_state(customer, one, self.clock())) for one in customer.credit.cards)

        return self.read(session, work)

    def credit_statement(self, session: str, account_id: str) -> CreditStatement:
        def work(customer: CustomerRecord) -> CreditStatement:
            record = card_state(customer, account_id, self.clock()).record
            return CreditStatement(record.purchases, _repayments(customer, record))

        return self.read(session, work)

    def instalment_offers(self, session: str | None, amount_fen: int) -> tuple[InstalmentOffer, ...]:
        plans = [Plan(amount_of(amount_fen), periods, rate) for periods, rate in FEE_RATES.items()]
        return tuple(
            InstalmentOffer(
                plan.periods, plan.principal(1) + plan.fee, plan.fee, plan.total_fee, str(annual_rate(plan))
            )
            for plan in plans
        )

    def points(self, session: str) -> Points:
        return self.read(session, lambda customer: points_of(customer, self.clock()))

    def rewards(self, session: str | None) -> tuple[Reward, ...]:
        return REWARDS

    def card_products(self, session: str | None) -> tuple[CardProduct, ...]:
        return PRODUCTS

    def card_applications(self, session: str) -> tuple[CardApplication, ...]:
        return self.read(session, lambda customer: tuple(customer.credit.applications))


def _repayments(customer: CustomerRecord, record: CardRecord) -> tuple[CreditEntry, ...]:
    """Newest first; those before today are in the record, later ones among the transactions."""
    done = [
        CreditEntry(bank_day(item.posted_at), item.amount_fen, item.counterparty or "", item.summary)
        for item in customer.transactions
        if item.account_id == record.account_id and item.amount_fen > 0
    ]
    return (*reversed(done), *record.repayments)


def _view(state: CardState) -> CreditCard:
    record, balance_fen = state.record, state.account.balance_fen
    until = record.temporary_until
    temporary = TemporaryLimit(state.temporary_fen, until) if state.temporary_fen and until else None
    return CreditCard(
        account_id=record.account_id,
        tail=state.account.tail or "",
        owed_fen=max(0, -balance_fen),
        overpaid_fen=max(0, balance_fen),
        limit_fen=record.limit_fen,
        available_fen=record.limit_fen + state.temporary_fen + balance_fen,
        permanent_most_fen=state.most_fen("permanent"),
        temporary_most_fen=state.most_fen("temporary"),
        temporary=temporary,
        bill_day=record.bill_day,
        due_day=record.due_day,
        bill=_bill(state),
        autopay=record.autopay,
        plans=tuple(_plan(plan) for plan in record.plans),
        closing_no=record.closing_no,
    )


def _bill(state: CardState) -> Bill:
    record = state.record
    return Bill(
        billed_on=record.billed_on,
        since=_month_before(record.billed_on),
        until=record.billed_on - timedelta(days=1),
        due_on=record.due_on,
        bill_fen=record.bill_fen,
        left_fen=state.bill_left_fen,
        converted_fen=state.converted_fen,
        minimum_fen=minimum_payment(record.bill_fen),
        minimum_left_fen=state.minimum_left_fen,
        overdue=state.is_overdue,
    )


def _plan(plan: PlanRecord) -> InstalmentPlan:
    fee_fen = Plan(plan.amount_fen, plan.periods, FEE_RATES[plan.periods]).fee
    return InstalmentPlan(plan.plan_no, plan.amount_fen, plan.periods, fee_fen, plan.first_due)


def _month_before(billed_on: date) -> date:
    return (billed_on.replace(day=1) - timedelta(days=1)).replace(day=billed_on.day)
