"""Reward points: how many, until when, and what they buy."""

from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen
from finance.interest import add_months
from services.core_bank import ledger, paying, sessions
from services.core_bank.clock import bank_day
from services.core_bank.credit_card import cards, terms
from services.core_bank.credit_card.cards import CreditCard
from services.core_bank.credit_card.tables import point_lots, redemptions, rewards
from services.core_bank.drafts.base import Applicant, DraftRequest, Lines, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import Text
from services.core_bank.identifiers import new_receipt_number
from services.core_bank.tables import customers


class RedeemPointsRequest(DraftRequest):
    kind: Literal["redeem_points"]
    reward_id: Text


class RedeemPoints(Order):
    """One thing of the catalogue; what expires first is spent first."""

    name = "redeem_points"
    needs_code = False
    Request = RedeemPointsRequest

    def propose(self, conn: Connection, applicant: Applicant, request: RedeemPointsRequest) -> Offer:
        today = bank_day(applicant.now)
        reward = _checked(conn, applicant.world_id, applicant.customer_id, request.reward_id, applicant.now)
        left = balance(conn, applicant.customer_id, today) - reward.points
        lines = [
            ("需要积分", f"{reward.points:,} 分，兑换后剩 {left:,} 分"),
            *_delivery(conn, applicant.customer_id, reward),
        ]
        verb = "" if reward.value_fen or reward.kind == "annual_fee" else "兑换"
        return Offer(f"用 {reward.points:,} 积分{verb}{reward.name}", lines)

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        # The lock of the card: a repayment on its way counts, and so does a fee that is being waived.
        reward = _checked(conn, draft.world_id, draft.customer_id, asked(draft)["reward_id"], now, lock=True)
        today = bank_day(now)
        _spend(conn, draft.customer_id, reward.points, today)
        taken = conn.execute(
            sa.update(rewards)
            .where(rewards.c.world_id == draft.world_id, rewards.c.id == reward.id, rewards.c.stock > 0)
            .values(stock=rewards.c.stock - 1)
        )
        if taken.rowcount != 1:
            raise _sold_out(reward)
        number = _deliver(conn, draft, reward, now)
        conn.execute(
            sa.insert(redemptions).values(
                redemption_no=number,
                customer_id=draft.customer_id,
                reward_name=reward.name,
                points=reward.points,
                redeemed_at=now,
            )
        )
        left = balance(conn, draft.customer_id, today)
        return Receipt(number, now, [("剩余积分", f"{left:,} 分"), *_delivery(conn, draft.customer_id, reward)])


def lots(conn: Connection, customer_id: str, today: date, lock: bool = False) -> list[Row]:
    """What has points left and is not expired, what expires first in front."""
    query = sa.select(point_lots).where(
        point_lots.c.customer_id == customer_id, point_lots.c.points > 0, point_lots.c.expires_on >= today
    )
    query = query.order_by(point_lots.c.expires_on, point_lots.c.id)
    rows: list[Row] = conn.execute(query.with_for_update() if lock else query).all()
    return rows


def balance(conn: Connection, customer_id: str, today: date) -> int:
    return sum(lot.points for lot in lots(conn, customer_id, today))


def catalogue(conn: Connection, world_id: str) -> list[Row]:
    query = sa.select(rewards).where(rewards.c.world_id == world_id).order_by(rewards.c.position)
    rows: list[Row] = conn.execute(query).all()
    return rows


def _checked(
    conn: Connection, world_id: str, customer_id: str, reward_id: str, now: datetime, lock: bool = False
) -> Row:
    """Raises not_possible (no_credit_card, reward_unknown, sold_out, points_short, fee_waived, nothing_to_credit)."""
    card = _card(conn, customer_id, now, lock)
    reward = next((reward for reward in catalogue(conn, world_id) if reward.id == reward_id), None)
    if reward is None:
        raise not_possible("reward_unknown", "目录里没有这件礼品，请从目录里选一件。")
    if not reward.stock:
        raise _sold_out(reward)
    held = balance(conn, customer_id, card.today)
    if held < reward.points:
        short = f"兑换{reward.name}要 {reward.points:,} 分，您有 {held:,} 分，还差 {reward.points - held:,} 分。"
        raise not_possible("points_short", f"{short}可以换一件积分少一些的。")
    waived = card.row.fee_waived_on
    if reward.kind == "annual_fee" and waived is not None and card.today < add_months(waived, 12):
        raise not_possible("fee_waived", "今年的年费已经用积分抵过了，请换一件。")
    if reward.kind == "cash_back" and card.owed_fen < reward.value_fen:
        raise not_possible("nothing_to_credit", f"信用卡欠款不到 ¥{format_fen(reward.value_fen)}，不用抵扣，请换一件。")
    return reward


def _card(conn: Connection, customer_id: str, now: datetime, lock: bool = False) -> CreditCard:
    found = cards.of_customer(conn, customer_id, now)
    if not found:
        raise not_possible("no_credit_card", "您名下没有信用卡，还没有积分可以兑换。")
    return cards.usable(conn, customer_id, found[0].row.id, now, lock)


def _sold_out(reward: Row) -> Exception:
    return not_possible("sold_out", f"{reward.name}已经兑完了，请换一件。")


def _spend(conn: Connection, customer_id: str, wanted: int, today: date) -> None:
    for lot in lots(conn, customer_id, today, lock=True):
        used = min(lot.points, wanted)
        conn.execute(sa.update(point_lots).where(point_lots.c.id == lot.id).values(points=lot.points - used))
        wanted -= used
    if wanted:
        raise not_possible("points_short", "积分不够兑换这一件，请换一件积分少一些的。")


def _delivery(conn: Connection, customer_id: str, reward: Any) -> Lines:
    if reward.kind == "post":
        return [("怎么送达", f"寄到您预留的地址，{terms.DELIVERY_DAYS} 个工作日内")]
    if reward.kind == "phone":
        phone = conn.execute(sa.select(customers.c.phone).where(customers.c.id == customer_id)).scalar_one()
        return [("怎么送达", f"发到手机 {sessions.mask_phone(phone)}，{terms.PHONE_HOURS} 小时内")]
    if reward.kind == "annual_fee":
        return [("怎么抵扣", "抵下一次年费，不用再交")]
    return [("怎么抵扣", "马上记到信用卡账上")]


def _deliver(conn: Connection, draft: Row, reward: Row, now: datetime) -> str:
    """What happens at the bank itself. Returns the receipt number."""
    card = _card(conn, draft.customer_id, now)
    if reward.kind == "annual_fee":
        cards.change(conn, card.row.id, fee_waived_on=card.today)
    if reward.kind != "cash_back":
        return new_receipt_number("JF", now)
    clearing = paying.clearing_account(conn, draft.world_id)
    ledger.lock_accounts(conn, (clearing, card.row.id))
    entry = ledger.Entry(draft.world_id, "repayment", "积分抵扣", now, draft_id=draft.id)
    legs = (
        ledger.Leg(clearing, -reward.value_fen, f"信用卡{card.tail}"),
        ledger.Leg(card.row.id, reward.value_fen, "积分兑换"),
    )
    return ledger.post(conn, entry, legs)
