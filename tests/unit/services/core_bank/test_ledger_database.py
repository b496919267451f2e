"""What the database itself refuses, whatever code runs above it; on SQLite and on PostgreSQL."""

import functools
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from starlette.testclient import TestClient

from services.core_bank import clock, ledger
from services.core_bank.bank import Bank
from services.core_bank.tables import accounts, audit, drafts, postings, transactions, world_names
from tests.unit.services.core_bank.harness import World


@pytest.fixture
def bank(any_client: TestClient) -> Bank:
    inside: Bank = any_client.app.state.bank  # type: ignore[attr-defined]
    return inside


@pytest.fixture
def refused(bank: Bank) -> Callable[[Callable[[Connection], object]], str]:
    """Run statements in a transaction that must fail; returns the database's words."""

    def run(work: Callable[[Connection], object]) -> str:
        with pytest.raises(DBAPIError) as error:
            bank.db.transact(work)
        return str(error.value.orig)

    return run


def two_accounts(conn: Connection, world: World) -> list[sa.engine.Row]:
    world_id = conn.execute(sa.select(world_names.c.world_id).where(world_names.c.name == world.name)).scalar_one()
    query = sa.select(accounts).where(accounts.c.world_id == world_id, accounts.c.tail.in_(("6789", "3344")))
    rows: list[sa.engine.Row] = conn.execute(query.order_by(accounts.c.tail)).all()
    return rows


def insert_legs(conn: Connection, world: World, transaction_id: str, *amounts_fen: int) -> None:
    rows = two_accounts(conn, world)
    for number, amount_fen in enumerate(amounts_fen):
        account = rows[number % 2]
        values = {
            "transaction_id": transaction_id,
            "account_id": account.id,
            "amount_fen": amount_fen,
            "balance_after_fen": 0,
            "counterparty": "x",
            "summary": "x",
            "posted_at": clock.real_now(),
        }
        conn.execute(sa.insert(postings).values(values))


def insert_transaction(conn: Connection, world: World, transaction_id: str, legs: int) -> None:
    values = {
        "id": transaction_id,
        "world_id": two_accounts(conn, world)[0].world_id,
        "kind": "transfer",
        "legs": legs,
        "posted_at": clock.real_now(),
        "receipt_no": transaction_id,
    }
    conn.execute(sa.insert(transactions).values(values))


def test_unbalanced_or_miscounted_transactions(any_world: World, refused: Callable) -> None:
    cases = [(2, (100, -99)), (2, (100, 100)), (1, (100,)), (3, (100, -100)), (2, (50, 50, -100)), (0, ())]

    def work(conn: Connection, legs: int, amounts_fen: tuple[int, ...]) -> None:
        insert_legs(conn, any_world, "bad", *amounts_fen)
        insert_transaction(conn, any_world, "bad", legs)

    for legs, amounts_fen in cases:
        assert "sum to zero" in refused(functools.partial(work, legs=legs, amounts_fen=amounts_fen))


def test_legs_of_no_transaction(any_world: World, refused: Callable) -> None:
    words = refused(lambda conn: insert_legs(conn, any_world, "nothing", 100, -100))
    assert "foreign key" in words.lower()


def test_legs_added_to_a_posted_transaction(any_world: World, bank: Bank, refused: Callable) -> None:
    zhangwei = any_world.sign_in("zhangwei")
    zhangwei.confirm(zhangwei.authorised())
    with bank.db.read() as conn:
        posted = (
            conn.execute(sa.select(transactions.c.id).where(transactions.c.draft_id.is_not(None))).scalars().first()
        )
    assert "already posted" in refused(lambda conn: insert_legs(conn, any_world, posted, 100, -100))


def test_postings_transactions_and_audit_are_append_only(any_world: World, refused: Callable) -> None:
    zhangwei = any_world.sign_in("zhangwei")
    zhangwei.confirm(zhangwei.authorised())
    for table, column in ((postings, "summary"), (transactions, "kind"), (audit, "event")):
        assert "append only" in refused(lambda conn, t=table, c=column: conn.execute(sa.update(t).values({c: "x"})))
        assert "append only" in refused(lambda conn, t=table: conn.execute(sa.delete(t)))


def test_replacing_a_posting_is_no_way_round(world: World, client: TestClient) -> None:
    statement = sa.text(
        "INSERT OR REPLACE INTO postings SELECT id, transaction_id, account_id, 1, balance_after_fen, counterparty,"
        " summary, posted_at FROM postings LIMIT 1"
    )
    with pytest.raises(DBAPIError):
        client.app.state.bank.db.transact(lambda conn: conn.execute(statement))  # type: ignore[attr-defined]


def test_truncating_is_no_way_round(postgres_client: TestClient) -> None:
    bank = postgres_client.app.state.bank  # type: ignore[attr-defined]
    with pytest.raises(DBAPIError) as error:
        bank.db.transact(lambda conn: conn.execute(sa.text("TRUNCATE postings CASCADE")))
    assert "append only" in str(error.value.orig)


def test_balances_never_fall_below_the_floor(any_world: World, refused: Callable) -> None:
    def work(conn: Connection) -> None:
        account = two_accounts(conn, any_world)[0]
        conn.execute(sa.update(accounts).where(accounts.c.id == account.id).values(balance_fen=-1))

    assert "accounts_not_below_floor" in refused(work)


def test_a_draft_posts_once_whatever_happens(any_world: World, bank: Bank, refused: Callable) -> None:
    zhangwei = any_world.sign_in("zhangwei")
    draft_id = zhangwei.authorised()
    zhangwei.confirm(draft_id)

    def post_again(conn: Connection) -> None:
        payer, payee = reversed(two_accounts(conn, any_world))
        entry = ledger.Entry(payer.world_id, "transfer", "x", clock.real_now(), draft_id=draft_id)
        ledger.post(conn, entry, (ledger.Leg(payer.id, -1, "x"), ledger.Leg(payee.id, 1, "x")))

    assert "unique" in refused(post_again).lower()
    assert any_world.balance("lina/3344") == 8_500_00


def test_every_confirmation_leaves_an_audit_row(any_world: World, bank: Bank) -> None:
    zhangwei = any_world.sign_in("zhangwei")
    draft_id = zhangwei.authorised(20_000_01)
    zhangwei.confirm(draft_id)
    any_world.review(draft_id, True, "li.jing")
    with bank.db.read() as conn:
        query = sa.select(audit.c.actor, audit.c.event).where(audit.c.object_id == draft_id).order_by(audit.c.id)
        rows = [tuple(row) for row in conn.execute(query)]
        state = conn.execute(sa.select(drafts.c.state).where(drafts.c.id == draft_id)).scalar_one()
    assert rows == [
        ("customer", "risk_cleared"),
        ("customer", "code_accepted"),
        ("customer", "draft_sent_to_review"),
        ("operator:li.jing", "transfer_done"),
    ]
    assert state == "DONE"


def test_readers_do_not_wait_for_a_writer(any_world: World, bank: Bank) -> None:
    zhangwei = any_world.sign_in("zhangwei")

    def work(conn: Connection) -> int:
        rows = two_accounts(conn, any_world)
        conn.execute(sa.update(accounts).where(accounts.c.id == rows[0].id).values(name="x"))
        return int(zhangwei.account("6789")["balance_fen"])

    assert bank.db.transact(work) == 52_318_66
