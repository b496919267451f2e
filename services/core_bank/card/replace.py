"""Replacing a lost or damaged card: same number, posted to an address, the fee from the card's own account."""

import re
import secrets
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen
from services.core_bank import paying, queries
from services.core_bank.card import shipping
from services.core_bank.card.tables import card_orders
from services.core_bank.clock import bank_day
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import BankError, not_possible
from services.core_bank.fields import Text
from services.core_bank.identifiers import new_receipt_number
from services.core_bank.tables import accounts

CARD_NAMES = {"debit": "借记卡", "credit": "信用卡"}
FEES_FEN = {"debit": 5_00, "credit": 0}
_REASONS = {"lost": "卡片挂失", "damaged": "卡片损坏"}
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_SHORTEST_ADDRESS = 8


class ReplaceCardRequest(DraftRequest):
    kind: Literal["replace_card"]
    card_id: Text
    reason: Literal["lost", "damaged"]
    address: Text


class ReplaceCard(Order):
    """A lost card has to be reported lost first; a damaged one stays as it is until the new one is activated."""

    name = "replace_card"
    Request = ReplaceCardRequest

    def propose(self, conn: Connection, applicant: Applicant, request: ReplaceCardRequest) -> Offer:
        card, fee_fen = _checked(conn, applicant.customer_id, request.dict())
        arrives = bank_day(applicant.now + shipping.DELIVERED_AFTER)
        lines = [
            ("原因", _REASONS[request.reason]),
            ("寄送地址", request.address),
            ("工本费", f"¥{format_fen(fee_fen)}（从这张卡的账户扣收）" if fee_fen else "免收"),
            ("预计送达", f"{arrives.month}月{arrives.day}日前"),
        ]
        return Offer(f"为{CARD_NAMES[card.kind]}（尾号{card.tail}）补换新卡，卡号不变", lines)

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields = asked(draft)
        paying.lock_card(conn, queries.get_card(conn, draft.customer_id, fields["card_id"]).account_id)
        card, fee_fen = _checked(conn, draft.customer_id, fields)
        receipt_no = new_receipt_number("ZG", now)
        if fee_fen:
            payee = paying.clearing_account(conn, draft.world_id)
            payment = paying.Payment(card.account_id, payee, fee_fen, "本行", "fee", "补换卡工本费")
            receipt_no = paying.pay(conn, draft, payment, now)
        order_no = new_receipt_number("KD", now)
        conn.execute(
            sa.insert(card_orders).values(
                order_no=order_no,
                card_id=card.id,
                reason=fields["reason"],
                address=fields["address"],
                fee_fen=fee_fen,
                tracking_no=f"SF{secrets.token_hex(5).upper()}",
                ordered_at=now,
            )
        )
        arrives = bank_day(now + shipping.DELIVERED_AFTER)
        return Receipt(receipt_no, now, [("制卡编号", order_no), ("预计送达", f"{arrives.month}月{arrives.day}日前")])


def _checked(conn: Connection, customer_id: str, fields: dict[str, Any]) -> tuple[Row, int]:
    """The card and the fee. Raises card_not_found, account_restricted, insufficient_funds, not_possible."""
    card = queries.get_card(conn, customer_id, fields["card_id"])
    account = conn.execute(sa.select(accounts).where(accounts.c.id == card.account_id)).one()
    address = fields["address"].strip()
    if card.state == "inactive":
        raise not_possible("card_inactive", "这张卡是还没激活的新卡，激活就能用，不用换。")
    if fields["reason"] == "lost" and card.state != "lost":
        raise not_possible("not_reported_lost", "这张卡还没有挂失。请先说「挂失」，停用后再补卡。")
    if account.state != "active":
        raise BankError("account_restricted", {"reason": account.restriction_reason or "账户状态异常，请到网点办理。"})
    if shipping.open_order(conn, card.id) is not None:
        raise not_possible("already_ordered", "这张卡的新卡已经在办了，不用重复申请。对我说「查制卡进度」就能看到。")
    if len(address) < _SHORTEST_ADDRESS or not _CHINESE.search(address):
        raise not_possible("address_unclear", "这个地址不够详细，请写到省市区、街道和门牌号。")
    fee_fen = FEES_FEN[card.kind]
    if fee_fen:
        paying.check_funds(account, fee_fen)
    return card, fee_fen
