"""Freezing, loss reports, unfreezing."""

from tests.unit.services.core_bank.harness import Customer, World, error_of


def test_freezing_twice_changes_once(world: World, zhangwei: Customer) -> None:
    card_id = zhangwei.card("6789")["id"]
    first = zhangwei.post(f"/v1/cards/{card_id}/freeze", {}, key="one").json()
    assert first["changed"] is True and first["card"]["state"] == "frozen"
    second = zhangwei.post(f"/v1/cards/{card_id}/freeze", {}, key="two").json()
    assert second["changed"] is False and second["card"] == first["card"]
    assert world.ledger()["cards"]["zhangwei/6789"] == "frozen"


def test_the_state_since_moves_with_the_state(zhangwei: Customer) -> None:
    before = zhangwei.card("6789")["state_since"]
    zhangwei.frozen_card()
    assert zhangwei.card("6789")["state_since"] > before


def test_a_frozen_card_may_be_reported_lost_and_a_report_is_made_once(zhangwei: Customer) -> None:
    card_id = zhangwei.frozen_card()
    first = zhangwei.post(f"/v1/cards/{card_id}/loss-report", {}, key="one").json()
    assert first["changed"] is True and first["card"]["state"] == "lost" and first["report_no"].startswith("GS")
    second = zhangwei.post(f"/v1/cards/{card_id}/loss-report", {}, key="two").json()
    assert second == first | {"changed": False}


def test_a_lost_card_can_not_be_frozen(zhangwei: Customer) -> None:
    card_id = zhangwei.card("6789")["id"]
    zhangwei.post(f"/v1/cards/{card_id}/loss-report", {}, key="lost")
    response = zhangwei.post(f"/v1/cards/{card_id}/freeze", {}, key="freeze")
    assert error_of(response) == (409, "card_state_conflict", {"state": "lost"})


def test_card_operations_need_a_key(zhangwei: Customer) -> None:
    for operation in ("freeze", "loss-report"):
        path = f"/v1/cards/{zhangwei.card('6789')['id']}/{operation}"
        assert error_of(zhangwei.post(path, {}))[:2] == (400, "idempotency_key_missing")
    assert zhangwei.card("6789")["state"] == "active"


def test_unfreezing_needs_a_code(world: World, zhangwei: Customer) -> None:
    card_id = zhangwei.frozen_card("8812")
    draft = zhangwei.post("/v1/drafts", {"kind": "unfreeze_card", "card_id": card_id}).json()
    assert draft["canonical_text"] == "解除信用卡（尾号8812）的冻结，恢复使用"
    assert draft["card"]["state"] == "frozen" and draft["transfer"] is None and draft["risk"] == "blue"
    assert error_of(zhangwei.confirm(draft["id"]))[:2] == (403, "code_required")
    zhangwei.authorise(draft["id"])
    done = zhangwei.confirm(draft["id"]).json()
    assert done["state"] == "DONE" and done["card"]["state"] == "active" and done["result"]["receipt_no"]
    assert world.ledger()["cards"]["zhangwei/8812"] == "active"


def test_only_frozen_cards_are_unfrozen(zhangwei: Customer) -> None:
    card_id = zhangwei.card("6789")["id"]
    response = zhangwei.post("/v1/drafts", {"kind": "unfreeze_card", "card_id": card_id})
    assert error_of(response) == (409, "card_state_conflict", {"state": "active"})
    assert error_of(zhangwei.post("/v1/drafts", {"kind": "unfreeze_card", "card_id": "x"}))[1] == "card_not_found"


def test_a_card_lost_in_between_stays_lost(world: World, zhangwei: Customer) -> None:
    card_id = zhangwei.frozen_card()
    draft_id = zhangwei.post("/v1/drafts", {"kind": "unfreeze_card", "card_id": card_id}).json()["id"]
    zhangwei.authorise(draft_id)
    zhangwei.post(f"/v1/cards/{card_id}/loss-report", {}, key="lost")
    assert error_of(zhangwei.confirm(draft_id)) == (409, "card_state_conflict", {"state": "lost"})
    assert zhangwei.state(draft_id) == "AUTHORISED" and world.ledger()["cards"]["zhangwei/6789"] == "lost"
