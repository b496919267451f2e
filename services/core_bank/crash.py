"""Crash points: places where a test may kill the process as `kill -9` would.

Armed by CORE_BANK_CRASH_POINT (read in sandbox mode only) or, in process, by `arm(name)`.
The points of one confirmed transfer, in order: before_debit, after_debit, after_credit, before_audit,
before_commit, after_commit.
"""

import os
import signal

POINTS = ("before_debit", "after_debit", "after_credit", "before_audit", "before_commit", "after_commit")

_armed: str | None = None


def arm(name: str | None) -> None:
    """Raises ValueError for an unknown point; None disarms."""
    global _armed
    if name is not None and name not in POINTS:
        raise ValueError(f"unknown crash point {name!r}, known: {', '.join(POINTS)}")
    _armed = name


def crash_point(name: str) -> None:
    if _armed == name:
        os.kill(os.getpid(), signal.SIGKILL)
