"""Bills and auto debit of the in-memory bank."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from banking.life import AutoDebit, BillAccount, ManageAutoDebit, PayBill
from banking.memory_base import MemoryBase
from banking.memory_orders import Lines, Offer, OrderRules, post
from banking.memory_transfers import amount_of, paying_account
from banking.memory_world import CustomerRecord
from banking.model import Account, Line
from banking.orders import Order
from banking.port import InsufficientFunds, NotPossible
from chinese.amounts_text import format_fen

TOP_UPS_FEN = (30_00, 50_00, 100_00, 200_00, 300_00, 500_00)
MOST_FEN = 5_000_00
NAMES = {"electricity": "电费", "gas": "燃气费", "water": "水费", "mobile": "话费"}


class MemoryLife(MemoryBase):
    """Reading."""

    def bill_accounts(self, session: str) -> tuple[BillAccount, ...]:
        return self.read(session, lambda customer: tuple(customer.bills.values()))


class PaymentRules(OrderRules):
    """PayBill."""

    order: ClassVar[type[Order]] = PayBill

    def propose(self, customer: CustomerRecord, order: PayBill, now: datetime) -> Offer:
        bill, account = self._checked(customer, order)
        mobile = bill.category == "mobile"
        what = f"给手机号{bill.number}充话费" if mobile else f"缴{NAMES[bill.category]}（户号{bill.number}）"
        text = f"从{account.name}（尾号{account.tail}）{what} ¥{format_fen(order.amount_fen)}"
        return Offer(text, (Line("缴费单位", bill.biller), Line("手机号" if mobile else "户号", bill.number)))

    def execute(self, customer: CustomerRecord, order: PayBill, now: datetime) -> Lines:
        bill, account = self._checked(customer, order)
        summary = NAMES[bill.category] if bill.owed_fen is not None else "话费充值"
        post(customer, account.id, -order.amount_fen, bill.biller, summary, "payment", now)
        if bill.owed_fen is None:
            return (Line("到账时间", "一般 10 分钟内到账"),)
        owed_fen = bill.owed_fen - order.amount_fen
        customer.bills[bill.id] = replace(bill, owed_fen=owed_fen)
        if owed_fen > 0:
            return (Line("还欠", f"¥{format_fen(owed_fen)}"),)
        return (Line("预存余额", f"¥{format_fen(-owed_fen)}") if owed_fen < 0 else Line("账单", "已缴清"),)

    def _checked(self, customer: CustomerRecord, order: PayBill) -> tuple[BillAccount, Account]:
        amount_of(order.amount_fen)
        bill = _bill(customer, order.bill_account_id)
        if bill.category == "mobile" and order.amount_fen not in TOP_UPS_FEN:
            offered = "、".join(str(fen // 100) for fen in TOP_UPS_FEN)
            raise NotPossible("top_up_amount", f"话费可以充 {offered} 元，请选其中一种。")
        if order.amount_fen > MOST_FEN:
            raise NotPossible("above_bill_limit", f"每次缴费最多 ¥{format_fen(MOST_FEN)}，请改小一点。")
        account = paying_account(customer, order.from_account_id)
        if order.amount_fen > account.available_fen:
            raise InsufficientFunds(account.available_fen)
        return bill, account


class AgreementRules(OrderRules):
    """ManageAutoDebit."""

    order: ClassVar[type[Order]] = ManageAutoDebit

    def propose(self, customer: CustomerRecord, order: ManageAutoDebit, now: datetime) -> Offer:
        bill = _bill(customer, order.bill_account_id)
        what = f"{bill.biller}{NAMES[bill.category]}代扣（{bill.number}）"
        if not order.on:
            if bill.auto_debit is None:
                raise NotPossible("not_signed", "这一项没有签约代扣，不用取消。")
            return Offer(f"取消{what}", (Line("取消以后", "账单要您自己缴，已经出的账单不受影响"),))
        account = paying_account(customer, order.account_id or "")
        if bill.auto_debit and bill.auto_debit.account_id == account.id:
            raise NotPossible("already_signed", f"这一项已经签约从尾号{account.tail}的账户代扣，不用再签。")
        text = f"签约{what}，从{account.name}（尾号{account.tail}）扣款"
        return Offer(text, (Line("扣款时间", "账单出账后自动扣，余额不足会短信提醒您"),))

    def execute(self, customer: CustomerRecord, order: ManageAutoDebit, now: datetime) -> Lines:
        self.propose(customer, order, now)
        bill = _bill(customer, order.bill_account_id)
        agreement = None
        if order.on:
            account = paying_account(customer, order.account_id or "")
            agreement = AutoDebit(account.id, account.tail or "", now)
        customer.bills[bill.id] = replace(bill, auto_debit=agreement)
        return ()


RULES: tuple[OrderRules, ...] = (PaymentRules(), AgreementRules())


def _bill(customer: CustomerRecord, bill_account_id: str) -> BillAccount:
    if bill_account_id not in customer.bills:
        raise NotPossible("bill_unknown", "没有找到这个缴费户号，请从已保存的户号里选一个。")
    return customer.bills[bill_account_id]
