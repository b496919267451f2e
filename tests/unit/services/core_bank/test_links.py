"""Pages behind one-time links: opening changes nothing, acting works once."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.unit.services.core_bank.harness import Customer, wrong

GONE = 410


def _link(customer: Customer, **order: Any) -> str:
    draft = customer.post("/v1/drafts", order).json()
    if draft["risk_question_open"]:
        customer.post(f"/v1/drafts/{draft['id']}/risk-answer", {"suspicious": False})
    customer.authorise(draft["id"])
    lines = customer.confirm(draft["id"]).json()["result"]["lines"]
    return re.sub(r"^https?://[^/]+", "", next(line["value"] for line in lines if "/once/" in line["value"]))


def _get(customer: Customer, path: str) -> Any:
    return customer.world.client.get(path)


def _send(customer: Customer, path: str, **fields: str) -> Any:
    return customer.world.client.post(path, data=fields)


def test_a_new_phone_is_proved_by_a_code_of_its_own(zhangwei: Customer) -> None:
    link = _link(zhangwei, kind="change_phone")
    assert "新手机号" in _get(zhangwei, link).text
    assert "11 位" in _send(zhangwei, link, phone="12345").text
    assert "139****5678" in _send(zhangwei, link, phone="13912345678").text
    code = zhangwei.world.last_code("zhangwei")
    assert "不对" in _send(zhangwei, link, code=wrong(code)).text
    assert zhangwei.get("/v1/profile")["phone_masked"] == "138****0001"
    assert "已更换" in _send(zhangwei, link, code=code).text
    assert zhangwei.get("/v1/profile")["phone_masked"] == "139****5678"
    assert _get(zhangwei, link).status_code == GONE


def test_after_a_change_of_phone_larger_transfers_wait_for_an_operator(zhangwei: Customer) -> None:
    assert zhangwei.draft(6_000_00)["risk"] == "blue"
    link = _link(zhangwei, kind="change_phone")
    _send(zhangwei, link, phone="13912345678")
    _send(zhangwei, link, code=zhangwei.world.last_code("zhangwei"))
    draft = zhangwei.draft(6_000_00)
    assert (draft["risk"], draft["risk_reasons"]) == ("red", ["phone_changed"])
    assert zhangwei.draft(4_000_00)["risk"] == "blue"
    zhangwei.world.advance(hours=25)
    assert zhangwei.world.sign_in("zhangwei").draft(6_000_00)["risk"] in ("blue", "yellow")


def test_five_wrong_codes_burn_the_link(zhangwei: Customer) -> None:
    link = _link(zhangwei, kind="change_phone")
    _send(zhangwei, link, phone="13912345678")
    guess = wrong(zhangwei.world.last_code("zhangwei"))
    for _ in range(5):
        _send(zhangwei, link, code=guess)
    assert _send(zhangwei, link, code=zhangwei.world.last_code("zhangwei")).status_code == GONE


def test_a_link_sends_three_codes_and_another_one_gives_no_new_tries(zhangwei: Customer) -> None:
    link = _link(zhangwei, kind="change_phone")
    for number in range(3):
        _send(zhangwei, link, phone=f"1391234567{number}")
        answer = _send(zhangwei, link, code=wrong(zhangwei.world.last_code("zhangwei")))
        assert f"还可以再试 {4 - number} 次" in answer.text
    sent = len(zhangwei.world.sandbox("GET", "/sms").json()["messages"])
    refused = _send(zhangwei, link, phone="13912345679").text
    assert "最多发 3 次" in refused and "139****5672" in refused
    assert len(zhangwei.world.sandbox("GET", "/sms").json()["messages"]) == sent
    assert "已更换" in _send(zhangwei, link, code=zhangwei.world.last_code("zhangwei")).text


def test_a_copy_of_ones_data_is_given_once(lina: Customer) -> None:
    link = _link(lina, kind="exercise_data_rights", asked_for="export", consent=None)
    copy = _send(lina, link).json()
    assert copy["person"]["name"] == "李娜"
    assert copy["accounts"] and copy["consents"] and copy["transactions"]
    assert _send(lina, link).status_code == GONE


def test_a_link_is_good_for_a_quarter_of_an_hour(lina: Customer) -> None:
    link = _link(lina, kind="change_phone")
    lina.world.advance(minutes=16)
    assert _get(lina, link).status_code == GONE


@pytest.mark.parametrize("path", ["/sandbox/once/", "/sandbox/once/nothing"])
def test_guessing_finds_nothing(reader: Customer, path: str) -> None:
    assert _get(reader, path).status_code in (404, GONE)


def test_pages_behind_links_are_locked_down_and_refuse_large_forms(zhangwei: Customer) -> None:
    link = _link(zhangwei, kind="change_phone")
    page = _get(zhangwei, link)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and page.headers["Cache-Control"] == "no-store"
    assert _send(zhangwei, link, phone="1" * 5_000).status_code == 413
    assert "新手机号" in _get(zhangwei, link).text, "a refused form burns nothing"
