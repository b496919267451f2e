"""What is heard of transfers between own accounts, scheduled ones, wrong ones, and the limit."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from actions.replies import BANK_ZONE
from actions.service_form import ServiceForm
from actions.transfer_services import (
    CancelTransferForm,
    ChangeTransferLimitForm,
    ReportWrongTransferForm,
    ScheduleTransferForm,
    TransferOwnAccountsForm,
)
from actions.transfer_status import ActionCheckTransferStatus, ActionExplainFailedTransfer
from banking.memory import MemoryBank
from tests.unit.actions.service_stage import Service
from tests.unit.actions.stage import Stage

TODAY = datetime.now(BANK_ZONE).date()
Serve = Callable[..., Service]


@pytest.fixture
def serve(stage: Callable[..., Stage], bank: MemoryBank) -> Serve:
    def make(form: type[ServiceForm], login: str = "zhangwei") -> Service:
        return Service(form(), stage(login, form=f"{form.intent}_form"), bank)

    return make


def drafted(service: Service) -> dict[str, object]:
    draft = service.bank.draft(str(service.stage.session), service.stage.slots["service_draft"])
    assert draft.order is not None
    return draft.order.asked


@pytest.mark.parametrize(
    ("text", "sides", "amount_fen"),
    [
        ("从6789转2000到1122", ("6789", "1122"), 2_000_00),
        ("把二类户里的300块转到一类卡", ("1122", "6789"), 300_00),
        ("转2000到1122", ("6789", "1122"), 2_000_00),
        ("把1122的钱都转到6789", ("1122", "6789"), 3_200_00),
    ],
)
def test_both_sides_at_once(serve: Serve, text: str, sides: tuple[str, str], amount_fen: int) -> None:
    service = serve(TransferOwnAccountsForm)
    assert service.start(text) == ["utter_service_confirm"]
    asked = drafted(service)
    ids = tuple(f"ac_zhangwei_{tail}" for tail in sides)
    assert (asked["from_account_id"], asked["to_account_id"], asked["amount_fen"]) == (*ids, amount_fen)


def test_the_second_account_follows_from_the_first(serve: Serve) -> None:
    service = serve(TransferOwnAccountsForm)
    assert service.start("自己的卡转自己的卡") == ["utter_transfer_own_accounts_ask_from_account_id"]
    assert service.say("1122") == ["utter_transfer_own_accounts_ask_amount_fen"]
    assert service.say("全部") == ["utter_service_confirm"]
    assert drafted(service)["amount_fen"] == 3_200_00


def test_one_account_is_too_few(serve: Serve) -> None:
    assert serve(TransferOwnAccountsForm, "lina").start("转到我另一张卡") == ["utter_transfer_own_accounts_single"]


def test_a_schedule_said_at_once(serve: Serve) -> None:
    service = serve(ScheduleTransferForm)
    assert service.start("每个月15号给我妈转两千", ("妈",)) == ["utter_service_confirm"]
    asked = drafted(service)
    assert (asked["repeats"], asked["amount_fen"], asked["account_id"]) == ("monthly", 2_000_00, "ac_zhangwei_6789")
    assert str(asked["first_on"]).endswith("-15")


def test_a_schedule_step_by_step(serve: Serve) -> None:
    service = serve(ScheduleTransferForm)
    assert service.start("预约转账") == ["utter_schedule_transfer_ask_payee_id"]
    assert service.say("王强", "inform", ("王强",)) == ["utter_schedule_transfer_ask_payee_id"]
    assert service.buttons() == ["王强（工商银行 尾号5566）", "王强（建设银行 尾号7788）"]
    assert service.say("建行那个") == ["utter_schedule_transfer_ask_amount_fen"]
    assert service.say("500") == ["utter_schedule_transfer_ask_when"]
    assert service.say("每月") == ["utter_schedule_transfer_ask_when"]
    assert service.say("28号") == ["utter_service_confirm"]
    assert drafted(service)["payee_id"] == "pa_zhangwei_7788" and drafted(service)["repeats"] == "monthly"
    assert service.say("改成800", "correct_value") == ["utter_service_confirm"]
    assert drafted(service)["amount_fen"] == 800_00
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    assert service.say("改成明天", "correct_value") == ["utter_service_confirm"]
    assert (drafted(service)["repeats"], drafted(service)["first_on"]) == ("once", tomorrow)


def test_a_name_that_only_sounds_alike_is_offered(serve: Serve) -> None:
    service = serve(ScheduleTransferForm)
    assert service.start("明天给李那转300", ("李那",)) == ["utter_schedule_transfer_ask_payee_id"]
    assert service.buttons() == ["李娜（本行 尾号3344）"]
    assert service.say("对", "affirm") == ["utter_service_confirm"]
    assert drafted(service)["payee_id"] == "pa_zhangwei_3344"


def test_a_day_that_is_over_is_asked_for_again(serve: Serve) -> None:
    service = serve(ScheduleTransferForm)
    said = service.start("今天给李娜转300,先预约", ("李娜",))
    assert said == ["utter_bank_not_possible", "utter_schedule_transfer_ask_when"]


def test_a_risky_schedule_asks_the_question_first(serve: Serve) -> None:
    service = serve(ScheduleTransferForm)
    service.start("明天给建行的王强转8000", ("王强",))
    assert service.say("确认", "affirm") == ["utter_schedule_transfer_ask_safe"]
    assert service.say("不是", "deny") == ["utter_bank_code_sent"]
    assert service.stage.asked == "service_code"
    assert service.type_code() == ["utter_schedule_transfer_done"]
    assert len(service.bank.scheduled_transfers(str(service.stage.session))) == 1


def test_a_suspicious_schedule_is_dead(serve: Serve) -> None:
    service = serve(ScheduleTransferForm)
    service.start("明天给建行的王强转8000", ("王强",))
    service.say("确认", "affirm")
    assert service.say("是的", "affirm") == ["utter_transfer_risk_refused"]
    assert service.stage.form is None


def _scheduled(serve: Serve, text: str, person: str) -> Service:
    service = serve(ScheduleTransferForm)
    service.start(text, (person,))
    service.say("确认", "affirm")
    service.type_code()
    return service


def test_the_only_scheduled_one_is_taken_back(serve: Serve) -> None:
    session = str(_scheduled(serve, "明天给李娜转300", "李娜").stage.session)
    service = serve(CancelTransferForm)
    assert service.start("撤销预约转账") == ["utter_service_confirm"]
    service.say("确认", "affirm")
    assert service.type_code() == ["utter_cancel_transfer_done"]
    assert service.bank.scheduled_transfers(session) == ()


def test_nothing_to_take_back(serve: Serve) -> None:
    assert serve(CancelTransferForm).start("取消预约转账") == ["utter_cancel_transfer_nothing"]


def _pay(bank: MemoryBank, session: str, tail: str, amount_fen: int) -> None:
    draft = bank.draft_transfer(session, "ac_zhangwei_6789", f"pa_zhangwei_{tail}", amount_fen)
    bank.send_code(session, draft.id)
    bank.submit_code(session, bank.last_code("zhangwei"))
    bank.confirm(session, draft.id)


def test_a_wrong_transfer_is_recalled_after_one_question(serve: Serve, bank: MemoryBank) -> None:
    service = serve(ReportWrongTransferForm)
    for tail, amount_fen in (("3344", 100_00), ("5566", 200_00)):
        _pay(bank, str(service.stage.session), tail, amount_fen)
    assert service.start("转错人了") == ["utter_report_wrong_transfer_ask_transfer_id"]
    assert len(service.buttons()) == 2
    assert service.say("给李娜那笔", "inform", ("李娜",)) == ["utter_report_wrong_transfer_done"]
    recalled = [r for r in bank.transfers(str(service.stage.session)) if r.recall_no]
    assert [record.payee.name for record in recalled] == ["李娜"]


def test_just_now_needs_no_question(serve: Serve, bank: MemoryBank) -> None:
    service = serve(ReportWrongTransferForm)
    for tail, amount_fen in (("3344", 100_00), ("5566", 200_00)):
        _pay(bank, str(service.stage.session), tail, amount_fen)
    assert service.start("刚才那笔转错了") == ["utter_report_wrong_transfer_done"]
    assert bank.transfers(str(service.stage.session))[0].recall_no


def test_a_limit_goes_up_with_its_question(serve: Serve, bank: MemoryBank) -> None:
    service = serve(ChangeTransferLimitForm)
    assert service.start("我要改限额") == ["utter_change_transfer_limit_ask_daily_fen"]
    assert service.say("30万") == ["utter_bank_not_possible", "utter_change_transfer_limit_ask_daily_fen"]
    assert service.say("8万") == ["utter_service_confirm"]
    assert service.say("确认", "affirm") == ["utter_service_ask_safe"]
    service.say("不是", "deny")
    assert service.type_code() == ["utter_change_transfer_limit_done"]
    assert bank.limits(str(service.stage.session)).daily_fen == 80_000_00


def test_status_and_reasons(serve: Serve, bank: MemoryBank) -> None:
    stage = _scheduled(serve, "明天给李娜转300", "李娜").stage
    _pay(bank, str(stage.session), "5566", 200_00)
    said = stage.run(ActionCheckTransferStatus(), "转账到了吗", "check_transfer_status")
    assert said == ["utter_transfer_status", "utter_transfer_scheduled"]
    assert "最迟" in stage.messages[0]["rows"] and "¥5,000.00" in stage.messages[0]["rows"]
    assert stage.run(ActionExplainFailedTransfer(), "为什么没转成", "explain_failed_transfer") == [
        "utter_transfer_failed"
    ]
    assert "余额不够" in stage.messages[0]["rows"]


def test_a_restricted_account_is_the_reason(stage: Callable[..., Stage]) -> None:
    play = stage("zhaolei")
    said = play.run(ActionExplainFailedTransfer(), "转不出去钱", "explain_failed_transfer")
    assert said == ["utter_transfer_obstacles"] and "身份证" in play.messages[0]["rows"]
