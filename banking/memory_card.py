"""Cards of the in-memory bank: new ones, what they are open for, links for PINs."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from banking.card import (
    ActivateCard,
    CardFeatures,
    CardOrder,
    CardStage,
    ChangePin,
    ReplaceCard,
    ResetPin,
    SetOverseasUse,
)
from banking.memory_base import MemoryBase
from banking.memory_orders import Lines, Offer, OrderRules, post
from banking.memory_world import CardOrderRecord, CustomerRecord
from banking.model import Account, Card, Line
from banking.orders import Order
from banking.port import AccountRestricted, CardNotFound, CardStateConflict, InsufficientFunds, NotPossible
from chinese.amounts_text import format_fen

ZONE = ZoneInfo("Asia/Shanghai")
CARD_NAMES = {"debit": "借记卡", "credit": "信用卡"}
MADE_AFTER, DELIVERED_AFTER = timedelta(days=2), timedelta(days=5)
FEES_FEN = {"debit": 5_00, "credit": 0}
VALID_YEARS = {"debit": 10, "credit": 5}
REASONS = {"lost": "卡片挂失", "damaged": "卡片损坏"}
FEATURES = {"overseas": "境外交易", "cardless": "无卡支付"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SHORTEST_ADDRESS = 8


class ReplacementRules(OrderRules):
    """ReplaceCard."""

    order: ClassVar[type[Order]] = ReplaceCard

    def propose(self, customer: CustomerRecord, order: ReplaceCard, now: datetime) -> Offer:
        card, fee_fen = self._checked(customer, order)
        lines = (
            Line("原因", REASONS[order.reason]),
            Line("寄送地址", order.address),
            Line("工本费", f"¥{format_fen(fee_fen)}（从这张卡的账户扣收）" if fee_fen else "免收"),
            Line("预计送达", _arrival(now)),
        )
        return Offer(f"为{_name(card)}补换新卡，卡号不变", lines)

    def execute(self, customer: CustomerRecord, order: ReplaceCard, now: datetime) -> Lines:
        card, fee_fen = self._checked(customer, order)
        if fee_fen:
            post(customer, card.account_id, -fee_fen, "本行", "补换卡工本费", "fee", now)
        order_no, tracking_no = f"KD-{secrets.token_hex(4).upper()}", f"SF{secrets.token_hex(5).upper()}"
        customer.card_orders.insert(0, CardOrderRecord(order_no, card.id, order.address, now, tracking_no))
        return (Line("制卡编号", order_no), Line("预计送达", _arrival(now)))

    def _checked(self, customer: CustomerRecord, order: ReplaceCard) -> tuple[Card, int]:
        card = find_card(customer, order.card_id)
        account: Account = customer.accounts[card.account_id]
        if card.state == "inactive":
            raise NotPossible("card_inactive", "这张卡是还没激活的新卡，激活就能用，不用换。")
        if order.reason == "lost" and card.state != "lost":
            raise NotPossible("not_reported_lost", "这张卡还没有挂失。请先说「挂失」，停用后再补卡。")
        if account.restriction is not None:
            raise AccountRestricted(account.restriction.reason)
        if _open_order(customer, card.id) is not None:
            raise NotPossible("already_ordered", "这张卡的新卡已经在办了，不用重复申请。对我说「查制卡进度」就能看到。")
        if len(order.address.strip()) < SHORTEST_ADDRESS or not CHINESE.search(order.address):
            raise NotPossible("address_unclear", "这个地址不够详细，请写到省市区、街道和门牌号。")
        fee_fen = FEES_FEN[card.kind]
        if fee_fen > account.available_fen:
            raise InsufficientFunds(account.available_fen)
        return card, fee_fen


class ActivationRules(OrderRules):
    """ActivateCard."""

    order: ClassVar[type[Order]] = ActivateCard

    def propose(self, customer: CustomerRecord, order: ActivateCard, now: datetime) -> Offer:
        card, new = self._checked(customer, order, now)
        lines = (Line("旧卡", "激活后旧卡作废，请剪毁"),) if new else ()
        return Offer(f"激活{_name(card)}的新卡", lines)

    def execute(self, customer: CustomerRecord, order: ActivateCard, now: datetime) -> Lines:
        card, new = self._checked(customer, order, now)
        if card.state != "active":
            customer.cards[card.id] = replace(card, state="active", state_since=now)
        if new is not None:
            new.activated = True
            customer.loss_reports.pop(card.id, None)
        expires_on = _valid_until(card.kind, now.astimezone(ZONE).date())
        customer.card_features[card.id] = replace(customer.card_features[card.id], expires_on=expires_on)
        return (Line("有效期至", f"{expires_on.year}年{expires_on.month}月"),)

    def _checked(
        self, customer: CustomerRecord, order: ActivateCard, now: datetime
    ) -> tuple[Card, CardOrderRecord | None]:
        card = find_card(customer, order.card_id)
        new = _open_order(customer, card.id)
        if new is None and card.state == "inactive":
            return card, None
        if new is None:
            raise NotPossible("already_active", "这张卡没有等待激活的新卡，不用办激活。")
        if _stage(new, now) != "delivered":
            reason = "新卡还没有送到，收到以后再激活，安全一些。可以说「查制卡进度」看到哪了。"
            raise NotPossible("not_delivered", reason)
        return card, new


class UsageRules(OrderRules):
    """SetOverseasUse."""

    order: ClassVar[type[Order]] = SetOverseasUse

    def propose(self, customer: CustomerRecord, order: SetOverseasUse, now: datetime) -> Offer:
        card = self._checked(customer, order)
        return Offer(f"{'开通' if order.on else '关闭'}{_name(card)}的{FEATURES[order.feature]}")

    def execute(self, customer: CustomerRecord, order: SetOverseasUse, now: datetime) -> Lines:
        card = self._checked(customer, order)
        features = customer.card_features[card.id]
        overseas, cardless = features.overseas, features.cardless
        if order.feature == "overseas":
            overseas = order.on
        else:
            cardless = order.on
        customer.card_features[card.id] = replace(features, overseas=overseas, cardless=cardless)
        return ()

    def _checked(self, customer: CustomerRecord, order: SetOverseasUse) -> Card:
        card = _usable_card(customer, order.card_id)
        if getattr(customer.card_features[card.id], order.feature) == order.on:
            state = "开通" if order.on else "关闭"
            raise NotPossible("already_so", f"这张卡的{FEATURES[order.feature]}本来就是{state}的，不用再办。")
        return card


class ChangePinRules(OrderRules):
    """ChangePin."""

    order: ClassVar[type[Order]] = ChangePin
    verb = "修改"

    def propose(self, customer: CustomerRecord, order: ChangePin | ResetPin, now: datetime) -> Offer:
        card = self._checked(customer, order.card_id)
        return Offer(f"{self.verb}{_name(card)}的交易密码")

    def execute(self, customer: CustomerRecord, order: ChangePin | ResetPin, now: datetime) -> Lines:
        self._checked(customer, order.card_id)
        return (Line("设置链接", f"http://bank.invalid/sandbox/pin/{secrets.token_hex(16)}"),)

    def _checked(self, customer: CustomerRecord, card_id: str) -> Card:
        card = _usable_card(customer, card_id)
        if customer.card_features[card.id].pin == "locked":
            raise NotPossible("pin_locked", "这张卡的密码输错太多次，已经锁住，只能重置。请对我说「重置密码」。")
        return card


class ResetPinRules(ChangePinRules):
    """ResetPin."""

    order: ClassVar[type[Order]] = ResetPin
    verb = "重置"

    def _checked(self, customer: CustomerRecord, card_id: str) -> Card:
        return _usable_card(customer, card_id)


class MemoryCard(MemoryBase):
    """`banking.card.CardBank`."""

    def card_features(self, session: str) -> tuple[CardFeatures, ...]:
        def listed(customer: CustomerRecord) -> tuple[CardFeatures, ...]:
            today = self.clock().astimezone(ZONE).date()
            found = (customer.card_features[card] for card in customer.cards)
            return tuple(replace(features, expired=features.expires_on < today) for features in found)

        return self.read(session, listed)

    def card_orders(self, session: str) -> tuple[CardOrder, ...]:
        return self.read(session, lambda c: tuple(_order(c, record, self.clock()) for record in c.card_orders))


def find_card(customer: CustomerRecord, card_id: str) -> Card:
    if card_id not in customer.cards:
        raise CardNotFound
    return customer.cards[card_id]


def _usable_card(customer: CustomerRecord, card_id: str) -> Card:
    card = find_card(customer, card_id)
    if card.state in ("lost", "inactive"):
        raise CardStateConflict(card.state)
    return card


def _open_order(customer: CustomerRecord, card_id: str) -> CardOrderRecord | None:
    return next((order for order in customer.card_orders if order.card_id == card_id and not order.activated), None)


def _stage(order: CardOrderRecord, now: datetime) -> CardStage:
    if order.activated:
        return "activated"
    if now >= order.ordered_at + DELIVERED_AFTER:
        return "delivered"
    return "posted" if now >= order.ordered_at + MADE_AFTER else "making"


def _order(customer: CustomerRecord, record: CardOrderRecord, now: datetime) -> CardOrder:
    card, stage = customer.cards[record.card_id], _stage(record, now)
    return CardOrder(
        order_no=record.order_no,
        card_id=card.id,
        card_kind=card.kind,
        card_tail=card.tail,
        address=record.address,
        stage=stage,
        ordered_at=record.ordered_at,
        expected_on=(record.ordered_at + DELIVERED_AFTER).astimezone(ZONE).date(),
        tracking_no=None if stage == "making" else record.tracking_no,
    )


def _valid_until(kind: str, issued_on: date) -> date:
    years = VALID_YEARS[kind] + issued_on.month // 12
    return date(issued_on.year + years, issued_on.month % 12 + 1, 1) - timedelta(days=1)


def _arrival(now: datetime) -> str:
    arrives = (now + DELIVERED_AFTER).astimezone(ZONE)
    return f"{arrives.month}月{arrives.day}日前"


def _name(card: Card) -> str:
    return f"{CARD_NAMES[card.kind]}（尾号{card.tail}）"


RULES: tuple[OrderRules, ...] = (
    ReplacementRules(),
    ActivationRules(),
    UsageRules(),
    ChangePinRules(),
    ResetPinRules(),
)
