"""Orders at the API: their echo, their refusals, confirming without a code where none is needed."""

from datetime import datetime
from typing import Any, Literal

import pytest
from sqlalchemy.engine import Connection, Row

from services.core_bank import sessions
from services.core_bank.drafts import KINDS, machine
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from tests.unit.services.core_bank.harness import Customer


class RingRequest(DraftRequest):
    kind: Literal["ring"] = "ring"
    times: int


class Ring(Order):
    name = "ring"
    needs_code = False
    Request = RingRequest

    def propose(self, conn: Connection, applicant: Applicant, request: RingRequest) -> Offer:
        return Offer(f"响铃{request.times}次", [("次数", str(request.times))])

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        return Receipt("ZG-1", now, [("已响", str(asked(draft)["times"]))])


def test_without_a_code_where_being_signed_in_is_enough(zhangwei: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "ring", Ring())
    bank = zhangwei.world.client.app.state.bank  # type: ignore[attr-defined]
    caller = sessions.authenticate(bank, zhangwei.session)
    draft = machine.create(bank, caller, RingRequest(times=3))
    assert draft["needs_code"] is False
    assert draft["order"] == {"asked": {"times": 3}, "lines": [{"label": "次数", "value": "3"}]}
    answers = [machine.confirm(bank, caller, draft["id"], draft["id"]) for _ in range(2)]
    assert answers[0] == answers[1]
    assert '"lines":[{"label":"已响","value":"3"}]' in answers[0].body


@pytest.mark.parametrize(
    ("amount_fen", "status", "code", "rule"),
    [
        (4_286_36, 409, "not_possible", "above_debt"),
        (0, 422, "amount_invalid", None),
        ("x", 422, "amount_invalid", None),
    ],
)
def test_a_repayment_that_cannot_be(
    reader: Customer, amount_fen: Any, status: int, code: str, rule: str | None
) -> None:
    body = {
        "kind": "repay_credit_card",
        "account_id": reader.account("8812")["id"],
        "from_account_id": reader.account("6789")["id"],
        "amount_fen": amount_fen,
    }
    answer = reader.post("/v1/drafts", body)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["code"] == code
    assert error["details"].get("rule") == rule
