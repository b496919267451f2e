"""The schema. Money is signed integer fen; moments are UTC; every customer object belongs to one sandbox world."""

from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

metadata = sa.MetaData()


class UtcDateTime(TypeDecorator):
    """Aware datetimes in and out; SQLite keeps no zone, so what it holds is UTC by construction."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.astimezone(timezone.utc) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


def _serial() -> sa.Column:
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True)


def _one_of(column: str, *values: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})")


worlds = sa.Table(
    "worlds",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("clock_offset_ms", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("fault", sa.Text, nullable=False, server_default="none"),
    sa.Column("fault_seconds", sa.Float, nullable=False, server_default="30"),
)

# Postings may never be deleted, so resetting a world points its name at a fresh copy.
world_names = sa.Table(
    "world_names",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("world_id", sa.ForeignKey("worlds.id"), nullable=False, unique=True),
)

customers = sa.Table(
    "customers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("world_id", sa.ForeignKey("worlds.id"), nullable=False),
    sa.Column("login", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("phone", sa.Text, nullable=False),
    sa.Column("elder_mode", sa.Boolean, nullable=False),
    sa.UniqueConstraint("world_id", "login"),
)

# Keyed by what was typed, not by customer: an unknown login must lock exactly as a known one does.
sign_in_failures = sa.Table(
    "sign_in_failures",
    metadata,
    sa.Column("world", sa.Text, primary_key=True),
    sa.Column("login", sa.Text, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("locked_until", UtcDateTime),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # SHA-256 of the reference: a dump of this table opens no session
    sa.Column("world_id", sa.ForeignKey("worlds.id"), nullable=False),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False),
    sa.Column("auth_level", sa.Integer, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("last_seen_at", UtcDateTime, nullable=False),
    sa.Column("ended", sa.Boolean, nullable=False, server_default=sa.false()),
)

# The bank's own accounts in every world.
BANK_KINDS = ("clearing", "equity", "interest_expense", "interest_income", "wealth_custody")

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("world_id", sa.ForeignKey("worlds.id"), nullable=False, index=True),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), index=True),  # null: the bank's own account
    sa.Column("position", sa.Integer, nullable=False),  # order in which the customer sees them
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("tail", sa.Text),
    sa.Column("account_class", sa.Text),
    sa.Column("balance_fen", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("floor_fen", sa.BigInteger, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="active"),
    sa.Column("restriction_code", sa.Text),
    sa.Column("restriction_reason", sa.Text),
    sa.Column("matures_on", sa.Date),
    sa.Column("bill_fen", sa.BigInteger),
    sa.Column("minimum_fen", sa.BigInteger),
    sa.Column("due_day", sa.Integer),
    sa.CheckConstraint("balance_fen >= floor_fen", name="accounts_not_below_floor"),
    _one_of("kind", "debit", "time_deposit", "credit_card", "mortgage", *BANK_KINDS),
    _one_of("state", "active", "restricted", "closed"),
)

cards = sa.Table(
    "cards",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("account_id", sa.ForeignKey("accounts.id"), nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("tail", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("state_since", UtcDateTime, nullable=False),
    _one_of("kind", "debit", "credit"),
    _one_of("state", "inactive", "active", "frozen", "lost"),
)

loss_reports = sa.Table(
    "loss_reports",
    metadata,
    sa.Column("report_no", sa.Text, primary_key=True),
    sa.Column("card_id", sa.ForeignKey("cards.id"), nullable=False, unique=True),
    sa.Column("reported_at", UtcDateTime, nullable=False),
)

payees = sa.Table(
    "payees",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("alias", sa.Text),
    sa.Column("bank", sa.Text, nullable=False),
    sa.Column("tail", sa.Text, nullable=False),
    sa.Column("internal", sa.Boolean, nullable=False),
    sa.Column("account_id", sa.ForeignKey("accounts.id")),  # the credited account, when it is ours
    sa.Column("removed", sa.Boolean, nullable=False, server_default=sa.false()),  # transactions refer to it
)

transactions = sa.Table(
    "transactions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("world_id", sa.ForeignKey("worlds.id"), nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("legs", sa.Integer, nullable=False),
    sa.Column("posted_at", UtcDateTime, nullable=False),
    sa.Column("receipt_no", sa.Text, nullable=False, unique=True),
    sa.Column("payee_id", sa.ForeignKey("payees.id"), index=True),
    sa.Column("draft_id", sa.Text, unique=True),  # a draft posts at most once, whatever the code above does
)

postings = sa.Table(
    "postings",
    metadata,
    _serial(),
    sa.Column(
        "transaction_id",
        sa.ForeignKey("transactions.id", deferrable=True, initially="DEFERRED"),
        nullable=False,
        index=True,
    ),
    sa.Column("account_id", sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("amount_fen", sa.BigInteger, nullable=False),
    sa.Column("balance_after_fen", sa.BigInteger, nullable=False),
    sa.Column("counterparty", sa.Text, nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("posted_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("amount_fen <> 0"),
    sa.Index("postings_by_account", "account_id", "posted_at", "id"),
    sqlite_autoincrement=True,
)

drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("world_id", sa.ForeignKey("worlds.id"), nullable=False),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),  # what the kind needs to execute
    sa.Column("canonical_text", sa.Text, nullable=False),
    sa.Column("risk", sa.Text, nullable=False),
    sa.Column("risk_reasons", sa.JSON, nullable=False),
    sa.Column("risk_answered", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("tries_left", sa.Integer, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("receipt_no", sa.Text),
    sa.Column("posted_at", UtcDateTime),
    sa.Column("result_lines", sa.JSON, nullable=False, default=list),
    sa.CheckConstraint("tries_left >= 0"),
    sa.Index("drafts_by_customer", "customer_id", "created_at"),
)

challenges = sa.Table(
    "challenges",
    metadata,
    _serial(),
    sa.Column("draft_id", sa.ForeignKey("drafts.id"), nullable=False, index=True),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("session_id", sa.ForeignKey("sessions.id"), nullable=False, index=True),
    sa.Column("code_hash", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("sent_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    _one_of("state", "OPEN", "ACCEPTED", "BURNED", "DEAD"),
    sqlite_autoincrement=True,
)

sms_outbox = sa.Table(
    "sms_outbox",
    metadata,
    _serial(),
    sa.Column("world_id", sa.ForeignKey("worlds.id"), nullable=False, index=True),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False),
    sa.Column("sealed", sa.Text, nullable=False),  # encrypted JSON {phone, text, code}: no code in a dump
    sa.Column("sent_at", UtcDateTime, nullable=False),
)

idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    sa.Column("customer_id", sa.ForeignKey("customers.id"), primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("status", sa.Integer),  # null while in flight
    sa.Column("body", sa.Text),
)

daily_totals = sa.Table(
    "daily_totals",
    metadata,
    sa.Column("customer_id", sa.ForeignKey("customers.id"), primary_key=True),
    sa.Column("bank_day", sa.Date, primary_key=True),
    sa.Column("used_fen", sa.BigInteger, nullable=False),
    sa.CheckConstraint("used_fen >= 0"),
)

audit = sa.Table(
    "audit",
    metadata,
    _serial(),
    sa.Column("world_id", sa.ForeignKey("worlds.id"), nullable=False),
    sa.Column("customer_id", sa.ForeignKey("customers.id")),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("object_id", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
