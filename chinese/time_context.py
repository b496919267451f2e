"""What a date needs besides its words: the present, and whether the sentence looks back or forward."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from chinese.moments import Moment, floor

_PAST = re.compile(
    r"查|账单|流水|明细|记录|交易|消费|花了|花的|转的|扣|到了没|没到|收入|支出|转出|转了|转过|收到|那笔|买的|取的|存的|入账|到账了|了$|过$"
)
_FUTURE = re.compile(r"预约|提醒|还款|到期|之前要|自动|定时|预定|营业|上班|开门|可以|能|准备|打算|要去|下次|办理")


class Reading(NamedTuple):
    """What a reader found: where it ends in the text, and the time it means."""

    end: int
    moment: Moment


Reader = Callable[["TimeContext", int], Reading | None]


@dataclass(frozen=True)
class TimeContext:
    """text: normalised, taken positions blanked. prefer: past, future or nearest."""

    text: str
    now: datetime
    prefer: str

    @property
    def today(self) -> datetime:
        return floor(self.now, "day")

    def choose(self, candidates: Iterable[datetime | None]) -> datetime | None:
        """Of the days a date without a year or month may mean, the one the sentence points to."""
        days = sorted(day for day in candidates if day is not None)
        past = [day for day in days if day <= self.today]
        future = [day for day in days if day >= self.today]
        if not days:
            return None
        if self.prefer == "past":
            return past[-1] if past else future[0]
        if self.prefer == "future":
            return future[0] if future else past[-1]
        return min(days, key=lambda day: (abs((day - self.today).days), day < self.today))

    def date(self, year: int, month: int, day: int) -> datetime | None:
        """Midnight of that day, None when there is no such day."""
        try:
            return self.today.replace(year=year, month=month, day=day)
        except ValueError:
            return None


def direction(text: str, prefer: str) -> str:
    """Resolve prefer="auto" by the words of the sentence."""
    if prefer != "auto":
        return prefer
    if _PAST.search(text):
        return "past"
    return "future" if _FUTURE.search(text) else "nearest"


def longest(context: TimeContext, position: int, readers: Iterable[Reader]) -> Reading | None:
    """The reading that covers most; the earlier reader where two cover the same."""
    best: Reading | None = None
    for reader in readers:
        reading = reader(context, position)
        if reading is not None and (best is None or reading.end > best.end):
            best = reading
    return best
