"""Which transfer a service is about: one to be taken back, or one that went to the wrong person."""

import re
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from actions.conversation import Conversation
from actions.forms import FormOver
from actions.payees import place, words
from actions.replies import Button, day, yuan
from actions.service_fields import OPTION, Field, Values, option
from actions.session import ask, gather
from actions.turn import FOUR_DIGITS, Turn
from banking.transfers import PaidPayee, ScheduledTransfer, TransferRecord
from chinese.days import timing

SHOWN = 5
POINTING = re.compile("[那这一]笔|[那这]个|的$")
NEWEST = re.compile("刚才|刚刚|刚转|刚打|刚汇|最近一笔|上一笔|最后一笔")


@dataclass(frozen=True)
class Choice:
    """A transfer that can be meant."""

    id: str
    payee: PaidPayee
    amount_fen: int
    title: str


class TransferField(Field):
    """One of the customer's transfers, by payee, bank, amount, place in the list or button. Value: its id."""

    nothing_response: str
    other_response: str

    def __init__(self) -> None:
        super().__init__("transfer_id")

    @abstractmethod
    async def candidates(self, talk: Conversation) -> list[Choice]:
        """Newest or next first. Raises BankError."""

    def newest(self, choices: Sequence[Choice], text: str) -> Choice | None:
        """The one that "just now" means, where that means something."""
        return None

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        chosen = turn.reference(OPTION) if asked else None
        if chosen is not None:
            return {"id": chosen}
        if turn.is_button or not (asked or turn.persons() or turn.amounts()):
            return None
        if asked and turn.intent == "deny":
            return None
        return _said(turn)

    def piece(self, turn: Turn) -> str:
        named = turn.said("person") or turn.said("amount-of-money")
        points = place(turn.text, SHOWN) is not None or FOUR_DIGITS.search(turn.text) or NEWEST.search(turn.text)
        return turn.text if points or (named and POINTING.search(turn.text)) else named

    def claims(self, turn: Turn) -> bool:
        return bool(self.piece(turn)) and super().claims(turn)

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        choices = await self.candidates(talk)
        if not choices:
            talk.say.say(self.nothing_response)
            raise FormOver
        heard = said or ({} if talk.turn.is_button else _said(talk.turn))
        if heard.get("id"):
            return next((choice.id for choice in choices if choice.id == heard["id"]), None)
        meant = [choice for choice in choices if _is_meant(choice, heard)]
        newest = self.newest(meant or choices, heard.get("text", ""))
        index = place(heard.get("text", ""), len(choices)) if said else None
        if newest is not None and (meant or not heard.get("names")):
            return newest.id
        if index is not None:
            return choices[index].id
        if len(meant) == 1:
            return meant[0].id
        named = heard.get("names") or heard.get("fens")
        if named and not meant:
            talk.say.say(self.other_response)
        return choices[0].id if len(choices) == 1 and not named else None

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        heard = (talk.memory["service_said"] or {}).get(self.name) or _said(talk.turn)
        choices = await self.candidates(talk)
        meant = [choice for choice in choices if _is_meant(choice, heard)]
        return [option(choice.title, choice.id) for choice in meant or choices]


def _said(turn: Turn) -> dict[str, Any]:
    return {
        "text": turn.text,
        "names": turn.persons(),
        "fens": [amount.fen for amount in turn.amounts() if amount.fen],
    }


def _is_meant(choice: Choice, heard: dict[str, Any]) -> bool:
    """Whether everything that was said fits; of nothing said, nothing is meant."""
    text, payee = heard.get("text", ""), choice.payee
    names = [name for name in heard.get("names") or () if not _is_relation(name)]
    banks = [bank for bank, said in words()["banks"].items() if any(word in text for word in (bank, *said))]
    tests = [
        not names or payee.name in names,
        not heard.get("fens") or choice.amount_fen in heard["fens"],
        not banks or payee.bank in banks,
    ]
    said_something = bool(names or heard.get("fens") or banks or payee.name in text or payee.tail in text)
    return said_something and all(tests)


def _is_relation(name: str) -> bool:
    """妈妈, 儿子: records hold names only, so these tell nothing."""
    return any(name == alias or name in said for alias, said in words()["people"].items())


class CancellableField(TransferField):
    """What has not been made yet: scheduled transfers, and those that wait for their review."""

    nothing_response = "utter_cancel_transfer_nothing"
    other_response = "utter_cancel_transfer_other"

    async def candidates(self, talk: Conversation) -> list[Choice]:
        scheduled, records = await gather(
            ask("scheduled_transfers", talk.session), ask("transfers", talk.session, limit=20)
        )
        waiting = [record for record in records if record.state == "review"]
        return [_scheduled(talk, one) for one in scheduled] + [_recorded(talk, record) for record in waiting]


class WrongTransferField(TransferField):
    """What was made lately and whose return nobody has asked for."""

    nothing_response = "utter_report_wrong_transfer_nothing"
    other_response = "utter_report_wrong_transfer_other"

    async def candidates(self, talk: Conversation) -> list[Choice]:
        records: tuple[TransferRecord, ...] = await ask("transfers", talk.session, limit=20)
        made = [record for record in records if record.state == "done" and record.recall_no is None]
        return [_recorded(talk, record) for record in made[:SHOWN]]

    def newest(self, choices: Sequence[Choice], text: str) -> Choice | None:
        return choices[0] if NEWEST.search(text) else None


def _scheduled(talk: Conversation, one: ScheduledTransfer) -> Choice:
    when, amount = timing(one.repeats, one.next_on), yuan(one.amount_fen)
    title = talk.say.phrase("phrase_transfer_choice", day=when, name=one.payee.name, amount=amount)
    return Choice(one.id, one.payee, one.amount_fen, title)


def _recorded(talk: Conversation, record: TransferRecord) -> Choice:
    amount = yuan(record.amount_fen)
    title = talk.say.phrase("phrase_transfer_choice", day=day(record.at), name=record.payee.name, amount=amount)
    return Choice(record.id, record.payee, record.amount_fen, title)
