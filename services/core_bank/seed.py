"""The demo bank of design §8: who there is and what everybody ends up with."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from services.core_bank import ledger, seed_history
from services.core_bank.card import seed as card_seed
from services.core_bank.care import seed as care_seed
from services.core_bank.clock import bank_day
from services.core_bank.credit_card import seed as credit_card_seed
from services.core_bank.deposit import seed as deposit_seed
from services.core_bank.identifiers import new_id
from services.core_bank.life.seed import seed as seed_bills
from services.core_bank.loan import seed as loan_seed
from services.core_bank.payees import seed as payee_seed
from services.core_bank.profile.seed import seed as seed_profiles
from services.core_bank.sessions import hash_password
from services.core_bank.tables import BANK_KINDS, accounts, cards, customers, payees
from services.core_bank.transfers import seed as transfer_seed
from services.core_bank.wealth import seed as wealth_seed

DEMO_PASSWORD = "demo"
OUR_BANK = "本行"

_BANK_NAMES = ("跨行清算", "期初权益", "利息支出", "利息收入", "理财资金托管")
_BOTTOMLESS_FEN = -(10**15)
_NON_COUNTER = (
    "non_counter",
    "您的账户已被限制非柜面交易,暂时不能在线上转出资金,请持本人身份证到任一网点办理。",
)


@dataclass(frozen=True)
class DemoAccount:
    """`balance_fen` is where the seeded history ends; without a tail the key of the account is its kind."""

    kind: str
    name: str
    balance_fen: int
    tail: str | None = None
    account_class: str | None = None
    floor_fen: int = 0
    restriction: tuple[str, str] | None = None
    matures_in_days: int | None = None
    bill: tuple[int, int, int] | None = None  # bill fen, minimum fen, due day
    card_state: str = "active"


@dataclass(frozen=True)
class DemoPayee:
    """`account` is the key of our own account that is credited; None at another bank."""

    name: str
    bank: str
    tail: str
    account: str | None = None
    alias: str | None = None


@dataclass(frozen=True)
class DemoCustomer:
    login: str
    name: str
    phone: str
    accounts: tuple[DemoAccount, ...]
    payees: tuple[DemoPayee, ...] = ()
    elder_mode: bool = False


def _debit(tail: str, balance_fen: int, account_class: str = "I", **more: Any) -> DemoAccount:
    return DemoAccount("debit", "借记卡", balance_fen, tail, account_class, **more)


DEMO: tuple[DemoCustomer, ...] = (
    DemoCustomer(
        "zhangwei",
        "张伟",
        "13800010001",
        (
            _debit("6789", 52_318_66),
            _debit("1122", 3_200_00, "II"),
            DemoAccount("time_deposit", "一年定期", 50_000_00, matures_in_days=205),
            DemoAccount("credit_card", "信用卡", -4_286_35, "8812", floor_fen=-30_000_00, bill=(4_286_35, 428_64, 25)),
            DemoAccount("mortgage", "个人住房贷款", -680_000_00, floor_fen=-680_000_00),
        ),
        (
            DemoPayee("李娜", OUR_BANK, "3344", "lina/3344"),
            DemoPayee("王强", "工商银行", "5566"),
            DemoPayee("王强", "建设银行", "7788"),
            DemoPayee("张秀英", OUR_BANK, "9900", "zhangxiuying/9900", alias="妈妈"),
        ),
    ),
    DemoCustomer(
        "lina",
        "李娜",
        "13800010002",
        (_debit("3344", 8_000_00),),
        (DemoPayee("张伟", OUR_BANK, "6789", "zhangwei/6789"),),
    ),
    DemoCustomer(
        "wangfang",
        "王芳",
        "13800010003",
        (_debit("2255", 120_50),),
        (DemoPayee("陈晨", OUR_BANK, "4466", "chenchen/4466", alias="儿子"),),
        elder_mode=True,
    ),
    DemoCustomer("zhaolei", "赵磊", "13800010004", (_debit("7070", 1_000_00, restriction=_NON_COUNTER),)),
    DemoCustomer("zhangxiuying", "张秀英", "13800010005", (_debit("9900", 26_805_30),), elder_mode=True),
    DemoCustomer(
        "chenchen",
        "陈晨",
        "13800010006",
        (_debit("4466", 15_230_40), _debit("4477", 0, "II", card_state="inactive")),
    ),
)


def key_of(login: str, account: Any) -> str:
    """`zhangwei/6789`, `zhangwei/time_deposit`: the name of an account in tests and in the sandbox's ledger view."""
    return f"{login}/{account.tail or account.kind}"


def build(conn: Connection, world_id: str, now: datetime) -> None:
    """Fill an empty world. Everything up to `now` is posted by the ledger's own code."""
    customer_ids = {person.login: new_id("cu") for person in DEMO}
    account_ids = {key_of(person.login, account): new_id("ac") for person in DEMO for account in person.accounts}
    account_ids.update({kind: new_id("ac") for kind in BANK_KINDS})
    payee_ids = {(person.login, payee.tail): new_id("pa") for person in DEMO for payee in person.payees}
    _insert_customers(conn, world_id, customer_ids)
    _insert_accounts(conn, world_id, customer_ids, account_ids, now)
    _insert_cards(conn, customer_ids, account_ids, now)
    _insert_payees(conn, customer_ids, account_ids, payee_ids)
    deposit_seed.seed(conn, now, account_ids)
    wealth_seed.seed(conn, now, customer_ids)
    loan_seed.seed(conn, now, customer_ids, account_ids)
    credit_card_seed.seed(conn, world_id, now, customer_ids, account_ids)
    transfer_seed.seed(conn, world_id, now, customer_ids, account_ids, payee_ids)
    payee_seed.seed(conn, world_id, account_ids)
    card_seed.seed(conn, now, account_ids)
    care_seed.seed(conn, world_id, now, customer_ids)
    targets = {key_of(person.login, account): account.balance_fen for person in DEMO for account in person.accounts}
    for planned in seed_history.plan(targets, bank_day(now)):
        payee_id = payee_ids[planned.payee] if planned.payee else None
        entry = ledger.Entry(world_id, planned.kind, planned.summary, planned.posted_at, payee_id=payee_id)
        other = planned.other or "clearing"
        ledger.post(
            conn,
            entry,
            (
                ledger.Leg(account_ids[planned.account], planned.amount_fen, planned.counterparty),
                ledger.Leg(account_ids[other], -planned.amount_fen, _NAMES[planned.account]),
            ),
        )
    seed_bills(conn, now, customer_ids, account_ids)
    seed_profiles(conn, world_id, now, customer_ids)


_NAMES: dict[str, str] = {key_of(person.login, account): person.name for person in DEMO for account in person.accounts}


def _insert_customers(conn: Connection, world_id: str, ids: dict[str, str]) -> None:
    rows = [
        {
            "id": ids[person.login],
            "world_id": world_id,
            "login": person.login,
            "password_hash": hash_password(DEMO_PASSWORD),
            "name": person.name,
            "phone": person.phone,
            "elder_mode": person.elder_mode,
        }
        for person in DEMO
    ]
    conn.execute(sa.insert(customers), rows)


def _insert_accounts(
    conn: Connection, world_id: str, customer_ids: dict[str, str], ids: dict[str, str], now: datetime
) -> None:
    rows: list[dict[str, Any]] = [
        _account_row(account, now)
        | {
            "id": ids[key_of(person.login, account)],
            "world_id": world_id,
            "customer_id": customer_ids[person.login],
            "position": position,
        }
        for person in DEMO
        for position, account in enumerate(person.accounts)
    ]
    for kind, name in zip(BANK_KINDS, _BANK_NAMES, strict=True):
        internal = DemoAccount(kind, name, 0, floor_fen=_BOTTOMLESS_FEN)
        rows.append(
            _account_row(internal, now) | {"id": ids[kind], "world_id": world_id, "customer_id": None, "position": 0}
        )
    conn.execute(sa.insert(accounts), rows)


def _account_row(account: DemoAccount, now: datetime) -> dict[str, Any]:
    code, reason = account.restriction or (None, None)
    bill_fen, minimum_fen, due_day = account.bill or (None, None, None)
    days = account.matures_in_days
    return {
        "kind": account.kind,
        "name": account.name,
        "tail": account.tail,
        "account_class": account.account_class,
        "floor_fen": account.floor_fen,
        "state": "restricted" if account.restriction else "active",
        "restriction_code": code,
        "restriction_reason": reason,
        "matures_on": bank_day(now) + timedelta(days=days) if days is not None else None,
        "bill_fen": bill_fen,
        "minimum_fen": minimum_fen,
        "due_day": due_day,
    }


def _insert_cards(conn: Connection, customer_ids: dict[str, str], account_ids: dict[str, str], now: datetime) -> None:
    rows = [
        {
            "id": new_id("ca"),
            "customer_id": customer_ids[person.login],
            "account_id": account_ids[key_of(person.login, account)],
            "kind": "credit" if account.kind == "credit_card" else "debit",
            "tail": account.tail,
            "state": account.card_state,
            "state_since": now - timedelta(days=400),
        }
        for person in DEMO
        for account in person.accounts
        if account.tail
    ]
    conn.execute(sa.insert(cards), rows)


def _insert_payees(
    conn: Connection,
    customer_ids: dict[str, str],
    account_ids: dict[str, str],
    payee_ids: dict[tuple[str, str], str],
) -> None:
    rows = [
        {
            "id": payee_ids[person.login, payee.tail],
            "customer_id": customer_ids[person.login],
            "position": position,
            "name": payee.name,
            "alias": payee.alias,
            "bank": payee.bank,
            "tail": payee.tail,
            "internal": payee.account is not None,
            "account_id": account_ids[payee.account] if payee.account else None,
        }
        for person in DEMO
        for position, payee in enumerate(person.payees)
    ]
    conn.execute(sa.insert(payees), rows)
