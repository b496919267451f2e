"""What comes of a call to WeChat: its error codes (HTTP is 200 for all of them) as few reasons, and what to do then."""

from dataclasses import dataclass
from enum import Enum


class Reason(str, Enum):
    """Why a call did not succeed."""

    BUSY = "busy"  # WeChat's servers, after several tries
    UNREACHABLE = "unreachable"  # the call did not get there, after several tries
    UNCONFIRMED = "unconfirmed"  # it may have got there: no answer in time, or one that cannot be read
    STORE = "store"  # our own store: no token can be had
    TOKEN = "token"
    CREDENTIALS = "credentials"
    IP_NOT_LISTED = "ip_not_listed"
    DAILY_LIMIT = "daily_limit"
    TOO_FAST = "too_fast"
    WINDOW_CLOSED = "window_closed"  # the customer has been quiet for too long, or follows no more
    QUOTA_SPENT = "quota_spent"
    NO_PERMISSION = "no_permission"
    CUSTOMER_REFUSES = "customer_refuses"
    BAD_OPENID = "bad_openid"
    TOO_LONG = "too_long"
    UNKNOWN = "unknown"


REASONS = {
    -1: Reason.BUSY,
    40001: Reason.TOKEN,
    40014: Reason.TOKEN,
    42001: Reason.TOKEN,
    40013: Reason.CREDENTIALS,
    40125: Reason.CREDENTIALS,
    40164: Reason.IP_NOT_LISTED,
    45009: Reason.DAILY_LIMIT,
    45011: Reason.TOO_FAST,
    45015: Reason.WINDOW_CLOSED,
    45047: Reason.QUOTA_SPENT,
    48001: Reason.NO_PERMISSION,
    48002: Reason.CUSTOMER_REFUSES,
    40003: Reason.BAD_OPENID,
    45002: Reason.TOO_LONG,
}
# Nobody is there: waiting for the customer's next message would not help. What is too long is split then.
_HOPELESS = {Reason.BAD_OPENID}


class ApiError(Exception):
    """A call without success. Holds no word of the answer and no address: both may name the token."""

    def __init__(self, reason: Reason, code: int | None = None) -> None:
        super().__init__(reason.value if code is None else f"{reason.value} ({code})")
        self.reason, self.code = reason, code


@dataclass(frozen=True)
class Sent:
    """WeChat took it."""


@dataclass(frozen=True)
class Later:
    """Not now: to be kept, and given with the answer to the customer's next message."""

    reason: Reason


@dataclass(frozen=True)
class Never:
    """Not in this form or to nobody: keeping it would not help."""

    reason: Reason


Outcome = Sent | Later | Never


def outcome(error: ApiError) -> Later | Never:
    """What to do with a message that could not be sent."""
    return Never(error.reason) if error.reason in _HOPELESS else Later(error.reason)
