"""The page behind a one-time link: who gets in, which PINs it takes, what it stores."""

import re
from urllib.parse import urlparse

import pytest
from httpx import Response

from services.core_bank.card.pins import weakness
from tests.unit.services.core_bank.harness import Customer, World

OLD = "246813"
NEW = "830264"


def link_for(customer: Customer, kind: str = "change_pin", tail: str = "6789") -> str:
    response = customer.post("/v1/drafts", {"kind": kind, "card_id": customer.card(tail)["id"]})
    assert response.status_code == 201, response.text
    draft_id = response.json()["id"]
    customer.authorise(draft_id)
    [line] = customer.confirm(draft_id).json()["result"]["lines"]
    return urlparse(line["value"]).path


def send(world: World, path: str, **fields: str) -> Response:
    return world.client.post(path, data=fields)


def pin_of(customer: Customer, tail: str = "6789") -> str:
    card_id = customer.card(tail)["id"]
    return next(str(one["pin"]) for one in customer.get("/v1/card-features")["features"] if one["card_id"] == card_id)


def test_the_page_asks_for_the_old_pin_and_lets_nothing_in(world: World, zhangwei: Customer) -> None:
    page = world.client.get(link_for(zhangwei))
    assert page.status_code == 200 and "尾号6789" in page.text and 'name="old"' in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert page.headers["Cache-Control"] == "no-store" and page.headers["Referrer-Policy"] == "no-referrer"
    assert "<script" not in page.text
    assert 'name="old"' not in world.client.get(link_for(zhangwei, "reset_pin")).text


def test_a_link_works_once(world: World, zhangwei: Customer) -> None:
    path = link_for(zhangwei)
    assert send(world, path, old=OLD, new=NEW, again="830265").status_code == 422
    assert send(world, path, old=OLD, new=NEW, again=NEW).status_code == 200
    for again in (world.client.get(path), send(world, path, old=NEW, new="592016", again="592016")):
        assert again.status_code == 404 and "失效" in again.text
    assert send(world, link_for(zhangwei), old=OLD, new="592016", again="592016").status_code == 422
    assert send(world, link_for(zhangwei), old=NEW, new="592016", again="592016").status_code == 200


def test_a_link_lives_five_minutes(world: World, zhangwei: Customer) -> None:
    path = link_for(zhangwei)
    world.advance(minutes=4, seconds=50)
    assert world.client.get(path).status_code == 200
    world.advance(seconds=15)
    assert world.client.get(path).status_code == 404
    assert world.client.get("/sandbox/pin/madeup").status_code == 404


def test_three_wrong_old_pins_lock_it_until_it_is_reset(world: World, zhangwei: Customer) -> None:
    path = link_for(zhangwei)
    statuses = [send(world, path, old="999111", new=NEW, again=NEW).status_code for _ in range(4)]
    assert statuses == [422, 422, 403, 404]
    assert pin_of(zhangwei) == "locked"
    refused = zhangwei.post("/v1/drafts", {"kind": "change_pin", "card_id": zhangwei.card("6789")["id"]})
    assert refused.json()["error"]["details"]["rule"] == "pin_locked"
    assert send(world, link_for(zhangwei, "reset_pin"), new=NEW, again=NEW).status_code == 200
    assert pin_of(zhangwei) == "set"


def test_the_old_pin_is_not_a_new_one_and_an_oversized_form_is_nothing(world: World, zhangwei: Customer) -> None:
    path = link_for(zhangwei, "reset_pin")
    assert "不能和原来的一样" in send(world, path, new=OLD, again=OLD).text
    assert send(world, path, new="8" * 2_000, again=NEW).status_code == 422
    assert send(world, path, new=NEW, again=NEW).status_code == 200


def test_no_pin_is_stored_as_typed(world: World, zhangwei: Customer) -> None:
    send(world, link_for(zhangwei, "reset_pin"), new=NEW, again=NEW)
    with world.client.app.state.bank.db.read() as conn:  # type: ignore[attr-defined]
        hashes = conn.exec_driver_sql("SELECT pin_hash FROM card_features").scalars().all()
    assert all(re.match(r"\$argon2id\$", stored) for stored in hashes)
    assert not any(NEW in stored for stored in hashes)


@pytest.mark.parametrize(
    "pin",
    [
        "",
        "12345",
        "1234567",
        "12345a",
        "１２３４５６",
        "111111",
        "121212",
        "123456",
        "654321",
        "890123",
        "112233",
        "147147",
        "380001",
    ],
)
def test_weak_pins(pin: str) -> None:
    assert weakness(pin, "13800010001")


def test_good_pins() -> None:
    assert [weakness(pin, "13800010001") for pin in (OLD, NEW, "592016")] == [None] * 3
