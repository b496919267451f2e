"""Fields filled in the customer's own words: an address, a story, a machine, a time."""

import re
from typing import Any

from actions.replies import BANK_ZONE
from actions.service_answers import TextField
from actions.turn import DIALOGUE_INTENTS, UNSURE_INTENTS, Turn

STEERING = frozenset({"cancel", "help", "repeat", "goodbye", "thank", "greet"})
URGENT = frozenset(
    {
        "freeze_card",
        "report_lost_card",
        "report_swallowed_card",
        "dispute_transaction",
        "report_wrong_transfer",
        "report_scam",
        "report_identity_theft",
        "request_human",
    }
)
QUESTIONS = ("check_", "list_", "ask_", "faq", "verify_")
CORRECTION = re.compile(r"^(?:不对|不是|说错了?|更正|改成|改为|应该是)+[,，。、\s]*")
YES_OR_NO = frozenset({"affirm", "deny"})
SURELY_AN_ANSWER = 8
SURELY_NO_QUESTION = 12
TOLD_ALREADY = 10

ADDRESS = re.compile(r"寄[到去给]*(?:我|这里)?[:：\s]*(\S{6,})")
MACHINE_NUMBER = re.compile(r"(?:编号|机号|机器号|机器)[是为:：\s]*([A-Za-z]{0,3}\d{3,10})")
MACHINE_PLACE = re.compile(
    r"[在到](?!账|手)(\S{2,20}?)(?:的|那台|那个|里的|门口的)?(?:取款机|存款机|ATM|atm|柜员机|自助机|提款机|机器|机子)"
)


class WordsField(TextField):
    """Words of one's own that leave room: what is urgent, steering the conversation, a question in between."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        if turn.intent in STEERING | URGENT or (turn.intent in YES_OR_NO and len(turn.text) < SURELY_AN_ANSWER):
            return None
        return super().hear(turn, asked)

    def claims(self, turn: Turn) -> bool:
        if turn.intent.startswith(QUESTIONS) and len(turn.text) < SURELY_NO_QUESTION:
            return False
        plain = turn.intent in DIALOGUE_INTENTS or turn.intent in UNSURE_INTENTS
        return super().claims(turn) and (plain or len(turn.text) >= SURELY_AN_ANSWER)


class StoryField(WordsField):
    """What it is about. The message that asks for the service tells it already when it is long enough."""

    def __init__(self, name: str, intent: str) -> None:
        super().__init__(name)
        self._intent = intent

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        told = turn.intent == self._intent and len(turn.text) >= TOLD_ALREADY
        corrected = CORRECTION.match(turn.text) is not None
        found = super().hear(turn, asked or told or corrected)
        return CORRECTION.sub("", found) if found else found


class AddressField(WordsField):
    """Where to post it: the answer, or what follows 寄到."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        found = None if turn.is_button else ADDRESS.search(turn.text)
        return found.group(1) if found else super().hear(turn, asked)


class MachineField(WordsField):
    """Which machine: its number, or where it stands."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        found = None if turn.is_button else MACHINE_NUMBER.search(turn.text) or MACHINE_PLACE.search(turn.text)
        return found.group(1) if found else super().hear(turn, asked)


class WhenField(WordsField):
    """When it was, as the customer remembers. Value: a day, with or without a time, or the customer's words."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        moment = turn.moment()
        if moment is None:
            return super().hear(turn, asked)
        local = moment.astimezone(BANK_ZONE)
        day = f"{local.month}月{local.day}日"
        return f"{day}{local:%H:%M}" if (local.hour, local.minute) != (0, 0) else day

    def piece(self, turn: Turn) -> str:
        return turn.said("time")
