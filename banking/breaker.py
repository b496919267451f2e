"""A circuit breaker around calls to the core bank: pybreaker's states, safe for many threads at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from time import monotonic

from pybreaker import STATE_CLOSED, STATE_OPEN, CircuitBreaker, CircuitBreakerError, CircuitMemoryStorage

from banking.port import BankUnavailable, OutcomeUnknown


class Breaker:
    """Opens after `failures` consecutive failures for `seconds`, then lets one call through as a probe.

    Only BankUnavailable and OutcomeUnknown are failures: a refusal proves that the core is well.
    """

    def __init__(self, failures: int = 5, seconds: float = 10.0, clock: Callable[[], float] = monotonic) -> None:
        self._breaker = CircuitBreaker(
            fail_max=failures,
            reset_timeout=seconds,
            exclude=[lambda error: not isinstance(error, (BankUnavailable, OutcomeUnknown))],
            state_storage=_MonotonicStorage(clock),
            throw_new_error_on_trip=False,
        )
        self._probe = threading.Lock()

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Run the body and count its outcome. Raises BankUnavailable, without running it, while the breaker is open."""
        probing = self._breaker.current_state != STATE_CLOSED
        # pybreaker lets every caller through once half-open; a core that just came back should meet one.
        if probing and not self._probe.acquire(blocking=False):
            raise BankUnavailable("circuit breaker open, probe under way")
        try:
            # Not `call`: pybreaker holds its lock for as long as the called function runs, one customer at a time.
            with self._breaker.calling():
                yield
        except CircuitBreakerError as error:
            raise BankUnavailable("circuit breaker open") from error
        finally:
            if probing:
                self._probe.release()


class _MonotonicStorage(CircuitMemoryStorage):
    """Measures the open time on `clock`; pybreaker compares with the wall clock, which can be set back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__(STATE_CLOSED)
        self._clock = clock
        self._opened: float | None = None

    @property
    def opened_at(self) -> datetime | None:
        if self._opened is None:
            return None
        return datetime.now(timezone.utc) - timedelta(seconds=self._clock() - self._opened)

    @opened_at.setter
    def opened_at(self, _: datetime) -> None:
        # A straggler that fails while the breaker is open already must not make it stay open longer.
        if self.state != STATE_OPEN:
            self._opened = self._clock()
