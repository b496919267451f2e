"""The terminal chat with a fake channel: commands, buttons, pipes."""

import io
from typing import Any, ClassVar

import pytest
from rich.console import Console

from tools import chat as module
from tools.local_client import Button, ChannelRefused, LocalChannelDown, Message, Reply


class FakeClient:
    """Local channel that answers with two buttons to 转账 and with none to everything else."""

    log: ClassVar[list[str]] = []
    down = False
    expired = False

    def __init__(self, rasa_url: str) -> None:
        self.customer: dict[str, Any] | None = None

    def health(self) -> None:
        if FakeClient.down:
            raise LocalChannelDown("http://127.0.0.1:5005: ConnectionError")

    def open(self, login: str | None) -> None:
        if login == "nobody":
            raise ChannelRefused(401, "bad_credentials", "登录名或密码不正确。")
        FakeClient.log.append(f"open {login}")
        self.customer = {"name": login} if login else None

    def say(self, text: str) -> Reply:
        if FakeClient.expired:
            FakeClient.expired = False
            raise ChannelRefused(401, "bad_token", "open a conversation first")
        FakeClient.log.append(f"say {text}")
        buttons = (Button("确认", "1"), Button("官网", url="https://bank.example")) if text == "转账" else ()
        ranking = [{"intent": "greet", "confidence": 0.9}, {"intent": "bye", "confidence": 0.1}]
        return Reply((Message(f"答{text}", buttons, {}),), {**ranking[0], "ranking": ranking, "entities": []})

    def press(self, button: str) -> Reply:
        FakeClient.log.append(f"press {button}")
        return Reply((Message("已按", (), {}),))

    def close(self) -> None:
        FakeClient.log.append("close")


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> type[FakeClient]:
    FakeClient.log, FakeClient.down, FakeClient.expired = [], False, False
    monkeypatch.setattr(module, "LocalClient", FakeClient)
    monkeypatch.setenv("RASA_URL", "http://127.0.0.1:5005")
    return FakeClient


@pytest.fixture
def screen() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def session(screen: io.StringIO) -> module.Chat:
    session = module.Chat(Console(file=screen, width=200), "http://127.0.0.1:5005")
    session.sign_in("zhangwei")
    FakeClient.log.clear()
    return session


def test_numbers_press_only_what_is_shown(session: module.Chat, screen: io.StringIO) -> None:
    for line in ("1", "转账", "500", "转账", "1", "1", "转账", "２"):
        assert session.handle(line)
    assert FakeClient.log == ["say 1", "say 转账", "say 500", "say 转账", "press 1", "say 1", "say 转账"]
    assert "[1] 确认" in screen.getvalue() and "https://bank.example" in screen.getvalue()


def test_commands(session: module.Chat, screen: io.StringIO) -> None:
    assert session.prompt == "zhangwei> "
    for line in (":debug", "你好", ":as lina", ":as", ":as nobody", ":help", ":sms"):
        assert session.handle(line)
    assert FakeClient.log == ["say 你好", "open lina", "close", "open None", "close"]
    out = screen.getvalue()
    assert "greet 0.90 | bye 0.10" in out and ":quit" in out and "登录名或密码不正确" in out and "访客没有手机" in out
    assert session.prompt == "访客> " and not session.handle(":quit")


def test_markup_of_the_bot_is_text(session: module.Chat, screen: io.StringIO) -> None:
    session.handle("[red]1[/red]")
    assert "答[red]1[/red]" in screen.getvalue()


def test_a_restarted_server_means_a_new_conversation(session: module.Chat, screen: io.StringIO) -> None:
    FakeClient.expired = True
    session.handle("你好")
    assert FakeClient.log == ["open zhangwei"] and "请再发一次" in screen.getvalue()


def test_sms(session: module.Chat, screen: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    class Bank:
        def __init__(self, *_: str) -> None:
            pass

        def sms(self, world: str, login: str) -> list[dict[str, str]]:
            assert (world, login) == ("demo", "zhangwei")
            return [{"sent_at": "t", "phone": "138****0001", "text": f"验证码{n}"} for n in range(5)]

    monkeypatch.setattr(module, "SandboxBank", Bank)
    monkeypatch.setenv("CORE_BANK_TOKEN_SANDBOX", "x")
    session.handle(":sms")
    assert "验证码4" in screen.getvalue() and "验证码1" not in screen.getvalue()


def test_lines_from_a_pipe(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("你好\n\n查余额\n"))
    assert module.chat() == 0
    assert FakeClient.log == ["open zhangwei", "say 你好", "say 查余额", "close"]
    assert "zhangwei> 你好" in capsys.readouterr().out


def test_no_stack(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    FakeClient.down = True
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert module.chat("lina") == 1
    error = capsys.readouterr().err
    assert "make run" in error and len(error.splitlines()) == 1
