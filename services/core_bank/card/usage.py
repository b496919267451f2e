"""Switching a card on or off for use abroad, or for paying without the card."""

from datetime import datetime
from typing import Literal

from pydantic import StrictBool
from sqlalchemy.engine import Connection, Row

from services.core_bank import queries
from services.core_bank.card import features
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import BankError, not_possible
from services.core_bank.fields import Text
from services.core_bank.identifiers import new_receipt_number

CARD_NAMES = {"debit": "借记卡", "credit": "信用卡"}
_FEATURES = {"overseas": "境外交易", "cardless": "无卡支付"}


class SetOverseasUseRequest(DraftRequest):
    kind: Literal["set_overseas_use"]
    card_id: Text
    feature: Literal["overseas", "cardless"]
    on: StrictBool


class SetOverseasUse(Order):
    name = "set_overseas_use"
    Request = SetOverseasUseRequest

    def propose(self, conn: Connection, applicant: Applicant, request: SetOverseasUseRequest) -> Offer:
        card = _checked(conn, applicant.customer_id, request.dict())
        word = "开通" if request.on else "关闭"
        return Offer(f"{word}{CARD_NAMES[card.kind]}（尾号{card.tail}）的{_FEATURES[request.feature]}")

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields = asked(draft)
        card = _checked(conn, draft.customer_id, fields)
        features.change(conn, card, **{fields["feature"]: fields["on"]})
        return Receipt(new_receipt_number("ZG", now), now)


def _checked(conn: Connection, customer_id: str, fields: dict[str, object]) -> Row:
    """Raises card_not_found, card_state_conflict, not_possible (already_so)."""
    card = queries.get_card(conn, customer_id, str(fields["card_id"]), lock=True)
    if card.state in ("lost", "inactive"):
        raise BankError("card_state_conflict", {"state": card.state})
    feature = str(fields["feature"])
    if getattr(features.features_of(conn, card), feature) == fields["on"]:
        state = "开通" if fields["on"] else "关闭"
        raise not_possible("already_so", f"这张卡的{_FEATURES[feature]}本来就是{state}的，不用再办。")
    return card
