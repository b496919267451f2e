"""Activating a card: a newly issued one, or the one that was sent in place of another."""

from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from services.core_bank import cards, queries
from services.core_bank.card import features, shipping
from services.core_bank.card.tables import card_orders
from services.core_bank.clock import bank_day
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import Text
from services.core_bank.identifiers import new_receipt_number
from services.core_bank.tables import loss_reports

CARD_NAMES = {"debit": "借记卡", "credit": "信用卡"}


class ActivateCardRequest(DraftRequest):
    kind: Literal["activate_card"]
    card_id: Text


class ActivateCard(Order):
    """The old card in the place of which a new one came is worth nothing from then on."""

    name = "activate_card"
    Request = ActivateCardRequest

    def propose(self, conn: Connection, applicant: Applicant, request: ActivateCardRequest) -> Offer:
        card, order = _checked(conn, applicant.customer_id, request.card_id, applicant.now)
        lines = [("旧卡", "激活后旧卡作废，请剪毁")] if order is not None else []
        return Offer(f"激活{CARD_NAMES[card.kind]}（尾号{card.tail}）的新卡", lines)

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        card, order = _checked(conn, draft.customer_id, asked(draft)["card_id"], now)
        if card.state != "active":
            cards.set_state(conn, draft.world_id, card.id, card.state, "active")
        if order is not None:
            done = sa.update(card_orders).where(card_orders.c.order_no == order.order_no)
            conn.execute(done.values(activated_at=now))
            conn.execute(sa.delete(loss_reports).where(loss_reports.c.card_id == card.id))  # it was about the old card
        expires_on = features.valid_until(card.kind, bank_day(now))
        features.change(conn, card, expires_on=expires_on)
        return Receipt(new_receipt_number("ZG", now), now, [("有效期至", f"{expires_on.year}年{expires_on.month}月")])


def _checked(conn: Connection, customer_id: str, card_id: str, now: datetime) -> tuple[Row, Row | None]:
    """The card and the order that brought the new one. Raises card_not_found, not_possible."""
    card = queries.get_card(conn, customer_id, card_id, lock=True)
    order = shipping.open_order(conn, card.id)
    if order is None and card.state == "inactive":
        return card, None
    if order is None:
        raise not_possible("already_active", "这张卡没有等待激活的新卡，不用办激活。")
    if shipping.stage_at(order, now) != "delivered":
        raise not_possible("not_delivered", "新卡还没有送到，收到以后再激活，安全一些。可以说「查制卡进度」看到哪了。")
    return card, order
