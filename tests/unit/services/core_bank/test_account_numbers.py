"""Typed account numbers: sealed, bound to a session, forgotten when nobody used them."""

import sqlalchemy as sa
from httpx import Response

from services.core_bank.payees.tables import typed_numbers
from tests.unit.services.core_bank.harness import Customer, World, error_of

NUMBER = "6222020200112233446"


def hold(customer: Customer, number: str) -> Response:
    return customer.request("POST", "/v1/account-numbers", {"number": number}, role="channel")


def add(customer: Customer, reference: str, name: str = "赵敏") -> Response:
    body = {"kind": "add_payee", "number_reference": reference, "name": name}
    return customer.post("/v1/drafts", body)


def test_only_the_bank_and_the_tail_come_back(zhangwei: Customer) -> None:
    held = hold(zhangwei, NUMBER)
    assert held.status_code == 201
    assert {key: held.json()[key] for key in ("bank", "tail")} == {"bank": "工商银行", "tail": "3446"}
    assert NUMBER not in held.text and not any(char.isdigit() for char in held.json()["reference"])
    assert hold(zhangwei, "6229990000000000001").json()["bank"] is None


def test_numbers_that_are_none(zhangwei: Customer) -> None:
    for number in ("", "123", NUMBER[:-1] + "7", NUMBER + "00", "６２２２020200112233446"):
        assert error_of(hold(zhangwei, number))[1] in ("account_number_invalid", "validation_error")


def test_a_number_is_sealed(world: World, zhangwei: Customer) -> None:
    reference = hold(zhangwei, NUMBER).json()["reference"]
    bank = world.client.app.state.bank  # type: ignore[attr-defined]
    with bank.db.read() as conn:
        row = conn.execute(sa.select(typed_numbers).where(typed_numbers.c.reference == reference)).one()
    assert NUMBER not in str(tuple(row)) and NUMBER[:12] not in str(tuple(row))
    assert bank.sms_cipher().decrypt(row.sealed.encode()).decode() == NUMBER


def test_a_reference_counts_in_its_own_session_only(world: World, zhangwei: Customer) -> None:
    reference = hold(zhangwei, NUMBER).json()["reference"]
    for other in (world.sign_in("zhangwei"), world.sign_in("lina")):
        refused = add(other, reference)
        assert refused.json()["error"]["details"]["rule"] == "number_expired"
    assert add(zhangwei, reference).status_code == 201


def test_an_unused_number_is_forgotten(world: World, zhangwei: Customer) -> None:
    reference = hold(zhangwei, NUMBER).json()["reference"]
    world.advance(minutes=31)
    hold(world.sign_in("zhangwei"), NUMBER)
    bank = world.client.app.state.bank  # type: ignore[attr-defined]
    with bank.db.read() as conn:
        kept = conn.execute(sa.select(typed_numbers.c.reference)).scalars().all()
    assert reference not in kept
