"""Idempotency-Key: replay, mismatch, in flight, take-over."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from services.core_bank import idempotency, sessions
from services.core_bank.bank import Bank, Caller
from services.core_bank.errors import BankError
from services.core_bank.tables import idempotency_keys
from tests.unit.services.core_bank.harness import Customer, World, error_of


def inside(customer: Customer) -> tuple[Bank, Caller]:
    """The bank behind the HTTP interface, and the customer as it knows them."""
    bank = customer.world.client.app.state.bank  # type: ignore[attr-defined]
    return bank, sessions.authenticate(bank, customer.session)


def test_the_key_is_required(zhangwei: Customer) -> None:
    draft_id = zhangwei.authorised()
    response = zhangwei.post(f"/v1/drafts/{draft_id}/confirm", {})
    assert error_of(response)[:2] == (400, "idempotency_key_missing")
    assert zhangwei.state(draft_id) == "AUTHORISED"


@pytest.mark.parametrize("key", ["", "k" * 256, "two\twords", "schl\u00fcssel"])
def test_keys_that_are_none(reader: Customer, key: str) -> None:
    headers: Any = [
        (b"Authorization", b"Bearer actions-token-for-tests"),
        (b"X-Customer-Session", reader.session.encode()),
        (b"Idempotency-Key", key.encode()),
    ]
    response = reader.world.client.post("/v1/drafts/x/confirm", json={}, headers=headers)
    assert error_of(response)[:2] == (400, "idempotency_key_invalid")


def test_the_longest_key(zhangwei: Customer) -> None:
    assert zhangwei.confirm(zhangwei.authorised(), key="~" * 255).status_code == 200


def test_a_key_used_for_something_else_is_a_mismatch(world: World, zhangwei: Customer) -> None:
    first, second = zhangwei.authorised(100_00), zhangwei.authorised(200_00)
    assert zhangwei.confirm(first, key="key").status_code == 200
    assert error_of(zhangwei.confirm(second, key="key"))[:2] == (422, "idempotency_mismatch")
    other_body = zhangwei.confirm(first, key="key", body={"amount_fen": 999_00})
    assert error_of(other_body)[:2] == (422, "idempotency_mismatch")
    freeze = zhangwei.post(f"/v1/cards/{zhangwei.card('6789')['id']}/freeze", {}, key="key")
    assert error_of(freeze)[:2] == (422, "idempotency_mismatch")
    assert world.balance("lina/3344") == 8_100_00 and zhangwei.card("6789")["state"] == "active"


def test_confirm_carries_nothing(zhangwei: Customer) -> None:
    draft_id = zhangwei.authorised()
    for body in ({"amount_fen": 1}, [], "x", 0):
        assert error_of(zhangwei.confirm(draft_id, body=body))[:2] == (422, "validation_error")
    assert zhangwei.confirm(draft_id).status_code == 200


def test_no_body_and_an_empty_body_are_the_same_request(zhangwei: Customer) -> None:
    draft_id = zhangwei.authorised()
    first = zhangwei.request("POST", f"/v1/drafts/{draft_id}/confirm", None, key=draft_id)
    assert first.status_code == 200 and zhangwei.confirm(draft_id).content == first.content


def test_a_refusal_leaves_the_key_free(zhangwei: Customer) -> None:
    draft = zhangwei.draft()
    assert error_of(zhangwei.confirm(draft["id"]))[1] == "code_required"
    zhangwei.authorise(draft["id"])
    assert zhangwei.confirm(draft["id"]).json()["state"] == "DONE"


def test_keys_belong_to_one_customer(world: World, zhangwei: Customer, lina: Customer) -> None:
    draft_id = zhangwei.authorised()
    done = zhangwei.confirm(draft_id, key="shared")
    theirs = lina.confirm(draft_id, key="shared")
    assert error_of(theirs) == (404, "draft_not_found", {})
    own = lina.authorised(1_00, payee="6789", account="3344")
    assert lina.confirm(own, key="shared").json()["id"] == own != done.json()["id"]


def test_a_freeze_is_replayed_as_it_was_answered(zhangwei: Customer) -> None:
    path = f"/v1/cards/{zhangwei.card('6789')['id']}/freeze"
    first = zhangwei.post(path, {}, key="key")
    second = zhangwei.post(path, {}, key="key")
    assert second.content == first.content and second.json()["changed"] is True


def mark_in_flight(customer: Customer, draft_id: str, age: timedelta) -> None:
    """What a process leaves behind that died between its mark and its effect."""
    bank, caller = inside(customer)
    operation = idempotency.Operation(draft_id, f"/v1/drafts/{draft_id}/confirm", {})
    owner = "a dead process"
    bank.db.transact(lambda conn: idempotency._claim(conn, caller, draft_id, operation.fingerprint(), owner))
    bank.db.transact(
        lambda conn: conn.execute(
            sa.update(idempotency_keys)
            .where(idempotency_keys.c.key == draft_id)
            .values(
                started_at=conn.execute(
                    sa.select(idempotency_keys.c.started_at).where(idempotency_keys.c.key == draft_id)
                ).scalar_one()
                - age
            )
        )
    )


def test_in_flight_is_told_and_nothing_runs(zhangwei: Customer) -> None:
    draft_id = zhangwei.authorised()
    mark_in_flight(zhangwei, draft_id, timedelta(seconds=28))
    assert error_of(zhangwei.confirm(draft_id))[:2] == (409, "idempotency_in_flight")
    assert error_of(zhangwei.confirm(draft_id, body={"x": 1}))[1] == "idempotency_mismatch"
    assert zhangwei.state(draft_id) == "AUTHORISED"


def test_an_old_mark_is_taken_over(world: World, zhangwei: Customer) -> None:
    draft_id = zhangwei.authorised()
    mark_in_flight(zhangwei, draft_id, timedelta(seconds=31))
    done = zhangwei.confirm(draft_id)
    assert done.json()["state"] == "DONE" and zhangwei.confirm(draft_id).content == done.content
    assert world.balance("lina/3344") == 8_500_00


def test_whoever_was_taken_over_can_not_finish(zhangwei: Customer) -> None:
    bank, caller = inside(zhangwei)
    operation = idempotency.Operation("key", "/path", {})

    def slow_effect(conn: Any) -> dict[str, Any]:
        taken = sa.update(idempotency_keys).where(idempotency_keys.c.key == "key").values(owner="another")
        conn.execute(taken)
        return {}

    with pytest.raises(BankError) as refusal:
        idempotency.run(bank, caller, operation, slow_effect)
    assert refusal.value.code == "idempotency_in_flight"


def test_an_unexpected_failure_frees_the_key(zhangwei: Customer) -> None:
    bank, caller = inside(zhangwei)
    operation = idempotency.Operation("key", "/path", {})

    def broken_effect(conn: Any) -> dict[str, Any]:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError):
        idempotency.run(bank, caller, operation, broken_effect)
    assert idempotency.run(bank, caller, operation, lambda conn: {"done": True}).body == '{"done":true}'
