"""`make chat`: the terminal as a demo customer's phone; lines from a pipe work as well."""

import os
import sys
from collections.abc import Iterator

from rich.console import Console

from tools import environment
from tools.converse_bank import SandboxBank, SandboxDown
from tools.local_client import Button, ChannelRefused, LocalChannelDown, LocalClient, Reply

DEMO_WORLD = "demo"
DEMO_CUSTOMERS = {"zhangwei": "张伟", "lina": "李娜", "wangfang": "王芳,72 岁,长辈模式", "zhaolei": "赵磊,账户受限"}
VISITOR = "guest"
SHOWN_MESSAGES = 3
HELP = f"""\
:as 登录名   换一位客户:{" ".join(DEMO_CUSTOMERS)},{VISITOR} 是未登录的访客
:sms         看这位客户手机上最近的短信(验证码在里面)
:debug       显示或隐藏意图、置信度和实体
:help        这份说明
:quit        退出
有按钮时输入序号就是按下按钮;其他内容都作为消息发送。"""


class Chat:
    """One terminal session: who is talking, the buttons that can be pressed now, whether readings are shown."""

    def __init__(self, console: Console, rasa_url: str) -> None:
        self._console, self._rasa_url = console, rasa_url
        self._client = LocalClient(rasa_url)
        self._login: str | None = None
        self._buttons: list[Button] = []
        self._debug = False

    @property
    def prompt(self) -> str:
        """Who is talking."""
        customer = self._client.customer
        return f"{customer['name']}> " if customer else "访客> "

    def sign_in(self, login: str) -> None:
        """Begin a new conversation as a demo customer or as a visitor. Raises LocalChannelDown, ChannelRefused."""
        client = LocalClient(self._rasa_url)
        client.open(None if login == VISITOR else login)
        self.leave()
        self._client, self._login, self._buttons = client, login, []
        self._say(f"({'未登录的访客' if login == VISITOR else login}, 输入 :help 看用法)")

    def leave(self) -> None:
        """End the conversation at hand, if there is one."""
        if self._login is not None:
            try:
                self._client.close()
            except ChannelRefused:
                self._say("(登录状态没能正常退出,会自动过期)")
            self._login = None

    def handle(self, line: str) -> bool:
        """Do what one line says; False when it ends the session. Raises LocalChannelDown."""
        command, _, argument = line.strip().partition(" ")
        if command in (":quit", ":q"):
            return False
        try:
            if command == ":as":
                self.sign_in(argument.strip() or VISITOR)
            elif command == ":debug":
                self._debug = not self._debug
                self._say(f"(调试信息:{'开' if self._debug else '关'})")
            elif command == ":sms":
                self._show_sms()
            elif command == ":help":
                self._say(HELP)
            else:
                self._send(line)
        except ChannelRefused as refused:
            self._refused(refused)
        return True

    def _send(self, line: str) -> None:
        button = self._button(line)
        if button is not None and button.url:
            self._say(f"(链接:{button.url})")
            return
        reply = self._client.press(str(button.id)) if button else self._client.say(line)
        self._buttons = reply.buttons
        self._show(reply)

    def _button(self, line: str) -> Button | None:
        """The button of a number that is on the screen; other numbers (amounts, codes) are messages."""
        number = line.strip()
        if not number.isdecimal() or len(number) > 2 or not 1 <= int(number) <= len(self._buttons):
            return None
        return self._buttons[int(number) - 1]

    def _refused(self, refused: ChannelRefused) -> None:
        self._say(f"({refused.message})")
        if refused.code == "bad_token":
            login, self._login = self._login or VISITOR, None
            self._say("(对话已经结束,可能是服务重启过;已重新开始,请再发一次)")
            self.sign_in(login)

    def _show(self, reply: Reply) -> None:
        for message in reply.messages:
            if message.text:
                self._say("掌柜: " + message.text.replace("\n", "\n      "))
            for kind, value in message.carried.items():
                self._say(f"      ({kind}: {value})")
        for number, button in enumerate(self._buttons, start=1):
            self._say(f"      [{number}] {button.title}" + (f" {button.url}" if button.url else ""))
        if self._debug:
            self._show_reading(reply)

    def _show_reading(self, reply: Reply) -> None:
        if reply.reading is None:
            self._say("      (Rasa 没有处理这条消息)")
            return
        ranking = ", ".join(f"{intent['intent']} {intent['confidence']:.2f}" for intent in reply.reading["ranking"][1:])
        entities = ", ".join(f"{entity['entity']}={entity['value']}" for entity in reply.reading["entities"])
        self._say(
            f"      {reply.reading['intent']} {reply.reading['confidence']:.2f} | {ranking or '-'} | {entities or '-'}"
        )

    def _show_sms(self) -> None:
        if self._login in (None, VISITOR):
            self._say("(访客没有手机)")
            return
        bank = SandboxBank(environment.require("CORE_BANK_URL"), environment.require("CORE_BANK_TOKEN_SANDBOX"))
        try:
            messages = bank.sms(DEMO_WORLD, str(self._login))
        except SandboxDown as error:
            self._say(f"({error})")
            return
        for message in messages[-SHOWN_MESSAGES:]:
            self._say(f"短信 {message['sent_at'][11:19]} {message['phone']}: {message['text']}")
        if not messages:
            self._say("(还没有短信)")

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


def chat(login: str | None = None) -> int:
    """Talk as a demo customer until :quit or the end of input; returns 1 when the stack is not running."""
    session = Chat(Console(), environment.require("RASA_URL"))
    interactive = sys.stdin.isatty()
    try:
        LocalClient(environment.require("RASA_URL")).health()
        session.sign_in(login or (_ask_login() if interactive else next(iter(DEMO_CUSTOMERS))))
        for line in _lines(session, interactive):
            if not session.handle(line):
                break
        session.leave()
    except EOFError:
        return 0
    except LocalChannelDown as error:
        print(f"chat: no answer ({error}); start the stack with `make run` in another terminal", file=sys.stderr)
        return 1
    except ChannelRefused as refused:
        print(f"chat: cannot sign in: {refused}", file=sys.stderr)
        return 1
    return 0


def _ask_login() -> str:
    for number, (login, name) in enumerate(DEMO_CUSTOMERS.items(), start=1):
        print(f"[{number}] {login} {name}")
    print(f"[0] {VISITOR} 未登录的访客")
    answer = input("以谁的身份聊天? [1] ").strip() or "1"
    choices = dict(enumerate((VISITOR, *DEMO_CUSTOMERS)))
    return choices.get(int(answer), answer) if answer.isdecimal() else answer


def _lines(session: Chat, interactive: bool) -> Iterator[str]:
    """Lines of the terminal with a prompt, or of a pipe, echoed after it; the bank hears nothing of empty ones."""
    if interactive and os.name == "posix":
        import readline  # noqa: F401  line editing and history for input()
    while True:
        try:
            line = input(session.prompt)
        except EOFError:
            print()
            return
        if not interactive:
            print(line)
        if line.strip():
            yield line
