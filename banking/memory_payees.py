"""The address book of the in-memory bank, and the recall of a transfer: the same rules and words as the core's."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, time
from typing import ClassVar

from banking.memory_orders import Lines, Offer, OrderRules
from banking.memory_transfer_book import TypedNumber
from banking.memory_transfer_records import made
from banking.memory_transfers import BANK_ZONE, bank_day
from banking.memory_world import CustomerRecord, TicketRecord
from banking.model import Line, Payee
from banking.orders import Order
from banking.port import NotPossible, PayeeNotFound
from banking.transfers import AddPayee, RemovePayee, ReportWrongTransfer, TransferRecord
from chinese.amounts_text import format_fen
from chinese.days import full_day, workdays_after

OUR_BANK = "本行"
NAME = re.compile(r"[\u4e00-\u9fff·（）A-Za-z ]{2,40}")
ANSWER_WITHIN_WORKDAYS = 2
CLOSING = time(18, tzinfo=BANK_ZONE)


class AddPayeeRules(OrderRules):
    """AddPayee."""

    order: ClassVar[type[Order]] = AddPayee

    def propose(self, customer: CustomerRecord, order: AddPayee, now: datetime) -> Offer:
        typed = self._checked(customer, order)
        tail = typed.number[-4:]
        lines: Lines = (Line("户名", order.name), Line("开户行", str(typed.bank)), Line("账号", f"尾号{tail}"))
        lines += (Line("称呼", order.alias),) if order.alias else ()
        return Offer(f"把{order.name}（{typed.bank}，尾号{tail}）添加为收款人", lines)

    def execute(self, customer: CustomerRecord, order: AddPayee, now: datetime) -> Lines:
        typed = self._checked(customer, order)
        del customer.book.typed[order.number_reference]
        bank, tail = str(typed.bank), typed.number[-4:]
        payee = Payee(f"pa_{secrets.token_hex(6)}", order.name, order.alias, bank, tail, typed.owner is not None, False)
        customer.payees[payee.id] = payee
        customer.book.numbers[payee.id] = typed.number
        return ()

    def _checked(self, customer: CustomerRecord, order: AddPayee) -> TypedNumber:
        typed = customer.book.typed.get(order.number_reference)
        if typed is None:
            raise NotPossible("number_expired", "刚才输入的账号已经失效，请再输入一次对方的完整账号。")
        if not NAME.fullmatch(order.name):
            raise NotPossible("name_invalid", "户名要和对方银行卡上的姓名一样，请再告诉我一次。")
        if typed.bank is None:
            reason = "没有认出这是哪家银行的卡，请核对账号；确认无误的，请到网点添加。"
            raise NotPossible("bank_unknown", reason)
        if typed.bank == OUR_BANK:
            _require_our_account(typed, order.name)
        if any(_is_same(customer, payee, typed, order.name) for payee in customer.payees.values()):
            raise NotPossible("payee_exists", "这个账号已经在您的收款人名册里了，不用再加。")
        return typed


def _require_our_account(typed: TypedNumber, name: str) -> None:
    if typed.owner is None:
        raise NotPossible("account_unknown", "本行没有这个账号，请核对后再输入一次。")
    if typed.owned:
        reason = "这是您自己的账户，不用添加。要在自己的卡之间转钱，直接对我说「转到我另一张卡」。"
        raise NotPossible("own_account", reason)
    if typed.owner != name:
        raise NotPossible("name_mismatch", "户名和账号对不上，请和对方核对姓名后再告诉我一次。")


def _is_same(customer: CustomerRecord, payee: Payee, typed: TypedNumber, name: str) -> bool:
    known = customer.book.numbers.get(payee.id)
    if known is not None:
        return known == typed.number
    same_account = (payee.bank, payee.tail) == (typed.bank, typed.number[-4:])
    return same_account and (payee.internal or payee.name == name)


class RemovePayeeRules(OrderRules):
    """RemovePayee."""

    order: ClassVar[type[Order]] = RemovePayee

    def propose(self, customer: CustomerRecord, order: RemovePayee, now: datetime) -> Offer:
        payee = self._checked(customer, order)
        return Offer(f"把{payee.name}（{payee.bank}，尾号{payee.tail}）从收款人名册里删除")

    def execute(self, customer: CustomerRecord, order: RemovePayee, now: datetime) -> Lines:
        del customer.payees[self._checked(customer, order).id]
        return ()

    def _checked(self, customer: CustomerRecord, order: RemovePayee) -> Payee:
        payee = customer.payees.get(order.payee_id)
        if payee is None:
            raise PayeeNotFound
        waiting = [schedule for schedule in customer.book.schedules.values() if schedule.next_on is not None]
        if any(schedule.payee_id == payee.id for schedule in waiting):
            reason = f"还有给{payee.name}的预约转账，请先说「撤销预约转账」，再删除。"
            raise NotPossible("has_scheduled", reason)
        return payee


class RecallRules(OrderRules):
    """ReportWrongTransfer."""

    order: ClassVar[type[Order]] = ReportWrongTransfer
    needs_code: ClassVar[bool] = False

    def propose(self, customer: CustomerRecord, order: ReportWrongTransfer, now: datetime) -> Offer:
        return Offer(f"登记追回：{_recalled(self._checked(customer, order))}")

    def execute(self, customer: CustomerRecord, order: ReportWrongTransfer, now: datetime) -> Lines:
        record = self._checked(customer, order)
        recall_no = f"ZH-{secrets.token_hex(4).upper()}"
        customer.book.recalls[record.id] = recall_no
        bank = "本行专员" if record.payee.bank == OUR_BANK else record.payee.bank
        answer_by = workdays_after(bank_day(now), ANSWER_WITHIN_WORKDAYS)
        promised_by = datetime.combine(answer_by, CLOSING)
        customer.tickets.insert(0, TicketRecord(recall_no, order.kind, _recalled(record), now, promised_by))
        return (
            Line("追回工单号", recall_no),
            Line("转账回单号", str(record.receipt_no)),
            Line("已联系", f"{bank}，请对方协助联系收款人退回"),
            Line("答复时间", f"{full_day(answer_by)}前给您答复"),
        )

    def _checked(self, customer: CustomerRecord, order: ReportWrongTransfer) -> TransferRecord:
        record = next((record for record in made(customer) if record.id == order.transfer_id), None)
        if record is None:
            raise NotPossible("no_such_transfer", "没有找到这笔转账，请说「查转账」看看最近的几笔。")
        if record.recall_no is not None:
            reason = f"这笔转账已经登记过追回，工单号 {record.recall_no}。"
            raise NotPossible("already_recalled", reason)
        return record


def _recalled(record: TransferRecord) -> str:
    payee = f"{record.payee.name}（{record.payee.bank}，尾号{record.payee.tail}）"
    return f"向{payee}转账 ¥{format_fen(record.amount_fen)}，回单号 {record.receipt_no}"


RULES: tuple[OrderRules, ...] = (AddPayeeRules(), RemovePayeeRules(), RecallRules())
