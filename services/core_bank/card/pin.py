"""Orders that issue a one-time link for setting a PIN."""

from datetime import datetime
from typing import ClassVar, Literal

from sqlalchemy.engine import Connection, Row

from services.core_bank import queries
from services.core_bank.card import features, pins
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import BankError, not_possible
from services.core_bank.fields import Text
from services.core_bank.identifiers import new_receipt_number

CARD_NAMES = {"debit": "借记卡", "credit": "信用卡"}


class PinRequest(DraftRequest):
    card_id: Text


class PinOrder(Order):
    """`asks_old`: the page asks for the old PIN."""

    asks_old: ClassVar[bool]
    verb: ClassVar[str]

    def propose(self, conn: Connection, applicant: Applicant, request: PinRequest) -> Offer:
        card = self._checked(conn, applicant.customer_id, request.card_id)
        return Offer(f"{self.verb}{CARD_NAMES[card.kind]}（尾号{card.tail}）的交易密码")

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        card = self._checked(conn, draft.customer_id, asked(draft)["card_id"])
        link = pins.new_link(conn, draft.world_id, card.id, self.asks_old, now)
        return Receipt(new_receipt_number("ZG", now), now, [("设置链接", link)])

    def _checked(self, conn: Connection, customer_id: str, card_id: str) -> Row:
        """Raises card_not_found, card_state_conflict, not_possible (pin_locked)."""
        card = queries.get_card(conn, customer_id, card_id)
        if card.state in ("lost", "inactive"):
            raise BankError("card_state_conflict", {"state": card.state})
        if self.asks_old and features.pin_state(features.features_of(conn, card)) == "locked":
            raise not_possible("pin_locked", "这张卡的密码输错太多次，已经锁住，只能重置。请对我说「重置密码」。")
        return card


class ChangePinRequest(PinRequest):
    kind: Literal["change_pin"]


class ChangePin(PinOrder):
    """For those who know the old PIN."""

    name = "change_pin"
    Request = ChangePinRequest
    asks_old = True
    verb = "修改"


class ResetPinRequest(PinRequest):
    kind: Literal["reset_pin"]


class ResetPin(PinOrder):
    """For those who do not know it, or whose PIN is locked."""

    name = "reset_pin"
    Request = ResetPinRequest
    asks_old = False
    verb = "重置"
