"""What belongs to a card besides its state."""

import sqlalchemy as sa

from services.core_bank.tables import UtcDateTime, metadata

# A card without a row has the defaults of features.py.
card_features = sa.Table(
    "card_features",
    metadata,
    sa.Column("card_id", sa.ForeignKey("cards.id"), primary_key=True),
    sa.Column("expires_on", sa.Date, nullable=False),
    sa.Column("overseas", sa.Boolean, nullable=False),
    sa.Column("cardless", sa.Boolean, nullable=False),
    sa.Column("pin_hash", sa.Text, nullable=False),
    sa.Column("pin_failures", sa.Integer, nullable=False),
)

card_orders = sa.Table(
    "card_orders",
    metadata,
    sa.Column("order_no", sa.Text, primary_key=True),
    sa.Column("card_id", sa.ForeignKey("cards.id"), nullable=False, index=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("fee_fen", sa.BigInteger, nullable=False),
    sa.Column("tracking_no", sa.Text, nullable=False),
    sa.Column("ordered_at", UtcDateTime, nullable=False),
    sa.Column("activated_at", UtcDateTime),
)

pin_links = sa.Table(
    "pin_links",
    metadata,
    sa.Column("token_hash", sa.Text, primary_key=True),  # a dump of this table opens no page
    sa.Column("card_id", sa.ForeignKey("cards.id"), nullable=False),
    sa.Column("world_id", sa.ForeignKey("worlds.id"), nullable=False),
    sa.Column("asks_old", sa.Boolean, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("used", sa.Boolean, nullable=False, server_default=sa.false()),
)
