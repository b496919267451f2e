import sys

import pytest

from tools import ci
from tools.console import CommandError


def test_a_command_is_relayed_and_its_silence_broken(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(ci, "SAY_EVERY", 0.2)
    script = "import time; print('一', end='', flush=True); time.sleep(1); print('二'); raise SystemExit(4)"
    assert ci.relay([sys.executable, "-c", script]) == 4
    out = capfdbinary.readouterr().out.decode()
    assert out.startswith("一")
    assert "still testing" in out
    assert out.endswith("二\n")


def fake_steps(monkeypatch: pytest.MonkeyPatch, checks: int, trained: bool) -> list[str]:
    done: list[str] = []

    def step(name: str, code: int) -> int:
        done.append(name)
        return code

    def train() -> str:
        done.append("train")
        if not trained:
            raise CommandError("broken rule")
        return "model"

    monkeypatch.setattr(ci.check, "everything", lambda: step("checks", checks))
    monkeypatch.setattr(ci, "pytest", lambda *suites, parallel: step("pytest", 0))
    monkeypatch.setattr(ci, "ensure_model", train)
    monkeypatch.setattr(ci, "chat_page", lambda check: step("chat page", 0 if check else 1))
    monkeypatch.setattr(ci.e2e, "everything", lambda: step("e2e", 0))
    return done


def test_all_steps_run_and_the_last_line_is_that_of_the_conversations(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done = fake_steps(monkeypatch, checks=0, trained=True)
    assert ci.main() == 0
    assert done == ["checks", "chat page", "pytest", "pytest", "train", "pytest", "e2e"]
    assert capsys.readouterr().out.splitlines()[-1] == "[test] 7/7 conversation tests"


def test_a_failed_step_does_not_hide_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done = fake_steps(monkeypatch, checks=1, trained=False)
    assert ci.main() == 1
    assert done == ["checks", "chat page", "pytest", "pytest", "train", "pytest", "e2e"]
    assert capsys.readouterr().err.splitlines() == ["test: broken rule", "test: failed: checks; training"]
