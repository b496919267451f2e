"""Reports in one turn, the bank's own numbers, fields in the customer's words."""

from collections.abc import Callable

import pytest

from actions.care import ActionReportScam, ActionRequestHuman, FileComplaintForm
from actions.care_queries import contact_in, is_ours
from actions.story_fields import AddressField, MachineField, StoryField
from actions.turn import Turn
from banking.memory import MemoryBank
from tests.unit.actions.stage import Stage


def _turn(text: str, intent: str = "inform") -> Turn:
    return Turn({"text": text, "intent": {"name": intent}})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("02161234567是不是你们银行的号", "02161234567"),
        ("400-000-0000打给我的", "400-000-0000"),
        ("139****5678说是你们行的", "139****5678"),
        ("110打来的", "110"),
        ("让我点 http://WWW.zhanggui.example.top/x 真的吗", "www.zhanggui.example.top"),
        ("刚才打我电话的是你们行吗", None),
    ],
)
def test_the_number_or_host_that_is_meant(text: str, said: str | None) -> None:
    assert contact_in(text) == said


@pytest.mark.parametrize(
    ("said", "ours"),
    [
        ("400-000-0000", True),
        ("4000000000", True),
        ("106900000000", True),
        ("www.zhanggui.example", True),
        ("40000000001", False),
        ("1069000000001", False),
        ("www.zhanggui.example.top", False),
        ("wwwzhanggui.example", False),
        ("139****5678", False),
    ],
)
def test_only_what_the_bank_has_published_is_its_own(said: str, ours: bool) -> None:
    assert is_ours(said) is ours


def test_a_scam_report_ends_whatever_is_under_way(stage: Callable[..., Stage], bank: MemoryBank) -> None:
    play = stage(login="lina", form="transfer_money_form")
    payee = bank.payees(str(play.session))[0]
    account = bank.accounts(str(play.session))[0]
    draft = bank.draft_transfer(str(play.session), account.id, payee.id, 100_00)
    play.slots.update(transfer_draft=draft.id, transfer_amount=100_00)
    said = play.run(ActionReportScam(), "我被骗了", "report_scam")
    assert said == ["utter_report_scam", "utter_report_scam_stopped", "utter_report_scam_done"]
    assert bank.draft(str(play.session), draft.id).state == "CANCELLED"
    assert play.form is None and play.slots["transfer_amount"] is None


def test_a_visitor_is_told_the_hotline(stage: Callable[..., Stage]) -> None:
    assert stage(login=None).run(ActionRequestHuman(), "转人工", "request_human") == ["utter_request_human_visitor"]


@pytest.mark.parametrize("login", [None, "lina"])
def test_where_a_person_can_take_over_nobody_is_called_back(stage: Callable[..., Stage], login: str | None) -> None:
    play = stage(login=login)
    play.desk = True
    assert play.run(ActionRequestHuman(), "我要找真人聊", "request_human") == [None]
    assert play.messages[0]["custom"] == {"type": "transfer"}
    assert not play.slots.get("service_request")


def test_a_lost_answer_to_a_visitor_is_asked_for_again_under_the_same_key(
    stage: Callable[..., Stage], bank: MemoryBank
) -> None:
    play = stage(login=None, form="file_complaint_form")
    bank.fault = "core_slow"
    assert play.run(FileComplaintForm(), "昨天排队两个小时没有人管", "file_complaint") == []
    assert play.asked == "service_retry"
    bank.fault = "none"
    assert play.run(FileComplaintForm(), "再试一次", "affirm") == ["utter_visitor_ticket"]
    assert play.form is None and len(bank._visitor_tickets) == 1


def test_a_visitor_may_think_better_of_it(stage: Callable[..., Stage], bank: MemoryBank) -> None:
    play = stage(login=None, form="file_complaint_form")
    play.run(FileComplaintForm(), "我要投诉", "file_complaint")
    assert play.run(FileComplaintForm(), "算了", "deny") == ["utter_service_cancelled"]
    assert bank._visitor_tickets == {}


def test_a_long_first_sentence_tells_the_story_a_short_one_does_not() -> None:
    field = StoryField("text", "file_complaint")
    assert field.hear(_turn("我要投诉", "file_complaint"), asked=False) is None
    assert field.hear(_turn("你们柜员态度太差了，我要投诉", "file_complaint"), asked=False)
    assert field.hear(_turn("不对，是人民路支行", "out_of_scope"), asked=False) == "是人民路支行"


def test_room_is_left_for_questions_and_for_giving_up() -> None:
    field = StoryField("text", "file_complaint")
    assert not field.claims(_turn("查余额", "check_balance"))
    assert not field.claims(_turn("取消", "cancel"))
    assert not field.claims(_turn("我的卡刚刚被人盗刷了，快冻结", "dispute_transaction"))
    assert not field.claims(_turn("好的", "affirm"))
    assert field.claims(_turn("柜台说系统坏了让我下周再来", "explain_account_restriction"))


def test_where_to_post_and_which_machine() -> None:
    address = AddressField("address", 4, 100)
    assert address.hear(_turn("卡坏了换一张，寄到南京市鼓楼区中山路18号"), asked=False) == "南京市鼓楼区中山路18号"
    assert address.hear(_turn("卡坏了换一张"), asked=False) is None
    machine = MachineField("machine", longest=60)
    assert machine.hear(_turn("在南京路支行的取款机取钱少了500"), asked=False) == "南京路支行"
    assert machine.hear(_turn("机器编号A0217没吐钱"), asked=False) == "A0217"
