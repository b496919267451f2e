"""Fields that need no bank: a choice out of a list, a term, a day, a moment, a phone number, words of one's own."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from actions.conversation import Conversation
from actions.payees import place
from actions.replies import Button
from actions.service_fields import OPTION, Field, Values, option
from actions.turn import Turn

DAY_OF_MONTH = re.compile(r"(?<!\d)([12]?\d|3[01])\s*[号日]")


@lru_cache(maxsize=1)
def choice_words() -> dict[str, dict[str, list[str]]]:
    """How customers call the values of choices, by group and value."""
    loaded: dict[str, dict[str, list[str]]] = yaml.safe_load(
        (Path(__file__).parent / "service_words.yml").read_text("utf-8")
    )
    return loaded


def named_in(group: str, text: str) -> list[str]:
    """Every value of a group of service_words.yml that is named in the text, in the order of the file."""
    return [value for value, words in choice_words()[group].items() if any(word in text for word in words)]


def said_choice(turn: Turn, group: str, values: Sequence[str]) -> tuple[str, str] | None:
    """The first of these values with a word of its own (service_words.yml) in the message, and that word."""
    words = choice_words()[group]
    return next(((value, word) for value in values for word in words[value] if word in turn.text), None)


class ChoiceField(Field):
    """One of a few fixed values. How customers call them stands in service_words.yml under `words`, how the buttons do
    in the domain as `phrase_<words>_<value>`.
    """

    def __init__(self, name: str, words: str, values: Sequence[str], default: str | None = None) -> None:
        super().__init__(name)
        self._group, self._values, self._default = words, tuple(values), default

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        chosen = turn.reference(OPTION)
        if chosen is not None and (asked or turn.intent != "inform"):  # a button that starts the service carries it
            return chosen if chosen in self._values else None
        if turn.is_button:
            return None
        said = self.said(turn)
        index = place(turn.text, len(self._values)) if asked and said is None else None
        return self._values[index] if index is not None else said[0] if said else None

    def piece(self, turn: Turn) -> str:
        said = self.said(turn)
        return said[1] if said else turn.text

    def said(self, turn: Turn) -> tuple[str, str] | None:
        """The value, and the word that names it."""
        return said_choice(turn, self._group, self._values)

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        return said or self._default

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        return [option(talk.say.phrase(f"phrase_{self._group}_{value}"), value) for value in self._values]


class SwitchField(ChoiceField):
    """On or off. Value: a boolean."""

    def __init__(self, name: str = "on", words: str = "switch") -> None:
        super().__init__(name, words, ("off", "on"))  # 关闭 before 开: 「不开」 is off

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        """A no to another question (「不用了」) does not switch anything off."""
        return None if turn.intent == "deny" and not asked else super().hear(turn, asked)

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        return None if said is None else said == "on"


class TermField(Field):
    """A stretch of time in months, one of those offered; 半年, 12期, 三年. Value: integer months."""

    def __init__(self, name: str, offered: Sequence[int]) -> None:
        super().__init__(name)
        self._offered = tuple(offered)

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        chosen = turn.reference(OPTION) if asked else None
        if chosen is not None:
            return int(chosen)
        months = turn.months()
        if months is None and asked:
            months = turn.whole_number()
        return months

    def piece(self, turn: Turn) -> str:
        return turn.said("duration", "number", "amount-of-money")

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if said is None or said in self._offered:
            return said
        talk.say.say("utter_service_term_unknown", offered="、".join(self._title(talk, term) for term in self._offered))
        return None

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        return [option(self._title(talk, term), term) for term in self._offered]

    def _title(self, talk: Conversation, months: int) -> str:
        return talk.say.phrase("phrase_service_months", months=months)


class DayOfMonthField(Field):
    """A day of the month from `first` to `last`. Value: integer."""

    def __init__(self, name: str, first: int = 1, last: int = 28) -> None:
        super().__init__(name)
        self._first, self._last = first, last

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        chosen = turn.reference(OPTION) if asked else None
        if chosen is not None:
            return int(chosen)
        found = DAY_OF_MONTH.search(turn.text)
        return int(found.group(1)) if found else turn.whole_number() if asked else None

    def piece(self, turn: Turn) -> str:
        return turn.said("time", "set", "number", "amount-of-money")

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if said is None or self._first <= said <= self._last:
            return said
        talk.say.say("utter_service_day_unknown", first=self._first, last=self._last)
        return None


class MomentField(Field):
    """A day (`grain` "day") or an hour of the future. Value: ISO 8601, a date or a local moment with offset."""

    def __init__(self, name: str, grain: str = "day") -> None:
        super().__init__(name)
        self._grain = grain

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        chosen = turn.reference(OPTION) if asked else None
        if chosen is not None:
            return chosen
        moment = turn.moment()
        if moment is None:
            return None
        return moment.date().isoformat() if self._grain == "day" else moment.isoformat()

    def piece(self, turn: Turn) -> str:
        return turn.said("time")

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if said is None:
            return None
        parsed = date.fromisoformat(said) if self._grain == "day" else datetime.fromisoformat(said)
        return said if parsed else None


class PhoneField(Field):
    """A Chinese mobile number. Value: 11 digits."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        numbers = turn.values("phone-number")
        return str(numbers[-1]) if numbers else None

    def piece(self, turn: Turn) -> str:
        return turn.said("phone-number")

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        return said


class TextField(Field):
    """Words of one's own, only as the answer to the question. Value: text of at most `longest` characters."""

    def __init__(self, name: str, shortest: int = 2, longest: int = 200) -> None:
        super().__init__(name)
        self._shortest, self._longest = shortest, longest

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        text = turn.text.strip()
        if not asked or turn.is_button or not self._shortest <= len(text):
            return None
        return text[: self._longest]

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        return said

    def claims(self, turn: Turn) -> bool:
        return self.hear(turn, asked=True) is not None
