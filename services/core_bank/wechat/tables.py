"""Bindings of WeChat openids. No openid is stored: `follower` is the keyed hash of one (Bank.follower)."""

import sqlalchemy as sa

from services.core_bank.tables import UtcDateTime, metadata

# Live bindings only: that there was one is in the audit.
wechat_bindings = sa.Table(
    "wechat_bindings",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("world_id", sa.ForeignKey("worlds.id"), nullable=False),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False),
    sa.Column("app_id", sa.Text),
    sa.Column("follower", sa.Text, unique=True),
    sa.Column("bound_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("customer_id", "app_id"),
    # Both are null in the seeded binding of a demo customer: it is of whichever app, and nobody has its openid.
    sa.CheckConstraint("(app_id IS NULL) = (follower IS NULL)"),
)

# The sessions that a binding opened end with it.
wechat_sessions = sa.Table(
    "wechat_sessions",
    metadata,
    sa.Column("session_id", sa.ForeignKey("sessions.id"), primary_key=True),
    sa.Column("binding_id", sa.ForeignKey("wechat_bindings.id"), nullable=False, index=True),
)

wechat_binding_attempts = sa.Table(
    "wechat_binding_attempts",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("world_id", sa.ForeignKey("worlds.id"), nullable=False),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False),
    sa.Column("app_id", sa.Text, nullable=False),
    sa.Column("follower", sa.Text, nullable=False),
    sa.Column("code_hash", sa.Text, nullable=False),
    sa.Column("tries_left", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("sent_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("state IN ('OPEN', 'BOUND', 'LOCKED', 'REPLACED')"),
    sa.CheckConstraint("tries_left >= 0"),
    sa.Index("wechat_binding_attempts_by_customer", "customer_id", "sent_at"),
)
