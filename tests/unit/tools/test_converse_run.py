"""Cases against a fake channel and a fake sandbox: what is sent, what is compared, what is reported."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools import converse_run
from tools.converse_bank import Ledger
from tools.converse_model import Expectation, Turn, read_cases
from tools.converse_nodes import Place
from tools.converse_run import Result, Target, Unmet, check, run_case
from tools.local_client import Button, ChannelRefused, Message, Reply

TURN = Turn(Place(Path("x.yml"), 7), user=("a",))


def reply(text: str, *titles: str, intent: str = "greet") -> Reply:
    buttons = tuple(Button(title, f"id of {title}") for title in titles)
    return Reply((Message(text, buttons, {}),), {"intent": intent, "confidence": 0.9})


@pytest.mark.parametrize(
    "expected",
    [
        Expectation(text=("转账 成功", "500.00"), not_text=("失败",)),
        Expectation(text=("成功\n 回单号",)),
        Expectation(buttons=("确认", "取")),
        Expectation(intent="faq"),
        Expectation(intent="faq/hours"),
    ],
)
def test_met(expected: Expectation) -> None:
    check(expected, [reply("转账成功\n回单号 1"), reply("¥500.00", "确认", "取消", intent="faq/hours")], TURN)


@pytest.mark.parametrize(
    ("expected", "problem"),
    [
        (Expectation(text=("失败",)), "expected in the answer: 失败"),
        (Expectation(not_text=("成 功",)), "not expected in the answer"),
        (Expectation(buttons=("继续",)), "expected the button 继续, shown: 确认"),
        (Expectation(buttons=()), "expected no button"),
        (Expectation(intent="affirm"), "read as greet"),
    ],
)
def test_unmet(expected: Expectation, problem: str) -> None:
    with pytest.raises(Unmet, match=r"^x\.yml:7: ") as unmet:
        check(expected, [reply("成功", "确认")], TURN)
    assert problem in str(unmet.value)


class FakeBank:
    """Sandbox that counts; a transfer of 500 happens when the right code is typed."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.accounts = {"zhangwei/6789": 100_000, "lina/3344": 0}
        self.broken = ""

    def create_world(self) -> str:
        self.calls.append(("create",))
        return "w1"

    def delete_world(self, world: str) -> None:
        self.calls.append(("delete", world))

    def set_fault(self, world: str, kind: str) -> None:
        self.calls.append(("fault", kind))

    def advance_clock(self, world: str, seconds: int) -> None:
        self.calls.append(("clock", seconds))

    def codes(self, world: str, login: str) -> list[str]:
        return ["111111", "999999"] if login == "zhangwei" else []

    def ledger(self, world: str) -> Ledger:
        return Ledger(dict(self.accounts), {"zhangwei/6789": "active"}, ["transfer"])

    def broken_invariants(self, world: str | None = None) -> str:
        assert world == "w1"
        return self.broken


class FakeChannel:
    """Answers texts from a table; pressing a spent button is refused."""

    def __init__(self, bank: FakeBank) -> None:
        self.bank, self.sent, self.opened = bank, list[str](), list[Any]()
        self.spent: set[str] = set()

    def __call__(self, rasa_url: str, timeout: float) -> "FakeChannel":
        assert timeout == 20
        return self

    def open(self, customer: str | None, world: str | None = None) -> None:
        self.opened.append((customer, world))

    def say(self, text: str) -> Reply:
        self.sent.append(text)
        if text == "999999":
            self.bank.accounts.update({"zhangwei/6789": 50_000, "lina/3344": 50_000})
            return reply("转账成功")
        return reply(f"请确认 {text}", "确认", "取消")

    def press(self, button: str) -> Reply:
        self.sent.append(f"press {button}")
        if button in self.spent:
            raise ChannelRefused(409, "button_expired", "按钮已失效")
        self.spent.add(button)
        return reply("验证码已发送")

    def close(self) -> None:
        self.sent.append("close")


Run = Callable[[str], Result]


@pytest.fixture
def bank() -> FakeBank:
    return FakeBank()


@pytest.fixture
def channel(bank: FakeBank, monkeypatch: pytest.MonkeyPatch) -> FakeChannel:
    channel = FakeChannel(bank)
    monkeypatch.setattr(converse_run, "LocalClient", channel)
    monkeypatch.setattr(converse_run.time, "sleep", lambda seconds: None)
    return channel


@pytest.fixture
def run(tmp_path: Path, bank: FakeBank, channel: FakeChannel) -> Run:
    (tmp_path / "var").mkdir()
    target = Target("http://rasa", bank, tmp_path / "var", "", None)  # type: ignore[arg-type]

    def run(turns: str) -> Result:
        path = tmp_path / "case.yml"
        path.write_text(f"- case: 例子\n  customer: zhangwei\n{turns}", encoding="utf-8")
        return run_case(read_cases(path)[0], target)

    return run


def test_a_case_of_the_web_channel_runs_over_it(
    run: Run, bank: FakeBank, channel: FakeChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = FakeChannel(bank)
    monkeypatch.setattr(converse_run, "WebClient", web)
    assert run("  channel: web\n  turns:\n    - user: 转500\n").failure == ""
    assert web.sent == ["转500", "close"] and web.opened and channel.sent == []


def test_a_whole_case(run: Run, bank: FakeBank, channel: FakeChannel) -> None:
    result = run("""\
  turns:
    - user: 转500
      expect: {text: [请确认], buttons: [确认]}
    - press: 确认
    - press: 确认
      expect: {text: [按钮已失效]}
    - fault: core_slow
    - code: wrong
    - wait: 3
    - wait: 120
    - code: "000000"
    - code: sent
      expect: {text: [成功]}
  bank: {zhangwei/6789: -500.00, lina/3344: +500.00}
  cards: {zhangwei/6789: active}
  orders: [transfer]
  never_stored: [sent-code]
""")
    assert result.failure == ""
    assert channel.opened == [("zhangwei", "w1")]
    assert channel.sent == ["转500", "press id of 确认", "press id of 确认", "000000", "000000", "999999", "close"]
    assert bank.calls == [("create",), ("fault", "core_slow"), ("fault", "none"), ("clock", 120), ("delete", "w1")]
    assert "  客户: 转500" in result.transcript and "  掌柜: 转账成功" in result.transcript


def test_texts_sent_quickly_are_one_turn(run: Run, channel: FakeChannel) -> None:
    result = run("  turns:\n    - user: [一, 二, 三]\n      expect: {text: [请确认一, 请确认三]}\n")
    assert result.failure == "" and sorted(channel.sent) == sorted(["一", "二", "三", "close"])


def test_a_button_is_named_by_its_title_or_a_part_of_it(run: Run, channel: FakeChannel) -> None:
    def say(text: str) -> Reply:
        return reply("哪一位?", f"王强 (工商银行 {text})", "不确认", "确认")

    channel.say = say  # type: ignore[method-assign]
    result = run("  turns: [{user: a}, {user: b}, {press: 工商 银行}, {press: 确认}]\n")
    assert result.failure == "" and channel.sent[:2] == ["press id of 王强 (工商银行 b)", "press id of 确认"]


@pytest.mark.parametrize(
    ("turns", "failure"),
    [
        (
            "  turns:\n    - user: a\n      expect: {text: [b]}\n    - user: c\n",
            "case.yml:4: expected in the answer: b",
        ),
        ("  turns: [{press: 确认}]\n", "no button 确认 was shown; shown: none"),
        ("  turns: [{user: a}]\n  bank: {lina/3344: 5}\n", "lina/3344 moved by +0.00, expected +5.00"),
        ("  turns: [{user: a}]\n  bank: {lina/1: 5}\n", "no account lina/1"),
        ("  turns: [{user: a}]\n  cards: {zhangwei/6789: lost}\n", "is active, expected lost"),
        ("  turns: [{user: a}]\n  orders: []\n", "done transfer, expected nothing"),
    ],
)
def test_failures(turns: str, failure: str, run: Run, bank: FakeBank, channel: FakeChannel) -> None:
    result = run(turns)
    assert failure in result.failure and bank.calls[-1] == ("delete", "w1") and "c" not in channel.sent


def test_the_ledger_must_hold_after_every_case(run: Run, bank: FakeBank) -> None:
    bank.broken = "total_fen: 5"
    assert "total_fen: 5" in run("  turns: [{user: a}]\n").failure


def test_stored_secrets_fail_the_case(run: Run, channel: FakeChannel, tmp_path: Path) -> None:
    channel.close = lambda: None  # type: ignore[method-assign]
    say = channel.say

    def leaky(text: str) -> Reply:
        (tmp_path / "var" / "rasa.log").write_text("code 999999 typed")
        return say(text)

    channel.say = leaky  # type: ignore[method-assign]
    assert "stored although it must never be" in run("  turns: [{user: a}]\n  never_stored: [sent-code]\n").failure
