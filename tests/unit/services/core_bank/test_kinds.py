"""A new kind of draft needs a class and its registration, nothing else; every error code is tried somewhere."""

from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel
from sqlalchemy.engine import Connection, Row

from services.core_bank import codes, sessions, sms
from services.core_bank.drafts import KINDS, machine
from services.core_bank.drafts.base import Applicant, DraftKind, DraftRequest, Proposal, Receipt
from services.core_bank.errors import CATALOGUE
from services.core_bank.risk import NO_RISK
from tests.unit.services.core_bank.harness import Customer


class SetLimitRequest(DraftRequest):
    kind: Literal["set_limit"] = "set_limit"
    daily_fen: int


class SetLimitSection(BaseModel):
    daily_fen: int


class SetLimit(DraftKind):
    name = "set_limit"
    section = "limit"
    Request = SetLimitRequest
    Section = SetLimitSection

    def prepare(self, conn: Connection, applicant: Applicant, request: SetLimitRequest) -> Proposal:
        return Proposal({"daily_fen": request.daily_fen}, "将日累计限额调整为 ¥100.00", NO_RISK)

    def check(self, conn: Connection, draft: Row, now: datetime) -> None:
        pass

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        return Receipt("ZG-1", now)

    def describe(self, conn: Connection, draft: Row) -> dict[str, Any]:
        return dict(draft.payload)


def test_a_new_kind_goes_the_whole_way(zhangwei: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "set_limit", SetLimit())
    bank = zhangwei.world.client.app.state.bank  # type: ignore[attr-defined]
    caller = sessions.authenticate(bank, zhangwei.session)
    draft = machine.create(bank, caller, SetLimitRequest(daily_fen=100_00))
    assert draft["limit"] == {"daily_fen": 100_00} and draft["transfer"] is None
    codes.send(bank, caller, draft["id"])
    with bank.db.read() as conn:
        message = sms.messages(bank, conn, caller.world_id)[-1]
    assert "日累计限额" in message["text"]
    codes.submit(bank, caller, message["code"])
    answer = machine.confirm(bank, caller, draft["id"], key=draft["id"])
    assert answer.status == 200 and '"state":"DONE"' in answer.body
    assert [one["kind"] for one in machine.newest(bank, caller, "set_limit")] == ["set_limit"]


def test_every_error_code_is_tried() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert [code for code in CATALOGUE if f'"{code}"' not in tests] == []
