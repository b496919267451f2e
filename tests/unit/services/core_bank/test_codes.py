"""The life of a one-time code."""

import re
from datetime import datetime, timedelta

import sqlalchemy as sa

from services.core_bank.tables import challenges, sms_outbox
from tests.unit.services.core_bank.harness import Customer, World, error_of, wrong


def send(customer: Customer, draft_id: str) -> tuple:
    return error_of(customer.post(f"/v1/drafts/{draft_id}/challenge"))


def test_the_message_says_what_it_is_for_and_the_answer_where_it_went(world: World, zhangwei: Customer) -> None:
    draft = zhangwei.draft(500_00)
    sent = zhangwei.post(f"/v1/drafts/{draft['id']}/challenge").json()
    assert sent["state"] == "CHALLENGED"
    assert sent["challenge"]["sent_to"] == "138****0001" and sent["challenge"]["tries_left"] == 5
    message = world.sandbox("GET", "/sms?login=zhangwei").json()["messages"][-1]
    assert message["phone"] == "13800010001" and re.fullmatch(r"\d{6}", message["code"])
    assert message["code"] in message["text"] and draft["canonical_text"] in message["text"]
    lifetime = datetime.fromisoformat(sent["challenge"]["expires_at"]) - datetime.fromisoformat(message["sent_at"])
    assert lifetime == timedelta(minutes=5)
    assert message["code"] not in str(sent)


def test_the_right_code_authorises(zhangwei: Customer) -> None:
    draft = zhangwei.draft()
    code = zhangwei.challenge(draft["id"])
    assert zhangwei.submit(code).json() == {"draft_id": draft["id"], "kind": "transfer"}
    authorised = zhangwei.get(f"/v1/drafts/{draft['id']}")
    assert authorised["state"] == "AUTHORISED" and authorised["challenge"] is None
    assert zhangwei.submit(code).json() == {"draft_id": draft["id"], "kind": "transfer"}  # typed twice: still that code
    assert error_of(zhangwei.submit(wrong(code)))[:2] == (409, "no_open_challenge")


def test_nothing_waits_for_a_code(zhangwei: Customer) -> None:
    zhangwei.draft()
    for text in ("123456", "5000", "12345678", "x"):
        assert error_of(zhangwei.submit(text))[:2] == (409, "no_open_challenge")


def test_malformed_codes_cost_no_try(zhangwei: Customer) -> None:
    draft = zhangwei.draft()
    code = zhangwei.challenge(draft["id"])
    full_width = code.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})
    for text in ("", "12345", "1234567", "12 456", "abcdef", " " + code, code + "\n", full_width, "-12345"):
        assert error_of(zhangwei.submit(text))[:2] == (422, "code_malformed")
    for body in ({"code": 123456}, {"code": None}, {}, {"code": code, "draft_id": draft["id"]}):
        assert error_of(zhangwei.request("POST", "/v1/codes", body, role="channel"))[1] == "validation_error"
    assert zhangwei.get(f"/v1/drafts/{draft['id']}")["challenge"]["tries_left"] == 5
    assert zhangwei.submit(code).status_code == 200


def test_five_wrong_codes_kill_the_draft(zhangwei: Customer) -> None:
    draft = zhangwei.draft()
    code = zhangwei.challenge(draft["id"])
    for left in (4, 3, 2, 1):
        assert error_of(zhangwei.submit(wrong(code))) == (403, "code_wrong", {"tries_left": left})
    assert error_of(zhangwei.submit(wrong(code)))[:2] == (403, "code_locked")
    assert zhangwei.state(draft["id"]) == "LOCKED"
    assert error_of(zhangwei.submit(code))[1] == "code_dead"
    closed = (409, "draft_closed", {"state": "LOCKED"})
    assert error_of(zhangwei.confirm(draft["id"])) == send(zhangwei, draft["id"]) == closed


def test_a_new_code_kills_the_old_one_and_keeps_the_count(zhangwei: Customer) -> None:
    draft = zhangwei.draft()
    old = zhangwei.challenge(draft["id"])
    for _ in range(3):
        zhangwei.submit(wrong(old))
    new = zhangwei.challenge(draft["id"])
    while new == old:
        new = zhangwei.challenge(draft["id"])
    assert error_of(zhangwei.submit(old)) == (403, "code_wrong", {"tries_left": 1})
    assert zhangwei.submit(new).status_code == 200


def test_codes_expire_after_five_minutes(world: World, zhangwei: Customer) -> None:
    draft = zhangwei.draft()
    code = zhangwei.challenge(draft["id"])
    world.advance(minutes=5)
    assert error_of(zhangwei.submit(code))[:2] == (403, "code_expired")
    assert error_of(zhangwei.submit(wrong(code)))[:2] == (403, "code_expired")
    assert zhangwei.submit(zhangwei.challenge(draft["id"])).status_code == 200


def test_a_code_never_outlives_its_draft(world: World, zhangwei: Customer) -> None:
    draft = zhangwei.draft()
    world.advance(minutes=8)
    sent = zhangwei.post(f"/v1/drafts/{draft['id']}/challenge").json()
    assert sent["challenge"]["expires_at"] == sent["expires_at"]
    world.advance(minutes=2)
    assert error_of(zhangwei.submit(world.last_code("zhangwei")))[1] == "code_dead"


def test_at_most_five_codes_a_draft(zhangwei: Customer) -> None:
    draft = zhangwei.draft()
    for _ in range(5):
        zhangwei.challenge(draft["id"])
    status, code, details = send(zhangwei, draft["id"])
    assert (status, code) == (429, "too_many_codes") and 580 <= details["retry_after"] <= 601
    assert zhangwei.submit(zhangwei.world.last_code("zhangwei")).status_code == 200  # the fifth still counts


def test_at_most_ten_codes_in_any_twenty_four_hours(world: World, zhangwei: Customer) -> None:
    for _ in range(2):
        draft = zhangwei.draft()
        for _ in range(5):
            zhangwei.challenge(draft["id"])
    draft = zhangwei.draft()
    status, code, details = send(zhangwei, draft["id"])
    assert (status, code) == (429, "too_many_codes") and 86_000 < details["retry_after"] <= 86_401
    assert zhangwei.state(draft["id"]) == "DRAFT"
    world.advance(hours=24)
    again = world.sign_in("zhangwei")
    again.challenge(again.draft()["id"])


def test_the_newest_challenge_of_the_session_is_meant(zhangwei: Customer) -> None:
    first, second = zhangwei.draft(100_00), zhangwei.draft(200_00)
    code_of_first = zhangwei.challenge(first["id"])
    code_of_second = zhangwei.challenge(second["id"])
    if code_of_first != code_of_second:
        assert error_of(zhangwei.submit(code_of_first))[1] == "code_wrong"
    assert zhangwei.submit(code_of_second).json()["draft_id"] == second["id"]
    assert zhangwei.submit(code_of_first).json()["draft_id"] == first["id"]


def test_a_code_counts_in_its_own_session_only(world: World, zhangwei: Customer, lina: Customer) -> None:
    draft = zhangwei.draft()
    code = zhangwei.challenge(draft["id"])
    elsewhere = world.sign_in("zhangwei")
    for guess in (code, wrong(code)):  # one answer for both: a guess that costs no try must not tell
        assert error_of(elsewhere.submit(guess))[:2] == (409, "code_dead")
        assert error_of(lina.submit(guess))[:2] == (409, "no_open_challenge")
    assert zhangwei.submit(code).status_code == 200
    assert error_of(elsewhere.confirm(draft["id"]))[:2] == (403, "code_required")
    elsewhere.authorise(draft["id"])  # a fresh code in the new session is the way
    assert error_of(zhangwei.confirm(draft["id"]))[:2] == (403, "code_required")
    assert elsewhere.confirm(draft["id"]).json()["state"] == "DONE"


def test_a_used_code_opens_nothing_again(zhangwei: Customer) -> None:
    draft_id = zhangwei.authorised()
    zhangwei.confirm(draft_id)
    assert error_of(zhangwei.confirm(draft_id, key="another key")) == (409, "draft_closed", {"state": "DONE"})
    assert send(zhangwei, draft_id) == (409, "draft_closed", {"state": "DONE"})


def test_confirming_without_a_right_code(zhangwei: Customer) -> None:
    draft = zhangwei.draft()
    assert error_of(zhangwei.confirm(draft["id"]))[:2] == (403, "code_required")
    code = zhangwei.challenge(draft["id"])
    zhangwei.submit(wrong(code))
    assert error_of(zhangwei.confirm(draft["id"]))[:2] == (403, "code_required")
    zhangwei.submit(code)
    assert zhangwei.confirm(draft["id"]).status_code == 200


def test_no_code_is_readable_in_the_database(world: World, zhangwei: Customer) -> None:
    code = zhangwei.challenge(zhangwei.draft()["id"])
    bank = world.client.app.state.bank  # type: ignore[attr-defined]
    with bank.db.read() as conn:
        dump = str(conn.execute(sa.select(sms_outbox.c.sealed)).all())
        dump += str(conn.execute(sa.select(challenges.c.code_hash)).all())
    assert code not in dump and "13800010001" not in dump
