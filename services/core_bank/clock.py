"""The only source of time: each world runs on real time plus its own offset. Bank days are days in Shanghai."""

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from services.core_bank.tables import worlds

BANK_ZONE = ZoneInfo("Asia/Shanghai")


def real_now() -> datetime:
    return datetime.now(timezone.utc)


def shifted(ahead_ms: int) -> datetime:
    """Aware UTC time of a world whose clock runs `ahead_ms` ahead of real time."""
    return real_now() + timedelta(milliseconds=ahead_ms)


def offset_ms(moment: datetime) -> int:
    """How far ahead of real time the clock of a world runs in which it is `moment` now."""
    return round((moment - real_now()) / timedelta(milliseconds=1))


def now(conn: Connection, world_id: str) -> datetime:
    ahead_ms = conn.execute(sa.select(worlds.c.clock_offset_ms).where(worlds.c.id == world_id)).scalar_one()
    return shifted(ahead_ms)


def bank_day(moment: datetime) -> date:
    return moment.astimezone(BANK_ZONE).date()


def day_start(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=BANK_ZONE)


def iso(moment: datetime) -> str:
    """ISO 8601 with the offset of the bank's zone."""
    return moment.astimezone(BANK_ZONE).isoformat()
