"""The life of a draft: words, refusals, replacement, expiry, cancellation, risk."""

import pytest
import sqlalchemy as sa

from services.core_bank.tables import accounts, payees
from tests.unit.services.core_bank.harness import Customer, World, error_of, noon


def test_the_canonical_text_names_everything(zhangwei: Customer) -> None:
    draft = zhangwei.draft(500_00, note="房租")
    assert draft["canonical_text"] == (
        "从借记卡（尾号6789）向李娜（本行，尾号3344）转账 ¥500.00（伍佰元整），手续费 ¥0.00"
    )
    assert draft["state"] == "DRAFT" and draft["risk"] == "blue" and draft["risk_reasons"] == []
    assert draft["challenge"] is None and draft["result"] is None and draft["card"] is None
    assert draft["transfer"] == {
        "amount_fen": 500_00,
        "fee_fen": 0,
        "amount_upper": "伍佰元整",
        "from": {"id": zhangwei.account("6789")["id"], "name": "借记卡", "tail": "6789"},
        "payee": {"id": zhangwei.payee("3344")["id"], "name": "李娜", "bank": "本行", "tail": "3344"},
        "note": "房租",
    }
    assert zhangwei.get(f"/v1/drafts/{draft['id']}") == draft


@pytest.mark.parametrize(
    "amount", [0, -1, 99_999_999_99 + 1, 10**30, 1.0, 500.5, "500", "１２３", True, None, [], {}, "NaN"]
)
def test_amounts_that_are_none(reader: Customer, amount: object) -> None:
    assert error_of(reader.ask_transfer(amount)) == (422, "amount_invalid", {})


def test_bodies_that_are_no_draft(reader: Customer) -> None:
    good = reader.transfer_request(100)
    bad = [
        {},
        {"kind": "wire"},
        {**good, "kind": None},
        {name: value for name, value in good.items() if name != "amount_fen"},
        {**good, "customer_id": "cu_x"},
        {**good, "note": "字" * 31},
        {**good, "note": "a\nb"},
        {**good, "payee_id": 7},
        {"kind": "unfreeze_card"},
        {"kind": "unfreeze_card", "card_id": "x", "amount_fen": 1},
    ]
    for body in bad:
        assert error_of(reader.post("/v1/drafts", body))[:2] == (422, "validation_error"), body


def test_refusals_before_a_draft_is_made(world: World, zhangwei: Customer) -> None:
    assert error_of(zhangwei.ask_transfer(3_200_01, account="1122")) == (
        409,
        "insufficient_funds",
        {"available_fen": 3_200_00},
    )
    for account, word in (("time_deposit", "定期"), ("8812", "信用卡"), ("mortgage", "贷款")):
        status, code, details = error_of(zhangwei.ask_transfer(1_00, account=account))
        assert (status, code) == (403, "account_restricted") and word in details["reason"]
    assert error_of(zhangwei.ask_transfer(50_000_01))[2]["remaining_fen"] == 50_000_00
    request = zhangwei.transfer_request(1_00)
    assert error_of(zhangwei.post("/v1/drafts", request | {"payee_id": "x"}))[:2] == (404, "payee_not_found")
    assert error_of(zhangwei.post("/v1/drafts", request | {"from_account_id": "x"}))[:2] == (404, "account_not_found")
    zhangwei.frozen_card()
    assert error_of(zhangwei.ask_transfer(1_00)) == (409, "card_not_usable", {"state": "frozen"})


def test_a_restricted_account_pays_nobody(world: World) -> None:
    zhaolei = world.sign_in("zhaolei")
    body = {"kind": "transfer", "from_account_id": zhaolei.account("7070")["id"], "payee_id": "x", "amount_fen": 1}
    status, code, details = error_of(zhaolei.post("/v1/drafts", body))
    assert (status, code) == (403, "account_restricted") and "非柜面" in details["reason"]


def test_payees_that_can_not_be_paid(world: World, zhangwei: Customer) -> None:
    """Our own account as payee, and one that was closed after the draft was made."""
    bank = world.client.app.state.bank  # type: ignore[attr-defined]
    lina, own = zhangwei.payee("3344")["id"], zhangwei.account("6789")["id"]
    draft_id = zhangwei.authorised()

    def point_at(account_id: str | None) -> None:
        change = sa.update(payees).where(payees.c.id == lina).values(account_id=account_id)
        bank.db.transact(lambda conn: conn.execute(change))

    with bank.db.read() as conn:
        account_id = conn.execute(sa.select(payees.c.account_id).where(payees.c.id == lina)).scalar_one()
    for unusable, word in ((own, "相同"), (None, "不存在")):
        point_at(unusable)
        status, code, details = error_of(zhangwei.ask_transfer(1_00))
        assert (status, code) == (409, "payee_unavailable") and word in details["reason"]
    point_at(account_id)
    close = sa.update(accounts).where(accounts.c.id == account_id).values(state="closed")
    bank.db.transact(lambda conn: conn.execute(close))
    status, code, details = error_of(zhangwei.confirm(draft_id))
    assert (status, code) == (409, "payee_unavailable") and "销户" in details["reason"]
    assert zhangwei.state(draft_id) == "AUTHORISED"


def test_a_refused_confirmation_changes_nothing_and_may_be_tried_again(world: World, lina: Customer) -> None:
    zhangwei = world.sign_in("zhangwei")
    draft_id = lina.authorised(7_000_00, payee="6789", account="3344")
    other = lina.authorised(4_000_00, payee="6789", account="3344")
    assert lina.confirm(other).status_code == 200
    assert error_of(lina.confirm(draft_id)) == (409, "insufficient_funds", {"available_fen": 4_000_00})
    assert lina.state(draft_id) == "AUTHORISED"
    zhangwei.confirm(zhangwei.authorised(3_000_00))
    assert lina.confirm(draft_id).json()["state"] == "DONE"


def test_limit_is_checked_again_at_confirmation(zhangwei: Customer) -> None:
    drafts = [zhangwei.authorised(17_000_00) for _ in range(3)]
    answers = [zhangwei.confirm(draft) for draft in drafts]
    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert error_of(answers[2]) == (
        409,
        "limit_exceeded",
        {"kind": "daily", "limit_fen": 50_000_00, "remaining_fen": 16_000_00},
    )
    assert zhangwei.get("/v1/limits")["remaining_today_fen"] == 16_000_00


def test_replacing_cancels_the_old_draft_and_kills_its_code(zhangwei: Customer) -> None:
    old = zhangwei.draft(500_00)
    code = zhangwei.challenge(old["id"])
    new = zhangwei.draft(600_00, replaces=old["id"])
    assert zhangwei.state(old["id"]) == "CANCELLED"
    assert error_of(zhangwei.submit(code))[:2] == (409, "code_dead")
    assert error_of(zhangwei.confirm(old["id"])) == (409, "draft_closed", {"state": "CANCELLED"})
    zhangwei.authorise(new["id"])
    assert zhangwei.confirm(new["id"]).json()["transfer"]["amount_fen"] == 600_00


def test_an_authorised_draft_dies_when_replaced(zhangwei: Customer) -> None:
    old = zhangwei.authorised(500_00)
    zhangwei.draft(600_00, replaces=old)
    assert error_of(zhangwei.confirm(old)) == (409, "draft_closed", {"state": "CANCELLED"})


def test_a_refused_replacement_leaves_the_old_draft(zhangwei: Customer) -> None:
    old = zhangwei.draft(500_00)
    assert error_of(zhangwei.ask_transfer(0, replaces=old["id"]))[1] == "amount_invalid"
    assert zhangwei.state(old["id"]) == "DRAFT"


def test_dead_drafts_may_be_replaced_and_done_ones_not(world: World, zhangwei: Customer) -> None:
    done = zhangwei.authorised()
    zhangwei.confirm(done)
    assert error_of(zhangwei.ask_transfer(1_00, replaces=done)) == (409, "draft_closed", {"state": "DONE"})
    dead = zhangwei.draft()
    world.advance(minutes=10)
    assert zhangwei.ask_transfer(1_00, replaces=dead["id"]).status_code == 201
    assert error_of(zhangwei.ask_transfer(1_00, replaces="x"))[1] == "draft_not_found"


def test_drafts_expire_after_ten_minutes(world: World, zhangwei: Customer) -> None:
    fresh, authorised = zhangwei.draft(), zhangwei.authorised()
    world.advance(minutes=9, seconds=50)
    assert zhangwei.state(fresh["id"]) == "DRAFT"
    world.advance(seconds=10)
    for draft_id in (fresh["id"], authorised):
        assert zhangwei.state(draft_id) == "EXPIRED"
        assert error_of(zhangwei.post(f"/v1/drafts/{draft_id}/challenge"))[:2] == (409, "draft_expired")
        assert error_of(zhangwei.confirm(draft_id))[:2] == (409, "draft_expired")
        assert error_of(zhangwei.post(f"/v1/drafts/{draft_id}/cancel"))[:2] == (409, "draft_expired")


def test_cancelling(zhangwei: Customer) -> None:
    challenged, authorised, done = zhangwei.draft(), zhangwei.authorised(), zhangwei.authorised()
    code = zhangwei.challenge(challenged["id"])
    zhangwei.confirm(done)
    for draft_id in (challenged["id"], authorised):
        assert zhangwei.post(f"/v1/drafts/{draft_id}/cancel").json()["state"] == "CANCELLED"
        assert error_of(zhangwei.confirm(draft_id)) == (409, "draft_closed", {"state": "CANCELLED"})
    assert error_of(zhangwei.submit(code))[1] == "code_dead"
    assert error_of(zhangwei.post(f"/v1/drafts/{done}/cancel")) == (409, "draft_closed", {"state": "DONE"})


def test_drafts_are_listed_newest_first(zhangwei: Customer) -> None:
    first, second = zhangwei.draft(1_00), zhangwei.draft(2_00)
    card = zhangwei.frozen_card("8812")
    third = zhangwei.post("/v1/drafts", {"kind": "unfreeze_card", "card_id": card}).json()
    listed = zhangwei.get("/v1/drafts")["drafts"]
    assert [draft["id"] for draft in listed] == [third["id"], second["id"], first["id"]]
    assert [draft["id"] for draft in zhangwei.get("/v1/drafts?kind=transfer&limit=1")["drafts"]] == [second["id"]]
    assert error_of(zhangwei.request("GET", "/v1/drafts?limit=0"))[1] == "validation_error"


def risk_of(draft: dict) -> tuple[str, list[str], bool]:
    return draft["risk"], draft["risk_reasons"], draft["risk_question_open"]


def test_risk_levels_by_day(zhangwei: Customer) -> None:
    assert risk_of(zhangwei.draft(20_000_00)) == ("blue", [], False)
    assert risk_of(zhangwei.draft(20_000_01)) == ("red", ["above_review"], True)
    assert risk_of(zhangwei.draft(5_000_00, payee="7788")) == ("blue", [], False)
    assert risk_of(zhangwei.draft(5_000_01, payee="7788")) == ("yellow", ["new_payee"], True)
    assert risk_of(zhangwei.draft(20_000_01, payee="7788")) == ("red", ["new_payee", "above_review"], True)


@pytest.mark.parametrize(
    ("hour", "minute", "night"), [(22, 59, False), (23, 0, True), (0, 0, True), (5, 59, True), (6, 0, False)]
)
def test_risk_by_night(world: World, hour: int, minute: int, night: bool) -> None:
    world.set_clock(noon().replace(hour=hour, minute=minute))
    zhangwei = world.sign_in("zhangwei")
    expected = ("yellow", ["night"], True) if night else ("blue", [], False)
    assert risk_of(zhangwei.draft(5_000_01)) == expected
    assert risk_of(zhangwei.draft(5_000_00)) == ("blue", [], False)


def test_the_risk_question_comes_before_the_code(zhangwei: Customer) -> None:
    draft_id = zhangwei.draft(6_000_00, payee="7788")["id"]
    assert error_of(zhangwei.post(f"/v1/drafts/{draft_id}/challenge"))[:2] == (409, "risk_question_open")
    assert error_of(zhangwei.confirm(draft_id))[:2] == (403, "code_required")
    answered = zhangwei.post(f"/v1/drafts/{draft_id}/risk-answer", {"suspicious": False}).json()
    assert answered["state"] == "DRAFT" and answered["risk_question_open"] is False
    zhangwei.authorise(draft_id)
    assert zhangwei.confirm(draft_id).json()["state"] == "DONE"


def test_a_suspicious_transfer_is_refused_for_good(world: World, zhangwei: Customer) -> None:
    draft_id = zhangwei.draft(6_000_00, payee="7788")["id"]
    refused = zhangwei.post(f"/v1/drafts/{draft_id}/risk-answer", {"suspicious": True}).json()
    assert refused["state"] == "REFUSED" and refused["risk_question_open"] is False
    for path in ("challenge", "cancel"):
        assert error_of(zhangwei.post(f"/v1/drafts/{draft_id}/{path}"))[:2] == (403, "risk_refused")
    assert error_of(zhangwei.confirm(draft_id))[:2] == (403, "risk_refused")
    again = zhangwei.post(f"/v1/drafts/{draft_id}/risk-answer", {"suspicious": False})
    assert error_of(again)[:2] == (403, "risk_refused")


def test_second_thoughts_after_the_code_still_stop_it(zhangwei: Customer) -> None:
    draft_id = zhangwei.authorised(6_000_00, payee="7788")
    assert zhangwei.post(f"/v1/drafts/{draft_id}/risk-answer", {"suspicious": True}).json()["state"] == "REFUSED"
    assert error_of(zhangwei.confirm(draft_id))[1] == "risk_refused"


def test_blue_drafts_ask_nothing(zhangwei: Customer) -> None:
    draft_id = zhangwei.draft()["id"]
    for answer in ({"suspicious": False}, {"suspicious": "no"}, {"suspicious": 0}, {}):
        response = zhangwei.post(f"/v1/drafts/{draft_id}/risk-answer", answer)
        assert error_of(response)[:2] == (422, "validation_error")


def test_the_receipt_is_on_the_draft(world: World, zhangwei: Customer) -> None:
    draft_id = zhangwei.authorised()
    done = zhangwei.confirm(draft_id).json()
    assert done["result"]["receipt_no"].startswith("ZG") and done["result"]["posted_at"].endswith("+08:00")
    assert zhangwei.get(f"/v1/drafts/{draft_id}") == done
