"""Red drafts wait for a second person, and are checked again when one says yes."""

from tests.unit.services.core_bank.harness import Customer, World, error_of


def in_review(zhangwei: Customer) -> str:
    draft_id = zhangwei.authorised(20_000_01)
    response = zhangwei.confirm(draft_id)
    assert response.json()["state"] == "REVIEW" and response.json()["result"] is None
    return draft_id


def test_review_approves(world: World, zhangwei: Customer) -> None:
    draft_id = in_review(zhangwei)
    before = world.ledger()
    world.advance(minutes=20)  # a draft in review does not expire
    approved = world.review(draft_id, True).json()
    assert approved["state"] == "DONE" and approved["result"]["receipt_no"]
    assert world.ledger()["postings"] == before["postings"] + 2
    assert error_of(world.review(draft_id, True)) == (409, "draft_closed", {"state": "DONE"})
    assert zhangwei.confirm(draft_id).json()["state"] == "REVIEW"  # the replay of what was answered then


def test_review_rejects(world: World, zhangwei: Customer) -> None:
    draft_id = in_review(zhangwei)
    before = world.ledger()
    assert world.review(draft_id, False).json()["state"] == "REJECTED"
    assert world.ledger() == before
    assert error_of(world.review(draft_id, True)) == (409, "draft_closed", {"state": "REJECTED"})


def test_review_checks_everything_again(world: World, zhangwei: Customer) -> None:
    draft_id = in_review(zhangwei)
    zhangwei.frozen_card()
    assert error_of(world.review(draft_id, True)) == (409, "card_not_usable", {"state": "frozen"})
    assert zhangwei.state(draft_id) == "REVIEW"


def test_review_may_be_cancelled_by_the_customer(world: World, zhangwei: Customer) -> None:
    draft_id = in_review(zhangwei)
    assert zhangwei.post(f"/v1/drafts/{draft_id}/cancel").json()["state"] == "CANCELLED"
    assert error_of(world.review(draft_id, True)) == (409, "draft_closed", {"state": "CANCELLED"})


def test_review_of_what_is_not_in_review(world: World, zhangwei: Customer) -> None:
    draft_id = zhangwei.authorised(20_000_01)
    assert error_of(world.review(draft_id, True)) == (409, "draft_closed", {"state": "AUTHORISED"})
    assert error_of(world.review("x", True))[:2] == (404, "draft_not_found")
    for reviewer in ("", "x" * 65):
        assert error_of(world.review(draft_id, True, reviewer))[1] == "validation_error"


def test_a_red_draft_that_could_not_go_on_is_not_sent_to_review(world: World, zhangwei: Customer) -> None:
    draft_id = zhangwei.authorised(20_000_01)
    zhangwei.frozen_card()
    assert error_of(zhangwei.confirm(draft_id))[1] == "card_not_usable"
    assert zhangwei.state(draft_id) == "AUTHORISED"
