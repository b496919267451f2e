"""The branches and machines of the demo bank (data/branches.yml): the same in every world."""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from chinese.opening_hours import Hours
from services.core_bank.clock import BANK_ZONE
from services.core_bank.errors import not_possible

FILE = Path(__file__).parents[3] / "data" / "branches.yml"


@dataclass(frozen=True)
class Place:
    """`hours` None is a machine that never closes. `services` are named in SERVICES of the routes."""

    id: str
    name: str
    city: str
    district: str
    address: str
    phone: str | None
    hours: Hours | None
    services: tuple[str, ...]


@lru_cache(maxsize=1)
def _everything() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return loaded


@lru_cache(maxsize=1)
def places() -> tuple[Place, ...]:
    """Branches first, then machines."""
    return tuple(_place(entry) for entry in _everything()["places"])


def _place(entry: dict[str, Any]) -> Place:
    hours = _hours(**_everything()["hours"][entry["hours"]]) if entry["hours"] else None
    return Place(**{**entry, "hours": hours, "services": tuple(entry["services"])})


def _hours(weekday: list[str], weekend: list[str] | None) -> Hours:
    return Hours(_span(weekday), _span(weekend) if weekend else None)


def _span(hours: list[str]) -> tuple[time, time]:
    start, end = map(time.fromisoformat, hours)
    return start, end


def place(place_id: str) -> Place | None:
    return next((found for found in places() if found.id == place_id), None)


def counter(place_id: str) -> tuple[Place, Hours]:
    """A branch that has counters, and its hours. Raises not_possible (no_counter)."""
    found = place(place_id)
    if found is None or found.hours is None:
        raise not_possible("no_counter", "这里没有柜台，请选一家支行。")
    return found, found.hours


def view(found: Place, now: datetime) -> dict[str, Any]:
    """As the API shows it, with what its door says at `now`."""
    local = now.astimezone(BANK_ZONE)
    hours = found.hours
    return {
        "id": found.id,
        "kind": "branch" if hours else "atm",
        "name": found.name,
        "city": found.city,
        "district": found.district,
        "address": f"{found.city}市{found.district}{found.address}",
        "phone": found.phone,
        "hours": hours.text() if hours else "24小时",
        "services": list(found.services),
        "open_now": hours.is_open(local) if hours else True,
        "status": hours.status(local) if hours else "24小时可用",
    }


def taken_by_others(place_id: str, day: date, slot: str) -> bool:
    """The demo bank has other customers too: about every fifth half hour is theirs, never those of always_free."""
    return (
        slot not in _everything()["always_free"]
        and (day.toordinal() + sum(map(ord, place_id)) + int(slot[:2]) * 2 + (slot[3:] == "30")) % 5 == 0
    )
