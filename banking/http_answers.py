"""What an answer of the core bank means: the value it carries, or the right error of the port.

The rule for writes is that only the core's own words count. Its error body with a 4xx status is a decision, its 503
`core_down` says that nothing was touched; everything else that is not a readable success (5xx, HTML, a redirect, a
proxy's 429, another shape) leaves the outcome unknown. A read in the same case simply failed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import is_dataclass
from typing import Any, TypeVar

from banking.http_transport import Answer
from banking.http_wire import WireError, decode, parse_object
from banking.port import BankContractBroken, BankError, BankRefused, BankUnavailable, OutcomeUnknown

T = TypeVar("T")
Decoder = Callable[[dict[str, Any]], T]

SUCCESS = frozenset({200, 201})
UNDECIDED = frozenset({408, 425, 429})
"""4xx statuses that, without the core's error body, come from something on the way and not from a decision."""


def _code_of(refusal: type[BankRefused]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", refusal.__name__).lower()


REFUSALS: dict[str, type[BankRefused]] = {_code_of(refusal): refusal for refusal in BankRefused.__subclasses__()}
"""Core error code -> class: the port names its classes after the codes."""


def _is_refusal(status: int) -> bool:
    return 400 <= status < 500


def lost(write: bool, why: str) -> BankError:
    """The error for an answer that cannot be used."""
    return OutcomeUnknown(why) if write else BankUnavailable(why)


def understand(answer: Answer, decoder: Decoder[T], write: bool) -> T:
    """The value in `answer`. Raises the BankError that fits."""
    try:
        content = parse_object(answer.body)
        if answer.status in SUCCESS:
            return decoder(content)
        error = content["error"]
        code, message, details = error["code"], error["message"], error.get("details") or {}
    except (WireError, TypeError, KeyError, AttributeError) as unreadable:
        raise _error_without_words(answer.status, write, str(unreadable)) from unreadable
    raise _error_in_words(answer.status, str(code), str(message), details, write)


def _error_without_words(status: int, write: bool, why: str) -> BankError:
    if _is_refusal(status) and status not in UNDECIDED:
        return BankContractBroken(f"status {status} without an error of the core: {why}")
    return lost(write, f"status {status}, unreadable: {why}")


def _error_in_words(status: int, code: str, message: str, details: object, write: bool) -> BankError:
    if status == 503 and code == "core_down":
        return BankUnavailable(message)
    if code == "idempotency_in_flight" or not _is_refusal(status):
        return lost(write, f"status {status} {code}: {message}")
    refusal = REFUSALS.get(code)
    if refusal is None:
        return BankContractBroken(f"status {status} {code}: {message}")
    carries_details = is_dataclass(refusal)
    try:
        return decode(refusal, details) if carries_details else refusal(message)
    except WireError as error:
        return BankContractBroken(f"status {status} {code}: {error}")
