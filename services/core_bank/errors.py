"""Every refusal the core bank can give: one table of code -> HTTP status and operator message."""

from typing import Any

CATALOGUE: dict[str, tuple[int, str]] = {
    "service_unauthorized": (401, "missing or unknown service token"),
    "forbidden_role": (403, "this service token may not use this route"),
    "bad_credentials": (401, "unknown login or wrong password"),
    "sign_in_locked": (429, "too many failed sign-ins, try again later"),
    "ticket_invalid": (401, "sign-in ticket unknown, used, expired or made for another channel"),
    "attempt_invalid": (404, "no such attempt to bind a WeChat, or it is over"),
    "not_bound": (404, "no customer has bound this WeChat"),
    "session_invalid": (401, "customer session missing, unknown or expired"),
    "account_not_found": (404, "no such account"),
    "card_not_found": (404, "no such card"),
    "payee_not_found": (404, "no such payee"),
    "draft_not_found": (404, "no such draft"),
    "amount_invalid": (422, "amount_fen must be an integer from 1 to 9999999999"),
    "insufficient_funds": (409, "the paying account does not hold enough"),
    "limit_exceeded": (409, "over the transfer limit"),
    "account_restricted": (403, "the account may not make this payment"),
    "card_not_usable": (409, "the card of the paying account is frozen or lost"),
    "payee_unavailable": (409, "the payee cannot be paid"),
    "account_number_invalid": (422, "not a card number: 16 to 19 digits with a right check digit"),
    "card_state_conflict": (409, "the card's state does not allow this"),
    "not_possible": (409, "the bank does not do this for this customer, at this moment or in this form"),
    "draft_closed": (409, "the draft is no longer open for this"),
    "draft_expired": (409, "the draft has expired"),
    "code_required": (403, "the draft is not authorised by a one-time code"),
    "code_wrong": (403, "wrong one-time code"),
    "code_expired": (403, "the one-time code has expired"),
    "code_dead": (409, "this one-time code is used up or was replaced, and none is awaited"),
    "code_locked": (403, "too many wrong codes, the draft is dead"),
    "no_open_challenge": (409, "this session waits for no one-time code"),
    "code_malformed": (422, "a one-time code is six ASCII digits"),
    "too_many_codes": (429, "too many one-time codes sent"),
    "risk_question_open": (409, "the risk question is not answered"),
    "risk_refused": (403, "the customer called the operation suspicious"),
    "idempotency_key_missing": (400, "Idempotency-Key is required"),
    "idempotency_key_invalid": (400, "Idempotency-Key must be 1 to 255 printable ASCII characters"),
    "idempotency_mismatch": (422, "this Idempotency-Key was used for another request"),
    "idempotency_in_flight": (409, "a request with this Idempotency-Key is still running"),
    "validation_error": (422, "the request does not have the documented form"),
    "world_not_found": (404, "no such sandbox world"),
    "world_exists": (409, "a sandbox world of this name exists"),
    "not_found": (404, "no such route"),
    "method_not_allowed": (405, "this route does not know this method"),
    "core_down": (503, "the core bank is not available, nothing was done"),
    "internal": (500, "internal error"),
}


class BankError(Exception):
    """A refusal. `code` is a key of CATALOGUE; `details` are JSON-ready."""

    def __init__(self, code: str, details: dict[str, Any] | None = None, message: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.status, default = CATALOGUE[code]
        self.message = message or default
        self.details: dict[str, Any] = details or {}

    def body(self) -> dict[str, Any]:
        return {"error": {"code": self.code, "message": self.message, "details": self.details}}


def not_possible(rule: str, reason: str) -> BankError:
    """A service that is refused by its own rules.

    `rule` is its name; `reason` is Chinese, fit for the customer, and says what to do instead.
    """
    return BankError("not_possible", {"rule": rule, "reason": reason})
