"""Time of one account: real time plus an offset that tests move."""

import time
from collections.abc import Callable


class Clock:
    """`source` gives seconds since 1970."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._ahead = 0.0

    def now(self) -> float:
        return self._source() + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += seconds
