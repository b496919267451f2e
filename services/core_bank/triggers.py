"""Rules of the ledger that the database itself keeps, for SQLite and PostgreSQL.

The transactions row is inserted last, over postings that refer to it by a deferred foreign key. So one trigger sees
the finished set of legs and refuses it unless it sums to zero, and nothing can be added afterwards.
"""

import sqlalchemy as sa
from sqlalchemy import event

from services.core_bank.tables import audit, metadata, postings, transactions

_SQLITE: list[str] = [
    """CREATE TRIGGER transactions_balance BEFORE INSERT ON transactions
       WHEN NEW.legs < 2
         OR (SELECT count(*) FROM postings WHERE transaction_id = NEW.id) <> NEW.legs
         OR (SELECT sum(amount_fen) FROM postings WHERE transaction_id = NEW.id) <> 0
       BEGIN SELECT RAISE(ABORT, 'ledger: postings of a transaction must be two or more and sum to zero'); END""",
    """CREATE TRIGGER postings_closed BEFORE INSERT ON postings
       WHEN EXISTS (SELECT 1 FROM transactions WHERE id = NEW.transaction_id)
       BEGIN SELECT RAISE(ABORT, 'ledger: the transaction is already posted'); END""",
] + [
    f"""CREATE TRIGGER {table.name}_no_{verb.lower()} BEFORE {verb} ON {table.name}
        BEGIN SELECT RAISE(ABORT, 'ledger: {table.name} is append only'); END"""
    for table in (postings, transactions, audit)
    for verb in ("UPDATE", "DELETE")
]

# PostgreSQL runs writers side by side, so a second writer could add legs to a transaction it cannot see yet; the
# deferred constraint trigger looks again when that writer commits.
_POSTGRESQL: list[str] = [
    """CREATE FUNCTION ledger_balance() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF NEW.legs < 2
            OR (SELECT count(*) FROM postings WHERE transaction_id = NEW.id) <> NEW.legs
            OR (SELECT sum(amount_fen) FROM postings WHERE transaction_id = NEW.id) <> 0 THEN
           RAISE EXCEPTION 'ledger: postings of a transaction must be two or more and sum to zero'
             USING ERRCODE = 'check_violation';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE TRIGGER transactions_balance BEFORE INSERT ON transactions
       FOR EACH ROW EXECUTE FUNCTION ledger_balance()""",
    """CREATE FUNCTION ledger_closed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF EXISTS (SELECT 1 FROM transactions WHERE id = NEW.transaction_id) THEN
           RAISE EXCEPTION 'ledger: the transaction is already posted' USING ERRCODE = 'check_violation';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE TRIGGER postings_closed BEFORE INSERT ON postings FOR EACH ROW EXECUTE FUNCTION ledger_closed()""",
    """CREATE FUNCTION ledger_complete() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF (SELECT count(*) FROM postings WHERE transaction_id = NEW.transaction_id)
            <> (SELECT legs FROM transactions WHERE id = NEW.transaction_id) THEN
           RAISE EXCEPTION 'ledger: the transaction is already posted' USING ERRCODE = 'check_violation';
         END IF;
         RETURN NULL;
       END $$""",
    """CREATE CONSTRAINT TRIGGER postings_complete AFTER INSERT ON postings DEFERRABLE INITIALLY DEFERRED
       FOR EACH ROW EXECUTE FUNCTION ledger_complete()""",
    """CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         RAISE EXCEPTION 'ledger: % is append only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
       END $$""",
] + [
    f"""CREATE TRIGGER {table.name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table.name}
        FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()"""
    for table in (postings, transactions, audit)
]


def attach() -> None:
    """Make `metadata.create_all` create the triggers together with the tables."""
    for dialect, statements in (("sqlite", _SQLITE), ("postgresql", _POSTGRESQL)):
        for statement in statements:
            # After all tables, and only when the ledger's own table was created by this very call.
            ddl = sa.DDL(statement.replace("%", "%%")).execute_if(dialect=dialect, callable_=_creating_ledger)
            event.listen(metadata, "after_create", ddl)


def _creating_ledger(ddl: object, target: object, bind: object, tables: object = None, **_: object) -> bool:
    return isinstance(tables, list) and transactions in tables


attach()
