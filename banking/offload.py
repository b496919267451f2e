"""Calls the synchronous port from an event loop without ever holding the loop up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from banking.port import WRITES, BankUnavailable, OutcomeUnknown

P = ParamSpec("P")
T = TypeVar("T")


class OffLoop:
    """A pool of threads for the bank alone: slow calls hold up neither the loop nor, up to `threads`, each other."""

    def __init__(self, threads: int = 32, timeout: float = 8.0) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="core-bank")
        self._timeout = timeout

    async def call(self, method: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`method(*args, **kwargs)` of the port, in a thread, answered within the timeout (seconds) for certain.

        Raises what the method raises. In time out: BankUnavailable for a read and for a write that no thread had
        taken up yet, OutcomeUnknown for a write under way (which goes on to its end).
        """
        future = self._executor.submit(method, *args, **kwargs)
        answer = asyncio.wrap_future(future)
        await asyncio.wait({answer}, timeout=self._timeout)
        if answer.done():
            return answer.result()
        if future.cancel() or method.__name__ not in WRITES:
            raise BankUnavailable(f"{method.__name__}: no answer in {self._timeout} s")
        raise OutcomeUnknown(f"{method.__name__}: no answer in {self._timeout} s")

    def close(self) -> None:
        """Take no more calls and drop the waiting ones; those under way go on to their end."""
        self._executor.shutdown(wait=False, cancel_futures=True)


call = OffLoop().call
"""`OffLoop.call` of the process: actions need no pool of their own."""
