"""Identifiers. Letters only: an id must never look like a card number or a one-time code to a masking filter."""

import secrets
from datetime import datetime

from services.core_bank.clock import bank_day

_DIGITS_TO_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_RECEIPT_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def new_id(prefix: str) -> str:
    """96 random bits, for example `dr_kfadbhpm...`."""
    return f"{prefix}_{letters_only(secrets.token_hex(12))}"


def letters_only(hexadecimal: str) -> str:
    """The same bits without a digit."""
    return hexadecimal.translate(_DIGITS_TO_LETTERS)


def new_receipt_number(prefix: str, now: datetime) -> str:
    """For example `ZG251122-8KQ4MZ7T`: the bank day and 40 random bits."""
    tail = "".join(secrets.choice(_RECEIPT_ALPHABET) for _ in range(8))
    return f"{prefix}{bank_day(now):%y%m%d}-{tail}"
