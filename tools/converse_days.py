"""Days that a conversation test names: 明天 may be a day on which the bank is closed, {workday} never is."""

import re
from datetime import date, timedelta

from chinese.public_holidays import public_holiday

_NAMED = re.compile(r"\{([a-z_]+)\}")
_AHEAD = {"workday": 0, "next_workday": 1}


def spoken_days(text: str, today: date) -> str:
    """`text` with {workday} and {next_workday} as a customer says them (1月4号): the first two after `today`.

    Raises ValueError for any other name in braces; braces around anything else stay.
    """
    return _NAMED.sub(lambda named: _spoken(named[1], today), text)


def _spoken(name: str, today: date) -> str:
    if name not in _AHEAD:
        raise ValueError(f"{{{name}}} is none of {', '.join(f'{{{known}}}' for known in _AHEAD)}")
    days = (today + timedelta(days=ahead) for ahead in range(1, 15))
    day = [day for day in days if day.weekday() < 5 and not public_holiday(day)][_AHEAD[name]]
    return f"{day.month}月{day.day}号"
