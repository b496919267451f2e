"""The kinds of tickets: who works on them, how long that takes, what is promised.

In the sandbox the clock of the world is the staff: a ticket is received, handled and answered at fixed times after it
was opened, so that the same moment always shows the same progress.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

State = Literal["received", "handling", "answered"]


@dataclass(frozen=True)
class TicketKind:
    """`title` names the matter, `action` what is done when it is reported, `answer` how it ends."""

    title: str
    action: str
    unit: str
    handled_after: timedelta
    answered_after: timedelta
    promised_within: timedelta
    answer: str


def _kind(title: str, action: str, unit: str, hours: tuple[float, float, float], answer: str) -> TicketKind:
    handled, answered, promised = (timedelta(hours=count) for count in hours)
    return TicketKind(title, action, unit, handled, answered, promised, answer)


KINDS: dict[str, TicketKind] = {
    "report_swallowed_card": _kind(
        "吞卡取回",
        "登记吞卡",
        "设备管理网点",
        (0.5, 20, 24),
        "卡已从机器中取出，请带本人身份证到这台机器所属的网点领取。",
    ),
    "dispute_atm_cash": _kind(
        "自助设备现金核查",
        "登记自助设备现金差错",
        "自助设备中心",
        (4, 48, 72),
        "已核对机器流水和现金，核查结果已发短信给您；有疑问可以拨打客服热线。",
    ),
    "dispute_transaction": _kind(
        "非本人交易核查",
        "登记非本人交易",
        "风险管理部",
        (1, 216, 240),
        "核查已经完成，结果已发短信给您；不同意结果可以继续申诉。",
    ),
    "request_human": _kind("人工回电", "请人工坐席回电", "客服中心", (0.1, 0.4, 0.5), "坐席已经回电。"),
    "file_complaint": _kind(
        "投诉",
        "登记投诉",
        "消费者权益保护部",
        (24, 288, 360),
        "处理意见已经答复您；不满意可以申请复核。",
    ),
    "give_feedback": _kind("意见建议", "登记意见建议", "服务管理部", (24, 144, 168), "已经转达并采纳处理，谢谢您。"),
    "report_scam": _kind(
        "涉诈紧急处理",
        "登记涉诈情况并请反诈专员回电",
        "反诈中心",
        (0.1, 0.4, 0.5),
        "反诈专员已经回电核实。",
    ),
    "report_phishing": _kind(
        "可疑线索",
        "登记可疑线索",
        "反诈中心",
        (4, 48, 72),
        "已经核实并上报封堵，谢谢您帮助了其他客户。",
    ),
    "report_identity_theft": _kind(
        "冒名业务核查",
        "登记冒名业务并请专员回电",
        "风险管理部",
        (1, 288, 360),
        "核查已经完成，书面结果已寄出；征信记录按核查结果更正。",
    ),
}


def state_at(kind: TicketKind, opened_at: datetime, now: datetime) -> State:
    """How far a ticket is."""
    if now >= opened_at + kind.answered_after:
        return "answered"
    return "handling" if now >= opened_at + kind.handled_after else "received"


def notes_at(kind: TicketKind, opened_at: datetime, now: datetime) -> list[tuple[datetime, str]]:
    """What happened so far, oldest first."""
    planned = [
        (opened_at, f"已受理，交{kind.unit}处理。"),
        (opened_at + kind.handled_after, f"{kind.unit}正在处理。"),
        (opened_at + kind.answered_after, kind.answer),
    ]
    return [(moment, text) for moment, text in planned if moment <= now]
