"""What a service has to know before it can be done: one class a kind of answer.

A field hears (pure: what was said about it, JSON-ready), then settles (with the bank: the value for the order, or None
when it has to be asked for). Values of the fields before it are at hand in `values`.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from actions.conversation import Conversation
from actions.replies import Button, yuan
from actions.session import ask
from actions.turn import FOUR_DIGITS, Amount, Turn
from actions.words import named, naming
from banking.model import Account, Card

OPTION = "service_option"
AROUND = 3
"""Characters around an answer ("就…吧", "用…的") that leave it an answer, whatever else the message could mean."""

POINTED = re.compile(r"(?:从|[取转退打进]到)\s*(\d{4})(?![\d.元块万千百])")
"""Four digits that are an account and no amount, whatever the extractor made of them: 从6789, 转到1122."""

Values = Mapping[str, Any]


def option(title: str, value: object) -> Button:
    """A button that answers the question at hand."""
    return {"title": title, "payload": f'/inform{{"{OPTION}": "{value}"}}'}


class Field(ABC):
    """One thing to know; `name` is its key in the values of the service."""

    def __init__(self, name: str) -> None:
        self.name = name

    @abstractmethod
    def hear(self, turn: Turn, asked: bool) -> Any | None:
        """What this message says about the field, None for nothing. `asked`: the question was about it."""

    @abstractmethod
    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        """The value, None to ask. `said` is what `hear` found, in this turn or before. Raises BankError."""

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        """Answers to tap. Raises BankError."""
        return []

    async def wording(self, talk: Conversation, values: Values) -> dict[str, Any]:
        """What the question's wording may use beside the values. Raises BankError."""
        return {}

    def piece(self, turn: Turn) -> str:
        """The words of the message that are about this field."""
        return ""

    def claims(self, turn: Turn) -> bool:
        """Whether a message that is not for this service by its intent answers the question all the same."""
        if turn.is_button or self.hear(turn, asked=True) is None:
            return False
        return len(turn.text.strip()) - len(self.piece(turn)) <= AROUND


class CardField(Field):
    """A card of the customer, by tail, kind or button; the only one possible is taken unasked. Value: its id."""

    def __init__(self, name: str = "card_id", kind: str | None = None, states: Sequence[str] = ("active",)) -> None:
        super().__init__(name)
        self._kind, self._states = kind, frozenset(states)

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        return _hear_object(turn, asked, "cards")

    def piece(self, turn: Turn) -> str:
        return _object_words(turn, "cards")

    async def candidates(self, talk: Conversation, values: Values) -> list[Card]:
        """The cards this service can be about. Raises BankError."""
        cards: tuple[Card, ...] = await ask("cards", talk.session)
        return [card for card in cards if self._kind in (None, card.kind) and card.state in self._states]

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        return _pick(talk, said, [(card.id, card.tail, card.kind) for card in await self.candidates(talk, values)])

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        return [option(talk.say.card(card), card.id) for card in await self.candidates(talk, values)]


class AccountField(Field):
    """An account of the customer, by tail, kind or button; the only one possible is taken unasked. Value: its id."""

    def __init__(self, name: str = "account_id", kinds: Sequence[str] = ("debit",)) -> None:
        super().__init__(name)
        self._kinds = frozenset(kinds)

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        return _hear_object(turn, asked, "accounts")

    def piece(self, turn: Turn) -> str:
        return _object_words(turn, "accounts")

    async def candidates(self, talk: Conversation, values: Values) -> list[Account]:
        """The accounts this service can be about; none that another field has taken. Raises BankError."""
        accounts: tuple[Account, ...] = await ask("accounts", talk.session)
        return [account for account in accounts if account.kind in self._kinds and account.id not in values.values()]

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        candidates = await self.candidates(talk, values)
        return _pick(talk, said, [(account.id, account.tail, account.kind) for account in candidates])

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        found = await self.candidates(talk, values)
        return [option(_account_title(talk, account), account.id) for account in found]


class AmountField(Field):
    """An amount of money. Value: integer 分. Nothing approximate, negative or ambiguous is taken (design §3)."""

    def __init__(self, name: str = "amount_fen") -> None:
        super().__init__(name)

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        chosen = turn.reference(OPTION) if asked else None
        if chosen is not None:
            return {"fen": int(chosen)} if chosen.isdecimal() else {"scope": chosen}
        amounts = self.amounts(turn)
        if not amounts:
            return {"scope": turn.scope()} if turn.scope() else None
        amount = amounts[-1]
        certain = amount.fen and not amount.unsafe and len({found.fen for found in amounts}) == 1
        return {"fen": amount.fen} if certain else {"unclear": amount.said}

    def amounts(self, turn: Turn) -> list[Amount]:
        """The amounts of the message that can be this one."""
        accounts = {match.start(1) for match in POINTED.finditer(turn.text)}
        return [amount for amount in turn.amounts() if amount.start not in accounts]

    def piece(self, turn: Turn) -> str:
        return turn.said("amount-of-money", "amount-scope")

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if not said:
            return None
        if "unclear" in said:
            talk.say.say("utter_service_amount_unclear", said=said["unclear"])
            return None
        return said["fen"] if "fen" in said else await self.share(talk, said["scope"], values)

    async def share(self, talk: Conversation, scope: str, values: Values) -> int | None:
        """The amount that 全部, 一半 (`all`, a ratio) or a button of a subclass stands for; None to ask."""
        return None


def _hear_object(turn: Turn, asked: bool, words: str) -> Any | None:
    chosen = turn.reference(OPTION) if asked else None
    if chosen is not None:
        return {"id": chosen}
    tails = [str(tail) for tail in turn.values("card-tail")] or POINTED.findall(turn.text)
    if asked and not tails:
        tails = FOUR_DIGITS.findall(turn.text)
    kind = named(words, turn.text)
    if not tails and not kind:
        return None
    return {"tails": tails, "kind": kind, "asked": asked}


def _object_words(turn: Turn, words: str) -> str:
    named_so = naming(words, turn.text)
    digits = FOUR_DIGITS.findall(turn.text)
    return "".join(digits) + (named_so[1] if named_so else "") or turn.said("card-tail")


def _pick(talk: Conversation, said: Any | None, candidates: Sequence[tuple[str, str | None, str]]) -> str | None:
    """The one candidate (id, tail, kind) that was meant, the only one there is, or None."""
    heard = said or {}
    found = [candidate for candidate in candidates if _is_meant(candidate, heard)]
    if not found and heard.get("tails") and heard.get("asked"):
        talk.say.say("utter_service_tail_unknown", tail=heard["tails"][-1])
        return None
    if len(found) == 1:
        return found[0][0]
    return candidates[0][0] if len(candidates) == 1 and not found else None


def _is_meant(candidate: tuple[str, str | None, str], heard: Mapping[str, Any]) -> bool:
    identity, tail, kind = candidate
    if heard.get("id"):
        return bool(heard["id"] == identity)
    if heard.get("tails"):
        return tail in heard["tails"]
    return bool(heard.get("kind")) and heard["kind"] == kind


def _account_title(talk: Conversation, account: Account) -> str:
    tail = talk.say.phrase("phrase_account_tail", tail=account.tail) if account.tail else ""
    return talk.say.phrase(
        "phrase_service_account", name=account.name, tail=tail, balance=yuan(abs(account.balance_fen))
    )
