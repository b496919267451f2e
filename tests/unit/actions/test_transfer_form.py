from collections.abc import Callable

import pytest

from actions.transfer import (
    ActionAskTransferMoneyFormTransferPayee,
    ActionTransferMoney,
    ValidateTransferMoneyForm,
)
from banking.memory import MemoryBank
from tests.unit.actions.stage import Stage

FORM = "transfer_money_form"


@pytest.fixture
def confirming(stage: Callable[..., Stage]) -> Stage:
    """A stage at the confirmation of 500 yuan to 李娜."""
    play = stage(form=FORM)
    assert play.run(ValidateTransferMoneyForm(), "给李娜转500", "transfer_money", ("李娜",)) == []
    assert play.asked == "transfer_confirmed"
    return play


def test_all_at_once_makes_a_draft_and_asks_for_confirmation(confirming: Stage, bank: MemoryBank) -> None:
    draft = bank.draft(str(confirming.session), confirming.slots["transfer_draft"])
    assert draft.transfer is not None
    assert (draft.transfer.amount_fen, draft.transfer.payee.tail, draft.state) == (50000, "3344", "DRAFT")
    assert confirming.slots["transfer_summary"] == draft.canonical_text


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("给李娜转三五千", "utter_transfer_amount_approximate"),
        ("给李娜转0元", "utter_transfer_amount_zero"),
        ("给李娜转-200元", "utter_transfer_amount_negative"),
        ("给李娜转500.555元", "utter_transfer_amount_ambiguous"),
        ("给李娜转100美元", "utter_transfer_amount_foreign_currency"),
        ("给李娜转5", "utter_transfer_amount_check"),
        ("给李娜转999999999999元", "utter_transfer_amount_invalid"),
        ("给李娜转500元加800元", "utter_transfer_amount_several"),
    ],
)
def test_an_unsafe_amount_fills_nothing_and_keeps_the_payee(
    stage: Callable[..., Stage], text: str, response: str
) -> None:
    play = stage(form=FORM)
    assert play.run(ValidateTransferMoneyForm(), text, "transfer_money", ("李娜",)) == [response]
    assert play.slots["transfer_amount"] is None
    assert play.slots["transfer_payee_name"] == "李娜"
    assert play.asked == "transfer_amount"


def test_the_button_of_a_checked_amount_fills_it(stage: Callable[..., Stage]) -> None:
    play = stage(form=FORM)
    play.run(ValidateTransferMoneyForm(), "给李娜转5", "transfer_money", ("李娜",))
    play.run(ValidateTransferMoneyForm(), "", "inform", amount_ref="500")
    assert (play.slots["transfer_amount"], play.asked) == (500, "transfer_confirmed")


def test_confirming_sends_a_code_and_moves_nothing(confirming: Stage, bank: MemoryBank) -> None:
    before = bank.accounts(str(confirming.session))
    confirming.run(ValidateTransferMoneyForm(), "确认", "affirm")
    assert confirming.asked == "transfer_code"
    assert bank.accounts(str(confirming.session)) == before
    assert len(bank.last_code("zhangwei")) == 6


@pytest.mark.parametrize(
    ("text", "persons", "amount", "tail"),
    [
        ("确认,改成转900", (), 90000, "3344"),
        ("对,转给妈妈", ("妈妈",), 50000, "9900"),
        ("好的用尾号1122付", (), 50000, "3344"),
    ],
)
def test_confirming_and_changing_at_once_is_a_change(
    confirming: Stage, bank: MemoryBank, text: str, persons: tuple[str, ...], amount: int, tail: str
) -> None:
    old = confirming.slots["transfer_draft"]
    confirming.run(ValidateTransferMoneyForm(), text, "affirm", persons)
    new = bank.draft(str(confirming.session), confirming.slots["transfer_draft"])
    assert confirming.asked == "transfer_confirmed"
    assert new.transfer is not None
    assert (new.transfer.amount_fen, new.transfer.payee.tail) == (amount, tail)
    assert bank.draft(str(confirming.session), old).state == "CANCELLED"


def test_saying_the_same_name_again_changes_nothing(confirming: Stage) -> None:
    old = confirming.slots["transfer_draft"]
    confirming.run(ValidateTransferMoneyForm(), "对,就是李娜", "inform", ("李娜",))
    assert confirming.slots["transfer_draft"] == old


def test_an_earlier_sentence_is_not_read_again(confirming: Stage) -> None:
    confirming.run(ValidateTransferMoneyForm(), "不是李娜,转给妈妈", "correct_value", ("妈妈",))
    confirming.run(ValidateTransferMoneyForm(), "", "affirm", any_button="x")
    assert (confirming.slots["transfer_payee_name"], confirming.asked) == ("张秀英", "transfer_code")


@pytest.mark.parametrize("intent", ["check_balance", "freeze_card", "greet"])
def test_another_service_is_left_to_the_rules(confirming: Stage, intent: str) -> None:
    before = dict(confirming.slots)
    assert confirming.run(ValidateTransferMoneyForm(), "李娜的卡6789", intent, ("李娜",)) == []
    assert confirming.slots == before


def test_refusing_at_the_confirmation_cancels_the_draft(confirming: Stage, bank: MemoryBank) -> None:
    draft = confirming.slots["transfer_draft"]
    assert confirming.run(ValidateTransferMoneyForm(), "不", "deny") == ["utter_transfer_cancelled"]
    assert (confirming.form, confirming.slots["transfer_draft"]) == (None, None)
    assert bank.draft(str(confirming.session), draft).state == "CANCELLED"


def test_a_core_that_is_down_keeps_what_was_said(stage: Callable[..., Stage], bank: MemoryBank) -> None:
    play = stage(form=FORM)
    bank.fault = "core_down"
    play.run(ValidateTransferMoneyForm(), "给我妈转500", "transfer_money", ("妈",))
    assert play.asked == "transfer_retry"
    bank.fault = "none"
    play.run(ValidateTransferMoneyForm(), "再试一次", "affirm")
    assert (play.slots["transfer_payee_name"], play.slots["transfer_amount"], play.asked) == (
        "张秀英",
        50000,
        "transfer_confirmed",
    )


@pytest.fixture
def authorised(confirming: Stage, bank: MemoryBank) -> Stage:
    """A stage whose draft was authorised by the right code."""
    confirming.run(ValidateTransferMoneyForm(), "确认", "affirm")
    bank.submit_code(str(confirming.session), bank.last_code("zhangwei"))
    confirming.code = "accepted"
    confirming.run(ValidateTransferMoneyForm(), "", "inform", any_button="x")
    assert confirming.asked is None
    return confirming


def _balance(stage: Stage, bank: MemoryBank) -> int:
    return next(account.balance_fen for account in bank.accounts(str(stage.session)) if account.tail == "6789")


def test_a_right_code_lets_the_submit_action_transfer(authorised: Stage, bank: MemoryBank) -> None:
    before = _balance(authorised, bank)
    assert authorised.run(ActionTransferMoney(), "", "inform", any_button="x") == ["utter_transfer_done"]
    assert _balance(authorised, bank) == before - 50000
    assert authorised.slots["transfer_draft"] is None


def test_a_lost_reply_is_found_out_not_called_failed(authorised: Stage, bank: MemoryBank) -> None:
    before = _balance(authorised, bank)
    bank.fault = "core_drop_reply"
    said = authorised.run(ActionTransferMoney(), "", "inform", any_button="x")
    assert said == ["utter_transfer_unknown", "utter_transfer_done"]
    assert _balance(authorised, bank) == before - 50000


def test_a_core_that_is_down_at_the_end_keeps_the_draft_and_asks_again(authorised: Stage, bank: MemoryBank) -> None:
    before = _balance(authorised, bank)
    bank.fault = "core_down"
    assert authorised.run(ActionTransferMoney(), "", "inform", any_button="x") == ["utter_transfer_unavailable"]
    bank.fault = "none"
    assert _balance(authorised, bank) == before
    authorised.form, authorised.code = FORM, None
    authorised.run(ValidateTransferMoneyForm(), "", "transfer_money", any_button="x")
    assert authorised.asked == "transfer_confirmed"


def test_without_an_accepted_code_the_submit_action_does_nothing(confirming: Stage, bank: MemoryBank) -> None:
    before = _balance(confirming, bank)
    assert confirming.run(ActionTransferMoney(), "确认", "affirm") == []
    assert _balance(confirming, bank) == before


@pytest.mark.parametrize(
    ("result", "response"),
    [
        ("wrong", "utter_bank_code_wrong"),
        ("malformed", "utter_bank_code_malformed"),
        ("unavailable", "utter_bank_code_unavailable"),
    ],
)
def test_a_code_that_was_not_accepted_is_asked_for_again(confirming: Stage, result: str, response: str) -> None:
    confirming.run(ValidateTransferMoneyForm(), "确认", "affirm")
    confirming.code = result
    assert confirming.run(ValidateTransferMoneyForm(), "", "inform", any_button="x") == [response]
    assert confirming.asked == "transfer_code"


def test_an_anonymous_visitor_is_asked_to_sign_in(stage: Callable[..., Stage]) -> None:
    play = stage(login=None, form=FORM)
    assert play.run(ValidateTransferMoneyForm(), "给李娜转500", "transfer_money", ("李娜",)) == [
        "utter_bank_sign_in_required"
    ]
    assert play.form is None


def _offered(play: Stage) -> list[str]:
    """What the question for the payee says: the response, then the titles of its buttons."""
    (response,) = play.run(ActionAskTransferMoneyFormTransferPayee(), "", "inform")
    return [response, *(button["title"] for button in play.messages[0]["buttons"])]


@pytest.fixture
def misheard(stage: Callable[..., Stage]) -> Stage:
    """A stage at the question whether 李娜 was meant."""
    play = stage(form=FORM)
    assert play.run(ValidateTransferMoneyForm(), "给李那转500", "transfer_money", ("李那",)) == []
    return play


SOUNDS_LIKE = ["utter_transfer_payee_sounds_like", "李娜（本行 尾号3344）"]


def test_a_name_that_sounds_like_a_payee_is_offered_not_assumed(misheard: Stage) -> None:
    assert (misheard.slots["transfer_payee"], misheard.asked) == (None, "transfer_payee")
    assert _offered(misheard) == SOUNDS_LIKE
    assert misheard.messages[0]["names"] == "李娜（本行 尾号3344）"


def test_the_button_of_an_offered_payee_fills_it(misheard: Stage) -> None:
    _offered(misheard)
    payload = misheard.messages[0]["buttons"][0]["payload"]
    misheard.run(ValidateTransferMoneyForm(), "", "inform", payee_ref=payload.split('"')[3])
    assert (misheard.slots["transfer_payee_name"], misheard.asked) == ("李娜", "transfer_confirmed")
    assert misheard.slots["transfer_amount"] == 50000


def test_yes_to_the_only_one_offered_fills_it(misheard: Stage) -> None:
    misheard.run(ValidateTransferMoneyForm(), "是的", "affirm")
    assert (misheard.slots["transfer_payee_name"], misheard.asked) == ("李娜", "transfer_confirmed")


@pytest.mark.parametrize(("text", "persons"), [("不是", ()), ("不是李娜", ("李娜",))])
def test_no_to_an_offered_payee_asks_for_the_name_again(misheard: Stage, text: str, persons: tuple[str, ...]) -> None:
    misheard.run(ValidateTransferMoneyForm(), text, "deny", persons)
    assert (misheard.slots["transfer_payee"], misheard.asked) == (None, "transfer_payee")
    assert misheard.slots["transfer_payee_choices"] is None


def test_another_name_instead_of_the_offered_one_is_taken(misheard: Stage) -> None:
    misheard.run(ValidateTransferMoneyForm(), "不是,给我妈", "deny", ("妈",))
    assert misheard.slots["transfer_payee_name"] == "张秀英"


@pytest.mark.parametrize("text", ["什么意思", "转800", "你们行的"])
def test_anything_else_offers_the_payee_again(misheard: Stage, text: str) -> None:
    misheard.run(ValidateTransferMoneyForm(), text, "inform")
    assert misheard.slots["transfer_payee"] is None
    assert _offered(misheard) == SOUNDS_LIKE


def test_a_retry_is_no_yes_to_an_offered_payee(misheard: Stage, bank: MemoryBank) -> None:
    bank.fault = "core_down"
    misheard.run(ValidateTransferMoneyForm(), "不是", "deny")
    bank.fault = "none"
    misheard.run(ValidateTransferMoneyForm(), "再试一次", "affirm")
    assert (misheard.slots["transfer_payee"], misheard.asked) == (None, "transfer_payee")


def test_of_several_that_sound_alike_yes_chooses_none(stage: Callable[..., Stage]) -> None:
    play = stage(form=FORM)
    play.run(ValidateTransferMoneyForm(), "给王墙转500", "transfer_money", ("王墙",))
    both = ["utter_transfer_payee_sounds_like", "王强（工商银行 尾号5566）", "王强（建设银行 尾号7788）"]
    assert _offered(play) == both
    play.run(ValidateTransferMoneyForm(), "是的", "affirm")
    assert _offered(play) == both
    play.run(ValidateTransferMoneyForm(), "建行那个", "inform")
    assert (play.slots["transfer_payee_name"], play.asked) == ("王强", "transfer_confirmed")
