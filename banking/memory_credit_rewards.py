"""Points and applications at the in-memory bank; the rules are those of services/core_bank/credit_card."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

from banking.credit_card import ApplyCreditCard, CardApplication, CardProduct, RedeemPoints, Reward
from banking.memory_credit_card import number, usable
from banking.memory_credit_reads import CardState, points_of
from banking.memory_credit_world import PRODUCTS, REVIEW_DAYS, REWARDS
from banking.memory_orders import Lines, Offer, OrderRules, post
from banking.memory_transfers import bank_day
from banking.memory_world import CustomerRecord
from banking.model import Line
from banking.orders import Order
from banking.port import AccountRestricted, NotPossible
from chinese.amounts_text import format_fen
from chinese.days_text import full_day
from chinese.mask import mask_phone
from finance.interest import add_months

CASH_BACK_FEN = 20_00
POSTED = frozenset({"cup", "fryer", "cooker"})


class RedemptionRules(OrderRules):
    """RedeemPoints."""

    order: ClassVar[type[Order]] = RedeemPoints
    needs_code = False

    def propose(self, customer: CustomerRecord, order: RedeemPoints, now: datetime) -> Offer:
        reward, _ = self._checked(customer, order, now)
        left = points_of(customer, now).balance - reward.points
        verb = "" if reward.id in ("annual_fee", "cash_back") else "兑换"
        return Offer(
            f"用 {reward.points:,} 积分{verb}{reward.name}",
            (
                Line("需要积分", f"{reward.points:,} 分，兑换后剩 {left:,} 分"),
                _delivery(customer, reward),
            ),
        )

    def execute(self, customer: CustomerRecord, order: RedeemPoints, now: datetime) -> Lines:
        reward, state = self._checked(customer, order, now)
        wanted = reward.points
        for place, lot in enumerate(customer.credit.lots):
            used = min(lot.points, wanted) if lot.expires_on >= state.today else 0
            customer.credit.lots[place] = replace(lot, points=lot.points - used)
            wanted -= used
        if reward.id == "annual_fee":
            state.record.fee_waived_on = state.today
        if reward.id == "cash_back":
            post(customer, state.account.id, CASH_BACK_FEN, "积分兑换", "积分抵扣", "repayment", now)
        return Line("剩余积分", f"{points_of(customer, now).balance:,} 分"), _delivery(customer, reward)

    def _checked(self, customer: CustomerRecord, order: RedeemPoints, now: datetime) -> tuple[Reward, CardState]:
        if not customer.credit.cards:
            raise NotPossible("no_credit_card", "您名下没有信用卡，还没有积分可以兑换。")
        state = usable(customer, next(iter(customer.credit.cards)), now)
        reward = next((reward for reward in REWARDS if reward.id == order.reward_id), None)
        if reward is None:
            raise NotPossible("reward_unknown", "目录里没有这件礼品，请从目录里选一件。")
        if not reward.in_stock:
            raise NotPossible("sold_out", f"{reward.name}已经兑完了，请换一件。")
        held = points_of(customer, now).balance
        if held < reward.points:
            short = f"兑换{reward.name}要 {reward.points:,} 分，您有 {held:,} 分，还差 {reward.points - held:,} 分。"
            raise NotPossible("points_short", f"{short}可以换一件积分少一些的。")
        waived = state.record.fee_waived_on
        if reward.id == "annual_fee" and waived and state.today < add_months(waived, 12):
            raise NotPossible("fee_waived", "今年的年费已经用积分抵过了，请换一件。")
        if reward.id == "cash_back" and -state.account.balance_fen < CASH_BACK_FEN:
            reason = f"信用卡欠款不到 ¥{format_fen(CASH_BACK_FEN)}，不用抵扣，请换一件。"
            raise NotPossible("nothing_to_credit", reason)
        return reward, state


class ApplicationRules(OrderRules):
    """ApplyCreditCard."""

    order: ClassVar[type[Order]] = ApplyCreditCard
    needs_code = False

    def propose(self, customer: CustomerRecord, order: ApplyCreditCard, now: datetime) -> Offer:
        product = self._checked(customer, order)
        return Offer(
            f"申请{product.name}",
            (
                Line("年费", product.annual_fee),
                Line("权益", product.benefits),
                Line("怎么办理", f"用您预留的资料审核，{REVIEW_DAYS} 天内答复；办卡要查询您的征信"),
            ),
        )

    def execute(self, customer: CustomerRecord, order: ApplyCreditCard, now: datetime) -> Lines:
        product, today = self._checked(customer, order), bank_day(now)
        answer_by = today + timedelta(days=REVIEW_DAYS)
        made = CardApplication(number("SQ", now), product.name, "received", today, answer_by)
        customer.credit.applications.insert(0, made)
        return Line("答复时间", f"{full_day(answer_by)}前"), Line("查进度", "随时可以问我「办卡进度」")

    def _checked(self, customer: CustomerRecord, order: ApplyCreditCard) -> CardProduct:
        product = next((one for one in PRODUCTS if one.id == order.product_id), None)
        if product is None:
            raise NotPossible("product_unknown", "没有这种信用卡，请从列出的卡里选一种。")
        restriction = next((one.restriction for one in customer.accounts.values() if one.restriction), None)
        if restriction is not None:
            raise AccountRestricted(restriction.reason)
        running = next((one for one in customer.credit.applications if one.state in ("received", "reviewing")), None)
        if running is not None:
            named = f"{running.product}（申请编号 {running.application_no}）"
            raise NotPossible("application_open", f"您申请的{named}还在审核，有了结果再申请下一张。")
        return product


def _delivery(customer: CustomerRecord, reward: Reward) -> Line:
    if reward.id in POSTED:
        return Line("怎么送达", "寄到您预留的地址，7 个工作日内")
    if reward.id == "annual_fee":
        return Line("怎么抵扣", "抵下一次年费，不用再交")
    if reward.id == "cash_back":
        return Line("怎么抵扣", "马上记到信用卡账上")
    return Line("怎么送达", f"发到手机 {mask_phone(customer.phone)}，24 小时内")


RULES: tuple[OrderRules, ...] = (RedemptionRules(), ApplicationRules())
