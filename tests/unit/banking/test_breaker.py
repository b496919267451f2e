"""The circuit breaker's states on a clock that the test moves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from banking.breaker import Breaker
from banking.port import BankError, BankUnavailable, InsufficientFunds, OutcomeUnknown


class Clock:
    """Seconds that pass when told."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(failures=5, seconds=10, clock=clock)


def call(breaker: Breaker, error: BankError | None = None) -> None:
    with breaker.guard():
        if error is not None:
            raise error


@contextmanager
def expect_open() -> Iterator[None]:
    with pytest.raises(BankUnavailable, match="circuit breaker open"):
        yield


def fail(breaker: Breaker, times: int, error: BankError) -> None:
    for _ in range(times):
        with pytest.raises(type(error), match="broken"):
            call(breaker, error)


@pytest.mark.parametrize("error", [BankUnavailable("broken"), OutcomeUnknown("broken")])
def test_it_opens_after_five_failures_and_every_failure_keeps_its_own_error(breaker: Breaker, error: BankError) -> None:
    fail(breaker, 5, error)
    with expect_open():
        call(breaker)


def test_a_success_or_a_refusal_in_between_starts_the_count_again(breaker: Breaker) -> None:
    for interruption in (None, InsufficientFunds(1)):
        fail(breaker, 4, BankUnavailable("broken"))
        if interruption is None:
            call(breaker)
        else:
            with pytest.raises(InsufficientFunds):
                call(breaker, interruption)
    fail(breaker, 4, BankUnavailable("broken"))
    call(breaker)


def test_refusals_never_open_it(breaker: Breaker) -> None:
    for _ in range(20):
        with pytest.raises(InsufficientFunds):
            call(breaker, InsufficientFunds(1))
    call(breaker)


def test_a_good_probe_closes_it(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 5, BankUnavailable("broken"))
    clock.now += 9.9
    with expect_open():
        call(breaker)
    clock.now += 0.2
    call(breaker)
    fail(breaker, 4, BankUnavailable("broken"))
    call(breaker)


def test_a_refused_probe_closes_it_too(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 5, BankUnavailable("broken"))
    clock.now += 11
    with pytest.raises(InsufficientFunds):
        call(breaker, InsufficientFunds(1))
    call(breaker)


def test_a_bad_probe_opens_it_for_another_ten_seconds(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 5, BankUnavailable("broken"))
    clock.now += 11
    fail(breaker, 1, OutcomeUnknown("broken"))
    clock.now += 9.9
    with expect_open():
        call(breaker)
    clock.now += 0.2
    call(breaker)


def test_only_one_probe_at_a_time(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 5, BankUnavailable("broken"))
    clock.now += 11
    with breaker.guard(), expect_open():
        call(breaker)
    call(breaker)


def test_a_straggler_that_fails_late_does_not_prolong_the_pause(breaker: Breaker, clock: Clock) -> None:
    with pytest.raises(OutcomeUnknown), breaker.guard():
        fail(breaker, 5, BankUnavailable("broken"))
        clock.now += 9
        raise OutcomeUnknown
    clock.now += 2
    call(breaker)


def test_calls_run_side_by_side(breaker: Breaker) -> None:
    together = threading.Barrier(10, timeout=2)

    def meet() -> None:
        with breaker.guard():
            together.wait()

    threads = [threading.Thread(target=meet) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not together.broken
