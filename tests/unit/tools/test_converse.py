"""The command: which cases it runs, what it says of them, what fails the run."""

from pathlib import Path
from typing import Any

import pytest

from tools import converse as command
from tools.converse_bank import SandboxDown
from tools.converse_run import Result


class Stack:
    """`tools.converse` with everything below it replaced; `fails` names the cases that fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ran: list[str] = []
        self.fails: set[str] = set()
        self.down, self.broken = False, ""
        for name in ("RASA_URL", "CORE_BANK_URL", "CORE_BANK_TOKEN_SANDBOX", "ZHANGGUI_VAR"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setattr(command, "run_case", self._run)
        monkeypatch.setattr(command, "LocalClient", lambda url: self)
        monkeypatch.setattr(command, "SandboxBank", lambda url, token: self)

    def health(self) -> None:
        if self.down:
            raise SandboxDown("no answer")

    def broken_invariants(self) -> str:
        return self.broken

    def _run(self, case: Any, target: Any) -> Result:
        self.ran.append(case.name)
        return Result(case, "x.yml:1: unmet" if case.name in self.fails else "", ["  客户: 你好"])


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Stack:
    return Stack(monkeypatch)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yml").write_text(
            f"- case: {name} 甲\n  channel: wechat\n  turns: [{{user: a}}]\n- case: {name} 乙\n  turns: [{{user: a}}]\n"
        )
    return tmp_path


def test_all_pass(stack: Stack, files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.converse([files], jobs=3) == 0
    out = capsys.readouterr().out
    assert sorted(stack.ran) == ["one 乙", "one 甲", "two 乙", "two 甲"]
    assert out.splitlines()[-1] == "4 passed, 0 failed"


def test_failures_are_reported_after_running_all(stack: Stack, files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stack.fails = {"one 甲"}
    assert command.converse([files / "one.yml"]) == 1
    out = capsys.readouterr().out
    assert "FAILED" in out and "客户: 你好" in out and "x.yml:1: unmet" in out
    assert out.splitlines()[-1] == "1 passed, 1 failed"


def test_money_lost_between_worlds_fails_although_all_cases_pass(
    stack: Stack, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.broken = "total_fen: 5"
    assert command.converse([files]) == 1
    assert "whole bank, after all cases: total_fen: 5" in capsys.readouterr().out


def test_filter(stack: Stack, files: Path) -> None:
    assert command.converse([files], keyword="two 乙") == 0 and stack.ran == ["two 乙"]
    assert command.converse([files], keyword="nothing") == 2


def test_wrong_files_run_nothing(stack: Stack, files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "bad.yml").write_text("- case: x\n  turn: []\n")
    assert command.converse([files]) == 2 and stack.ran == []
    assert "bad.yml:2: unknown key 'turn'" in capsys.readouterr().err


def test_no_stack(stack: Stack, files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stack.down = True
    assert command.converse([files]) == 2 and "make run" in capsys.readouterr().err
