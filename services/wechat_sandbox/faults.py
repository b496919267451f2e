"""Faults of the API on request: what Tencent does on its bad days, for the next calls of one API."""

from dataclasses import dataclass

KINDS = ("errcode", "html_502", "timeout", "lost_reply", "slow")


@dataclass
class Fault:
    """`api` is a path after /cgi-bin/ or "*"; `times` calls are left.

    errcode: refused with `errcode`, nothing is done. html_502: a gateway's page, nothing is done. timeout: the
    connection closes after `seconds` without an answer, nothing is done. lost_reply: done, and the connection closes
    without an answer. slow: done after `seconds`.
    """

    api: str
    kind: str
    times: int
    errcode: int = -1
    seconds: float = 0.0


class Faults:
    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._waiting.append(fault)

    def clear(self) -> None:
        self._waiting = []

    def take(self, api: str) -> Fault | None:
        """The oldest fault that fits, used up by one call."""
        for fault in self._waiting:
            if fault.api in (api, "*"):
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None
