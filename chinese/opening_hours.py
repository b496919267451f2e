"""When a counter is open: by weekday, at weekends, never on public holidays; in the words of a notice on its door."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from chinese.public_holidays import public_holiday

SLOT = timedelta(minutes=30)
_WEEKDAYS = "一二三四五六日"
_LUNCH = (time(12, 0), time(13, 0))
_LOOK_AHEAD_DAYS = 15


@dataclass(frozen=True, slots=True)
class Hours:
    """From and until; `weekend` None is closed on Saturdays and Sundays."""

    weekday: tuple[time, time]
    weekend: tuple[time, time] | None = None

    def on(self, day: date) -> tuple[time, time] | None:
        """The hours of one day, None when it is closed."""
        if public_holiday(day):
            return None
        return self.weekend if day.weekday() >= 5 else self.weekday

    def text(self) -> str:
        """周一至周五 9:00–17:00，周末 9:30–16:00"""
        weekend = f"周末 {_span(self.weekend)}" if self.weekend else "周末休息"
        return f"周一至周五 {_span(self.weekday)}，{weekend}，法定节假日休息"

    def is_open(self, now: datetime) -> bool:
        """`now` is local time."""
        hours = self.on(now.date())
        return hours is not None and hours[0] <= now.time() < hours[1]

    def status(self, now: datetime) -> str:
        """现在营业，今天 17:00 结束 / 现在没有营业，11月23日（周一）9:00 开门"""
        hours = self.on(now.date())
        if hours and hours[0] <= now.time() < hours[1]:
            return f"现在营业，今天 {clock_time(hours[1])} 结束"
        holiday = public_holiday(now.date())
        closed = f"今天{holiday}休息" if holiday else "现在没有营业"
        following = self._next_opening(now)
        return f"{closed}，{day_name(following.date())}{clock_time(following.time())} 开门" if following else closed

    def _next_opening(self, now: datetime) -> datetime | None:
        for ahead in range(_LOOK_AHEAD_DAYS):
            day = now.date() + timedelta(days=ahead)
            hours = self.on(day)
            opens = datetime.combine(day, hours[0], now.tzinfo) if hours else None
            if opens and opens > now:
                return opens
        return None

    def slots(self, day: date) -> list[str]:
        """Half hours in which an appointment can begin, "09:30"; none over lunch and on closed days."""
        hours = self.on(day)
        if hours is None:
            return []
        found, start, end = [], datetime.combine(day, hours[0]), datetime.combine(day, hours[1])
        while start + SLOT <= end:
            if not _LUNCH[0] <= start.time() < _LUNCH[1]:
                found.append(f"{start:%H:%M}")
            start += SLOT
        return found


def day_name(day: date) -> str:
    """11月23日（周一）"""
    return f"{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"


def clock_time(moment: time) -> str:
    """9:00"""
    return f"{moment.hour}:{moment.minute:02d}"


def _span(hours: tuple[time, time]) -> str:
    return f"{clock_time(hours[0])}–{clock_time(hours[1])}"
