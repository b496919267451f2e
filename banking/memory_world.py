"""The demo bank of the sandbox (docs: demo customers), as plain records for the in-memory adapter."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from banking import memory_credit_world
from banking.account import Hold
from banking.branch import Appointment
from banking.card import CardFeatures
from banking.life import BillAccount
from banking.memory_books import Books, bank_day, fill
from banking.memory_credit_world import CreditRecord
from banking.memory_transfer_book import TransferBook, seed_book
from banking.model import Account, Card, Credit, Draft, Payee, Restriction, Transaction
from banking.orders import Order
from banking.profile import Consent, IdDocument, Profile
from finance.interest import add_months

RESTRICTION = Restriction(
    "non_counter", "您的账户已被限制非柜面交易,暂时不能在线上转出资金,请持本人身份证到任一网点办理。"
)


BLANK = Profile("", "", None, None, IdDocument("", "", None), False, 0, None)


@dataclass
class CustomerRecord:
    """All that belongs to one customer; amounts in 分."""

    login: str
    name: str
    phone: str
    elder_mode: bool = False
    accounts: dict[str, Account] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    payees: dict[str, Payee] = field(default_factory=dict)
    transactions: list[Transaction] = field(default_factory=list)
    drafts: dict[str, DraftRecord] = field(default_factory=dict)
    used_fen: dict[date, int] = field(default_factory=dict)
    codes_sent: list[datetime] = field(default_factory=list)
    keys: dict[str, tuple[str, object]] = field(default_factory=dict)
    loss_reports: dict[str, str] = field(default_factory=dict)
    bills: dict[str, BillAccount] = field(default_factory=dict)
    appointments: list[Appointment] = field(default_factory=list)
    profile: Profile = BLANK
    consents: dict[str, Consent] = field(default_factory=dict)
    credit: CreditRecord = field(default_factory=CreditRecord)
    book: TransferBook = field(default_factory=TransferBook)
    card_features: dict[str, CardFeatures] = field(default_factory=dict)
    card_orders: list[CardOrderRecord] = field(default_factory=list)
    tickets: list[TicketRecord] = field(default_factory=list)
    books: Books = field(default_factory=Books)
    holds: list[Hold] = field(default_factory=list)

    def put(self, account: Account) -> None:
        self.accounts[account.id] = account


@dataclass
class CardOrderRecord:
    """A new card on its way; where it is follows from the time."""

    order_no: str
    card_id: str
    address: str
    ordered_at: datetime
    tracking_no: str
    activated: bool = False


@dataclass
class TicketRecord:
    """Something the bank looks after; how far it is follows from the time."""

    ticket_no: str
    kind: str
    content: str
    opened_at: datetime
    promised_by: datetime | None = None


@dataclass
class DraftRecord:
    """A draft with what only the bank knows: what was ordered, the code, its place among all codes, whose session may
    enter it, tries, the scam answer."""

    draft: Draft
    order: Order | None = None
    code: str | None = None
    sent: int = 0
    session: str | None = None
    tries_left: int = 5
    sends: int = 0
    risk_answered: bool = False

    def move(self, **changes: object) -> None:
        self.draft = replace(self.draft, **changes)  # type: ignore[arg-type]


def demo_bank(now: datetime) -> dict[str, CustomerRecord]:
    """The demo customers by login; ids are unique over the whole bank."""
    customers = {
        login: CustomerRecord(login, name, phone, elder_mode=login in ("wangfang", "zhangxiuying"))
        for login, name, phone in (
            ("zhangwei", "张伟", "13800010001"),
            ("lina", "李娜", "13800010002"),
            ("wangfang", "王芳", "13800010003"),
            ("zhaolei", "赵磊", "13800010004"),
            ("zhangxiuying", "张秀英", "13800010005"),
            ("chenchen", "陈晨", "13800010006"),
        )
    }
    for login, tail, account_class, balance_fen in (
        ("zhangwei", "6789", "I", 52_318_66),
        ("zhangwei", "1122", "II", 3_200_00),
        ("lina", "3344", "I", 8_000_00),
        ("wangfang", "2255", "I", 120_50),
        ("zhaolei", "7070", "I", 1_000_00),
        ("zhangxiuying", "9900", "I", 26_805_30),
        ("chenchen", "4466", "I", 15_230_40),
        ("chenchen", "4477", "II", 0),
    ):
        _open(customers[login], _account(login, "debit", "借记卡", balance_fen, tail, account_class), now)
    _restrict(customers["zhaolei"])
    _borrowings(customers["zhangwei"], now)
    customers["zhangwei"].credit = memory_credit_world.zhangwei(now)
    customers["lina"].credit = memory_credit_world.lina(now)
    _address_books(customers)
    _history(customers["zhangwei"], now)
    seed_book(customers["zhangwei"].book, now)
    _cards_and_tickets(customers, now)
    fill({login: customer.books for login, customer in customers.items()}, now)
    return customers


def _account(
    login: str, kind: str, name: str, balance_fen: int, tail: str | None = None, account_class: str | None = None
) -> Account:
    return Account(
        id=f"ac_{login}_{tail or kind}",
        kind=kind,  # type: ignore[arg-type]
        name=name,
        tail=tail,
        account_class=account_class,  # type: ignore[arg-type]
        currency="CNY",
        balance_fen=balance_fen,
        available_fen=balance_fen if kind == "debit" else 0,
        state="active",
        restriction=None,
        card_id=None,
        matures_on=None,
        credit=None,
    )


def _open(customer: CustomerRecord, account: Account, now: datetime) -> None:
    """Add the account and, when it has a tail, the card on it."""
    if account.tail is None:
        customer.put(account)
        return
    card = Card(
        id=f"ca_{customer.login}_{account.tail}",
        kind="credit" if account.kind == "credit_card" else "debit",
        tail=account.tail,
        account_id=account.id,
        account_class=account.account_class,
        state="active",
        state_since=now - timedelta(days=365),
    )
    customer.cards[card.id] = card
    customer.put(replace(account, card_id=card.id))


def _restrict(customer: CustomerRecord) -> None:
    for account in list(customer.accounts.values()):
        customer.put(replace(account, state="restricted", restriction=RESTRICTION))


def _borrowings(customer: CustomerRecord, now: datetime) -> None:
    deposit = _account(customer.login, "time_deposit", "一年定期", 50_000_00)
    _open(customer, replace(deposit, matures_on=add_months(bank_day(now) - timedelta(days=160), 12)), now)
    credit = Credit(30_000_00, 30_000_00 - 4_286_35, 4_286_35, 428_64, 25)
    card = _account(customer.login, "credit_card", "信用卡", -4_286_35, "8812")
    _open(customer, replace(card, available_fen=credit.available_fen, credit=credit), now)
    _open(customer, _account(customer.login, "mortgage", "个人住房贷款", -680_000_00), now)


def _address_books(customers: dict[str, CustomerRecord]) -> None:
    for login, name, alias, bank, tail, paid_before in (
        ("zhangwei", "李娜", None, "本行", "3344", True),
        ("zhangwei", "王强", None, "工商银行", "5566", True),
        ("zhangwei", "王强", None, "建设银行", "7788", False),
        ("zhangwei", "张秀英", "妈妈", "本行", "9900", True),
        ("lina", "张伟", None, "本行", "6789", True),
        ("wangfang", "陈晨", "儿子", "本行", "4466", False),
    ):
        payee = Payee(f"pa_{login}_{tail}", name, alias, bank, tail, bank == "本行", paid_before)
        customers[login].payees[payee.id] = payee


def _history(customer: CustomerRecord, now: datetime) -> None:
    """A little of the past of the first account, ending at its balance; ids of the past are below zero."""
    account = next(iter(customer.accounts.values()))
    balance_fen = account.balance_fen
    for number, (days_ago, amount_fen, counterparty, summary, kind) in enumerate(
        (
            (2, -45_00, "美团", "外卖", "payment"),
            (6, -132_75, "永辉超市", "超市购物", "payment"),
            (8, -300_00, "李娜", "聚餐", "transfer"),
            (12, 15_680_00, "上海云帆科技有限公司", "工资", "income"),
            (15, -203_75, "国网上海市电力公司", "电费", "payment"),
            (20, -1_000_00, "张秀英", "生活费", "transfer"),
        )
    ):
        posted_at = now - timedelta(days=days_ago)
        customer.transactions.insert(
            0,
            Transaction(
                str(-number), account.id, account.tail, posted_at, amount_fen, balance_fen, counterparty, summary, kind
            ),
        )
        balance_fen -= amount_fen


def _cards_and_tickets(customers: dict[str, CustomerRecord], now: datetime) -> None:
    """What cards are open for, the new ones on their way, and what the bank is looking after."""
    for customer in customers.values():
        for card in customer.cards.values():
            overseas, pin = card.tail == "8812", "locked" if card.tail == "2255" else "set"
            expires_on = date(now.year + 3, 12, 31)
            customer.card_features[card.id] = CardFeatures(card.id, expires_on, False, overseas, True, pin)  # type: ignore[arg-type]
    new = customers["chenchen"].cards["ca_chenchen_4477"]
    customers["chenchen"].cards[new.id] = replace(new, state="inactive")
    for login, tail, days, address in (
        ("wangfang", "2255", 3, "上海市静安区南京西路1266号1202室"),
        ("chenchen", "4477", 6, "杭州市西湖区文三路90号5幢301室"),
    ):
        ordered_at = now - timedelta(days=days)
        order = CardOrderRecord(f"KD-{tail}", f"ca_{login}_{tail}", address, ordered_at, f"SF{tail}")
        customers[login].card_orders.append(order)
    for number, (kind, hours, content) in enumerate(
        (
            ("file_complaint", 20 * 24, "内容：网点排队两个小时没有人管。"),
            ("dispute_atm_cash", 24, "情况：少出钞；相差金额：¥200.00；卡片：借记卡（尾号6789）；机器：A0217"),
        )
    ):
        ticket = TicketRecord(f"GD-{number}", kind, content, now - timedelta(hours=hours))
        customers["zhangwei"].tickets.append(ticket)
