"""Conversation test files are read as written, and mistakes are named with file and line."""

from decimal import Decimal
from pathlib import Path

import pytest

from tools.converse_model import Case, read_cases
from tools.converse_nodes import CaseError

DESIGN_EXAMPLE = """\
- case: 转账给唯一的收款人,确认后到账
  customer: zhangwei            # demo login; omit for an anonymous visitor
  channel: web                  # web | wechat | cli
  turns:
    - user: 给李娜转500
      expect: {text: [李娜, "500.00", 确认], buttons: [确认, 取消]}
    - user: 确认
      expect: {text: [验证码]}
    - code: sent                 # types the code that the sandbox sent by SMS
      expect: {text: [成功, 回单], not_text: [失败]}
  bank:                          # what the ledger must show at the end, against the start
    zhangwei/6789: -500.00
    lina/3344: +500.00
  never_stored: ["500123", sent-code]
"""


def read(tmp_path: Path, text: str) -> list[Case]:
    path = tmp_path / "cases.yml"
    path.write_text(text, encoding="utf-8")
    return read_cases(path)


def test_the_example_of_the_design(tmp_path: Path) -> None:
    (case,) = read(tmp_path, DESIGN_EXAMPLE)
    assert (case.customer, case.channel) == ("zhangwei", "web")
    assert case.bank == (("zhangwei/6789", -50_000), ("lina/3344", 50_000))
    assert case.never_stored == ("500123", "sent-code")
    first, second, third = case.turns
    assert first.user == ("给李娜转500",) and first.expect is not None
    assert first.expect.text == ("李娜", "500.00", "确认") and first.expect.buttons == ("确认", "取消")
    assert second.expect is not None and second.expect.buttons is None
    assert third.code == "sent" and third.expect is not None and third.expect.not_text == ("失败",)
    assert str(third.place).endswith("cases.yml:9")


def test_values_stay_as_written(tmp_path: Path) -> None:
    (case,) = read(
        tmp_path,
        """\
- case: 零
  turns:
    - user: 0042
    - user: ""
    - user: [查余额, yes, 1.50]
    - press: 确认
    - code: 000000
    - wait: 1.5
    - fault: core_slow
    - user: 转账
      expect: {text: 500.00, buttons: [], intent: transfer_money}
    - user: 转账
      fault: core_drop_reply
  cards: {zhangwei/6789: frozen}
  bank: {zhangwei/time_deposit: 0, zhangwei/6789: "+1,000.00"}
""",
    )
    turns = case.turns
    assert [turn.user for turn in turns[:3]] == [("0042",), ("",), ("查余额", "yes", "1.50")]
    assert (turns[3].press, turns[4].code, turns[5].wait) == ("确认", "000000", Decimal("1.5"))
    assert turns[6].fault == "core_slow" and turns[6].user == ("转账",) and turns[7].fault == "core_drop_reply"
    expect = turns[6].expect
    assert expect is not None and (expect.text, expect.buttons, expect.intent) == (("500.00",), (), "transfer_money")
    assert case.cards == (("zhangwei/6789", "frozen"),) and case.customer is None
    assert case.bank == (("zhangwei/time_deposit", 0), ("zhangwei/6789", 100_000))


MISTAKES = {
    "unknown key": ("- case: x\n  turns:\n    - user: a\n      expects: {}", 4, "unknown key 'expects'"),
    "unknown expectation": ("- case: x\n  turns:\n    - user: a\n      expect: {texts: [b]}", 4, "unknown key 'texts'"),
    "no turns": ("- case: x", 1, "turns is missing"),
    "empty turns": ("- case: x\n  turns: []", 2, "turns is empty"),
    "no case": ("- turns:\n    - user: a", 1, "case is missing"),
    "not a list": ("case: x", 1, "expected a list of cases"),
    "empty file": ("", 0, "no case"),
    "not YAML": ("- case: [", 1, ""),
    "doubled key": ("- case: x\n  case: y\n  turns: [{user: a}]", 2, "case is given twice"),
    "channel": ("- case: x\n  channel: app\n  turns: [{user: a}]", 2, "'app' is none of web, wechat, cli"),
    "fault": ("- case: x\n  turns:\n    - {fault: down, user: a}", 3, "'down' is none of core_down"),
    "fault without turn": ("- case: x\n  turns:\n    - user: a\n    - fault: core_down", 3, "not followed by a turn"),
    "two faults": ("- case: x\n  turns:\n    - fault: core_down\n    - {fault: core_slow, user: a}", 4, "has no turn"),
    "two deeds": ("- case: x\n  turns:\n    - {user: a, press: b}", 3, "exactly one of"),
    "no deed": ("- case: x\n  turns:\n    - expect: {text: a}", 3, "exactly one of"),
    "code": ("- case: x\n  customer: lina\n  turns:\n    - code: right", 4, "neither sent, wrong nor digits"),
    "no customer": ("- case: x\n  turns:\n    - user: a\n    - code: sent", 4, "needs a customer"),
    "secret of nobody": ("- case: x\n  turns: [{user: a}]\n  never_stored: [sent-code]", 1, "needs a customer"),
    "empty customer": ("- case: x\n  customer:\n  turns: [{user: a}]", 2, "value is missing"),
    "missing text": ("- case: x\n  turns:\n    - user:", 3, "value is missing"),
    "wait": ("- case: x\n  turns:\n    - wait: soon", 3, "'soon' is not a number"),
    "negative wait": ("- case: x\n  turns:\n    - wait: -1", 3, "not between"),
    "wait with answer": ("- case: x\n  turns:\n    - {wait: 1, expect: {text: a}}", 3, "a wait has no answer"),
    "fen": ("- case: x\n  turns: [{user: a}]\n  bank:\n    lina/3344: 0.005", 4, "whole number of fen"),
    "amount": ("- case: x\n  turns: [{user: a}]\n  bank: {lina/3344: true}", 3, "'true' is not a number"),
    "account": ("- case: x\n  turns: [{user: a}]\n  bank: {lina: 1}", 3, "not of the form login/tail"),
    "day": ("- case: x\n  turns:\n  - user: '{tomorrow}去'", 3, "{tomorrow} is none of {workday}"),
    "card state": ("- case: x\n  turns: [{user: a}]\n  cards: {lina/3344: gone}", 3, "'gone' is none of frozen"),
    "list for a value": ("- case: [x]\n  turns: [{user: a}]", 1, "expected one value"),
}


@pytest.mark.parametrize(("text", "line", "problem"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_named_with_their_line(text: str, line: int, problem: str, tmp_path: Path) -> None:
    with pytest.raises(CaseError) as error:
        read(tmp_path, text)
    place = f"cases.yml:{line}: " if line else "cases.yml: "
    assert place in str(error.value) and problem in str(error.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="nowhere"):
        read_cases(tmp_path / "nowhere.yml")
