"""What the contract tests of credit cards share."""

from __future__ import annotations

import pytest

from banking.credit_card import CreditCard, RepayCreditCard
from banking.model import Draft
from banking.orders import Order
from banking.port import CodeRequired, NotPossible
from tests.contract.worlds import World


def card(bank: World, session: str) -> CreditCard:
    return bank.port.credit_cards(session)[0]


def done(bank: World, session: str, order: Order, login: str = "zhangwei") -> Draft:
    """Prepare and carry out; with a code where one is needed, and only there."""
    draft = bank.port.prepare(session, order)
    assert draft.order is not None and draft.order.asked == order.fields()
    if draft.needs_code:
        with pytest.raises(CodeRequired):
            bank.port.confirm(session, draft.id)
        bank.authorise(session, draft, login)
    return bank.port.confirm(session, draft.id)


def lines(draft: Draft) -> dict[str, str]:
    """What was shown before the confirmation, by label."""
    assert draft.order is not None
    return {line.label: line.value for line in draft.order.lines}


def results(draft: Draft) -> dict[str, str]:
    """What was told after it."""
    assert draft.result is not None
    return {line.label: line.value for line in draft.result.lines}


def refusal(bank: World, session: str, order: Order) -> tuple[str, str]:
    """Rule and reason."""
    with pytest.raises(NotPossible) as refused:
        bank.port.prepare(session, order)
    return refused.value.rule, refused.value.reason


def repay(bank: World, session: str, amount_fen: int) -> Draft:
    accounts = bank.account(session, "8812").id, bank.account(session, "6789").id
    return done(bank, session, RepayCreditCard(*accounts, amount_fen))
