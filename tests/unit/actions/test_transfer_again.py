from collections.abc import Callable

import pytest

from actions.transfer import ActionTransferMoney, ValidateTransferMoneyForm
from actions.turn import Turn
from banking.memory import MemoryBank
from tests.unit.actions.stage import Stage

FORM = "transfer_money_form"


@pytest.fixture
def transferred(stage: Callable[..., Stage], bank: MemoryBank) -> Stage:
    """A stage after 500 yuan went from the second account to 李娜."""
    play = stage(form=FORM)
    play.run(ValidateTransferMoneyForm(), "用尾号1122的卡给李娜转500", "transfer_money", ("李娜",))
    play.run(ValidateTransferMoneyForm(), "确认", "affirm")
    bank.submit_code(str(play.session), bank.last_code("zhangwei"))
    play.code = "accepted"
    play.run(ValidateTransferMoneyForm(), "", "inform")
    assert play.run(ActionTransferMoney(), "", "inform") == ["utter_transfer_done"]
    play.code, play.slots["requested_slot"] = None, None
    return play


def _drafted(play: Stage, bank: MemoryBank) -> tuple[int, str, str]:
    transfer = bank.draft(str(play.session), play.slots["transfer_draft"]).transfer
    assert transfer is not None
    return transfer.amount_fen, transfer.payee.tail, transfer.from_account.tail


@pytest.mark.parametrize(
    ("text", "intent", "persons", "drafted"),
    [
        ("一样的再来一次", "inform", (), (50000, "3344", "1122")),
        ("再转一笔一样的", "transfer_money", (), (50000, "3344", "1122")),
        ("一样的再给我妈转一笔", "transfer_money", ("我妈",), (50000, "9900", "1122")),
        ("再给他转300", "transfer_money", (), (30000, "3344", "6789")),
        ("同样的再来一笔，800元", "inform", (), (80000, "3344", "1122")),
    ],
)
def test_what_is_left_unsaid_is_as_before(
    transferred: Stage,
    bank: MemoryBank,
    text: str,
    intent: str,
    persons: tuple[str, ...],
    drafted: tuple[int, str, str],
) -> None:
    transferred.form = FORM
    assert transferred.run(ValidateTransferMoneyForm(), text, intent, persons) == []
    assert transferred.asked == "transfer_confirmed"
    assert _drafted(transferred, bank) == drafted


def test_a_new_transfer_asks_to_whom(transferred: Stage) -> None:
    transferred.form = FORM
    transferred.run(ValidateTransferMoneyForm(), "再转一笔", "transfer_money")
    assert transferred.asked == "transfer_payee"


def test_a_figure_that_was_not_understood_is_asked_for_never_replaced(transferred: Stage) -> None:
    transferred.form = FORM
    transferred.run(ValidateTransferMoneyForm(), "同样的再来一笔，这次八白", "inform")
    assert (transferred.asked, transferred.slots["transfer_payee_name"]) == ("transfer_amount", "李娜")


def test_nobody_was_paid_before(stage: Callable[..., Stage]) -> None:
    play = stage(form=FORM)
    assert play.run(ValidateTransferMoneyForm(), "再给他转500", "transfer_money") == ["utter_transfer_nobody_before"]
    assert play.asked == "transfer_payee"


def test_another_account_is_offered(stage: Callable[..., Stage]) -> None:
    play = stage(form=FORM)
    play.run(ValidateTransferMoneyForm(), "给李娜转500", "transfer_money", ("李娜",))
    assert play.run(ValidateTransferMoneyForm(), "换一张卡", "replace_card") == []
    assert play.asked == "transfer_account"
    assert [choice["tail"] for choice in play.slots["transfer_account_choices"]] == ["1122"]


def test_the_only_account_pays(stage: Callable[..., Stage]) -> None:
    play = stage(login="lina", form=FORM)
    play.run(ValidateTransferMoneyForm(), "给张伟转50", "transfer_money", ("张伟",))
    assert play.run(ValidateTransferMoneyForm(), "换个账户", "faq") == ["utter_transfer_only_account"]
    assert play.asked == "transfer_confirmed"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("换一张卡", True),
        ("换张卡付", True),
        ("换个账户", True),
        ("用别的卡", True),
        ("换另外一张银行卡", True),
        ("我要换一张新卡", False),
        ("卡坏了想换卡", False),
        ("换成6789那张", False),
    ],
)
def test_another_card_or_account(text: str, wanted: bool) -> None:
    assert Turn({"text": text}).wants_another_account() is wanted
