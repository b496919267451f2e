"""Runs one conversation test case against a running stack."""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from tools.converse_bank import SandboxBank, SandboxDown
from tools.converse_model import Case, Expectation, Turn
from tools.converse_stored import StoredText
from tools.local_client import Button, ChannelRefused, LocalChannelDown, LocalClient, Message, Reply
from tools.web_client import WebClient
from tools.wechat_client import WeChatAccount
from tools.wechat_converse import WeChatClient

TURN_SECONDS = 20.0
LONGEST_REAL_WAIT = 5
BETWEEN_QUICK_MESSAGES = 0.05
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Target:
    """The stack that is tested."""

    rasa_url: str
    bank: SandboxBank
    var: Path
    core_bank_database_url: str
    wechat: Callable[[], WeChatAccount]


@dataclass
class Result:
    """Outcome of a case: `failure` is empty when it passed."""

    case: Case
    failure: str = ""
    transcript: list[str] = field(default_factory=list)


class Unmet(Exception):
    """An expectation of the case is not met."""


def run_case(case: Case, target: Target) -> Result:
    """Run a case in a world of its own; never raises for what the bot or the bank does."""
    result = Result(case)
    world = ""
    try:
        stored = StoredText(target.var, target.core_bank_database_url) if case.never_stored else None
        world = target.bank.create_world()
        _Run(case, target, world, result.transcript).run(stored)
    except (Unmet, SandboxDown, LocalChannelDown, ChannelRefused) as failure:
        result.failure = str(failure)
    except Exception as error:  # one case must not keep the others from running
        result.failure = f"{case.place}: {type(error).__name__}: {error}"
    finally:
        if world:
            _leave(target.bank, world, result)
    return result


def _leave(bank: SandboxBank, world: str, result: Result) -> None:
    try:
        broken = bank.broken_invariants(world)  # the whole bank grows with every case, deleted worlds included
        bank.delete_world(world)
    except SandboxDown as failure:
        broken = str(failure)
    if broken and not result.failure:
        result.failure = f"{result.case.place}: the ledger after the case: {broken}"


class _Run:
    """One case on its way."""

    def __init__(self, case: Case, target: Target, world: str, transcript: list[str]) -> None:
        self._case, self._target, self._world, self._transcript = case, target, world, transcript
        self._client = self._client_of(case.channel)
        # Spent ones as well: they can be pressed again, to see them refused.
        self._buttons: list[Button] = []

    def _client_of(self, channel: str) -> LocalClient | WebClient | WeChatClient:
        if channel == "wechat":
            return WeChatClient(self._target.wechat(), lambda: self._sent_codes()[-1])
        return (WebClient if channel == "web" else LocalClient)(self._target.rasa_url, timeout=TURN_SECONDS)

    def run(self, stored: StoredText | None) -> None:
        balances = self._target.bank.ledger(self._world).accounts
        self._client.open(self._case.customer, world=self._world if self._case.customer else None)
        for turn in self._case.turns:
            self._turn(turn)
        self._check_bank(balances)
        if stored:
            self._check_stored(stored)
        self._client.close()

    def _turn(self, turn: Turn) -> None:
        if turn.wait is not None:
            self._wait(turn.wait)
            return
        texts = (self._code(turn),) if turn.code is not None else turn.user
        button = self._button(turn) if turn.press is not None else None
        if turn.fault:
            self._note(f"  ({turn.fault})")
            self._target.bank.set_fault(self._world, turn.fault)
        try:
            replies = [self._press(button, turn)] if button else self._say(texts, turn)
        finally:
            if turn.fault:
                self._target.bank.set_fault(self._world, "none")
        self._remember_buttons(replies)
        if turn.expect:
            check(turn.expect, replies, turn)

    def _say(self, texts: tuple[str, ...], turn: Turn) -> list[Reply]:
        """Send texts quickly one after another, without waiting for answers; the answers in order."""
        replies: list[Reply | None] = [None] * len(texts)
        errors: list[Exception] = []

        def send(index: int) -> None:
            try:
                replies[index] = self._client.say(texts[index])
            except (LocalChannelDown, ChannelRefused) as error:
                errors.append(error)

        threads = []
        for index in range(len(texts)):
            threads.append(threading.Thread(target=send, args=(index,), daemon=True))
            threads[-1].start()
            time.sleep(BETWEEN_QUICK_MESSAGES if index + 1 < len(texts) else 0)
        for text, thread in zip(texts, threads):
            thread.join()
            self._note(f"  客户: {text}")
        answered = [reply for reply in replies if reply is not None]
        self._note_replies(answered)
        if errors:
            raise Unmet(f"{turn.place}: {errors[0]}")
        return answered

    def _press(self, button: Button, turn: Turn) -> Reply:
        self._note(f"  客户: [{button.title}]")
        try:
            reply = self._client.press(str(button.id))
        except ChannelRefused as refused:
            if refused.code != "button_expired":
                raise Unmet(f"{turn.place}: {refused}") from refused
            reply = Reply((Message(refused.message, (), {}),))
        except LocalChannelDown as error:
            raise Unmet(f"{turn.place}: {error}") from error
        self._note_replies([reply])
        return reply

    def _code(self, turn: Turn) -> str:
        if turn.code not in ("sent", "wrong"):
            return str(turn.code)
        codes = self._sent_codes()
        if not codes:
            raise Unmet(f"{turn.place}: no one-time code was sent to {self._case.customer}")
        return codes[-1] if turn.code == "sent" else f"{(int(codes[-1]) + 1) % 1_000_000:06d}"

    def _sent_codes(self) -> list[str]:
        return self._target.bank.codes(self._world, self._case.customer) if self._case.customer else []

    def _button(self, turn: Turn) -> Button:
        """The newest button of this title, else the newest one whose title holds it."""
        wanted, newest_first = _squeezed(str(turn.press)), list(reversed(self._buttons))
        named = [button for button in newest_first if _squeezed(button.title) == wanted]
        named += [button for button in newest_first if wanted in _squeezed(button.title)]
        if not named:
            shown = "、".join(dict.fromkeys(button.title for button in self._buttons)) or "none"
            raise Unmet(f"{turn.place}: no button {turn.press} was shown; shown: {shown}")
        return named[0]

    def _remember_buttons(self, replies: list[Reply]) -> None:
        self._buttons += [button for reply in replies for button in reply.buttons if button.id]

    def _wait(self, seconds: Decimal) -> None:
        self._note(f"  ({seconds} s later)")
        if seconds <= LONGEST_REAL_WAIT:
            time.sleep(float(seconds))
            return
        self._target.bank.advance_clock(self._world, int(seconds))
        time.sleep(1)

    def _check_bank(self, before: dict[str, int]) -> None:
        ledger = self._target.bank.ledger(self._world)
        after, cards = ledger.accounts, ledger.cards
        if self._case.orders not in (None, tuple(ledger.orders)):
            expected_orders, done = "、".join(self._case.orders or ()), "、".join(ledger.orders)
            raise Unmet(
                f"{self._case.place}: orders: done {done or 'nothing'}, expected {expected_orders or 'nothing'}"
            )
        for account, expected in self._case.bank:
            if account not in after:
                raise Unmet(f"{self._case.place}: bank: no account {account}; there are {', '.join(sorted(after))}")
            moved = after[account] - before[account]
            if moved != expected:
                raise Unmet(f"{self._case.place}: bank: {account} moved by {_yuan(moved)}, expected {_yuan(expected)}")
        for card, state in self._case.cards:
            if cards.get(card) != state:
                raise Unmet(f"{self._case.place}: cards: {card} is {cards.get(card, 'unknown')}, expected {state}")

    def _check_stored(self, stored: StoredText) -> None:
        secrets = [secret for secret in self._case.never_stored if secret != "sent-code"]
        if "sent-code" in self._case.never_stored:
            codes = self._sent_codes()
            if not codes:
                raise Unmet(f"{self._case.place}: never_stored: no one-time code was sent in this case")
            secrets += codes
        if found := stored.find(secrets):
            raise Unmet(f"{self._case.place}: stored although it must never be: {'; '.join(found[:5])}")

    def _note_replies(self, replies: list[Reply]) -> None:
        for reply in replies:
            for message in reply.messages:
                titles = "".join(f" [{button.title}]" for button in message.buttons)
                self._note("  掌柜: " + message.text.replace("\n", "\n        ") + titles)

    def _note(self, line: str) -> None:
        self._transcript.append(line)


def check(expected: Expectation, replies: list[Reply], turn: Turn) -> None:
    """Compare the answers to one turn with what is expected. Raises Unmet for the first difference."""
    said = _squeezed("".join(reply.text for reply in replies))
    for text in expected.text:
        if _squeezed(text) not in said:
            raise Unmet(f"{turn.place}: expected in the answer: {text}")
    for text in expected.not_text:
        if _squeezed(text) in said:
            raise Unmet(f"{turn.place}: not expected in the answer: {text}")
    titles = [_squeezed(button.title) for reply in replies for button in reply.buttons]
    if expected.buttons == () and titles:
        raise Unmet(f"{turn.place}: expected no button, shown: {'、'.join(titles)}")
    for title in expected.buttons or ():
        if not any(_squeezed(title) in shown for shown in titles):
            raise Unmet(f"{turn.place}: expected the button {title}, shown: {'、'.join(titles) or 'none'}")
    _check_intent(expected.intent, replies, turn)


def _check_intent(expected: str | None, replies: list[Reply], turn: Turn) -> None:
    if expected is None:
        return
    reading = (replies[-1].reading if replies else None) or {}
    intent = str(reading.get("intent"))
    if expected not in (intent, intent.partition("/")[0]):
        raise Unmet(
            f"{turn.place}: expected the intent {expected}, read as {intent} ({reading.get('confidence', 0):.2f})"
        )


def _squeezed(text: str) -> str:
    return _SPACES.sub("", text)


def _yuan(fen: int) -> str:
    return f"{Decimal(fen) / 100:+.2f}"
