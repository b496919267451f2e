"""Risk level of a transfer (design §8): blue goes, yellow asks a scam question, red also waits for an operator."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.core_bank.clock import BANK_ZONE

SINGLE_REVIEW_FEN = 20_000_00
CAREFUL_FEN = 5_000_00
AFTER_PHONE_CHANGE = timedelta(hours=24)
_NIGHT_FROM, _NIGHT_TO = 23, 6


@dataclass(frozen=True)
class Risk:
    level: str
    reasons: list[str]


NO_RISK = Risk("blue", [])


def transfer_risk(amount_fen: int, paid_before: bool, now: datetime, phone_changed_at: datetime | None = None) -> Risk:
    """Within a day of a new phone number a larger transfer waits for an operator: who took the phone has the codes."""
    reasons = []
    if amount_fen > CAREFUL_FEN and not paid_before:
        reasons.append("new_payee")
    if amount_fen > CAREFUL_FEN and is_night(now):
        reasons.append("night")
    if amount_fen > SINGLE_REVIEW_FEN:
        reasons.append("above_review")
    if amount_fen > CAREFUL_FEN and phone_changed_at and now < phone_changed_at + AFTER_PHONE_CHANGE:
        reasons.append("phone_changed")
    level = "red" if {"above_review", "phone_changed"} & set(reasons) else "yellow" if reasons else "blue"
    return Risk(level, reasons)


def is_night(now: datetime) -> bool:
    hour = now.astimezone(BANK_ZONE).hour
    return hour >= _NIGHT_FROM or hour < _NIGHT_TO
