"""How a customer wants to be spoken to: language and script, and short sentences for the elderly.

The channel knows: it reads what was written and writes what is said. Rasa learns it with each message (`metadata`), for
the conditions `language` and `elder_mode` of responses; nothing of it says who is talking.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
import zhconv

from addons.channels.wording import say

CHINESE, TRADITIONAL, ENGLISH = "zh", "zh-Hant", "en"
LANGUAGES = (CHINESE, TRADITIONAL, ENGLISH)
PERSON = "/request_human"
HAN = re.compile(r"[\u3400-\u9fff]")
LATIN_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")
_LOWER_CASE_WORD = re.compile(r"\b[a-z]{3,}\b")

Raw = dict[str, Any]


@dataclass
class Manner:
    """Of one conversation. `chosen`: the customer asked for the language; writing another one then changes nothing."""

    language: str = CHINESE
    elder_mode: bool = False
    chosen: bool = False

    def hear(self, text: str) -> None:
        """Take the language of what was written; what could be either changes nothing."""
        written = language_of(text)
        if written == CHINESE and self.language == TRADITIONAL and not _is_simplified(text):
            return
        if written and not self.chosen:
            self.language = written

    def adopt(self, wanted: Mapping[str, Any]) -> None:
        """What the bot understood that the customer asked for: a language, the elder mode."""
        if wanted.get("language") in LANGUAGES:
            self.language, self.chosen = str(wanted["language"]), True
        if "elder_mode" in wanted:
            self.elder_mode = bool(wanted["elder_mode"])

    def metadata(self) -> dict[str, Any]:
        """Slots as conditions of responses see them. Traditional is Chinese to Rasa, and English is short as it is."""
        english = self.language == ENGLISH
        return {"language": ENGLISH if english else CHINESE, "elder_mode": self.elder_mode and not english}

    def written(self, text: str) -> str:
        """A text as this customer reads it."""
        return str(zhconv.convert(text, "zh-hant")) if self.language == TRADITIONAL else text

    def written_throughout(self, payload: Any) -> Any:
        """The same for every text of a payload; the words that programs read (its keys, types, states) are ASCII."""
        if isinstance(payload, dict):
            return {key: self.written_throughout(value) for key, value in payload.items()}
        if isinstance(payload, list):
            return [self.written_throughout(value) for value in payload]
        return self.written(payload) if isinstance(payload, str) else payload

    def completed(self, messages: list[Raw]) -> list[Raw]:
        """The bot's messages, with a person one tap away in elder mode, and a word of English when there was none."""
        if self.language == ENGLISH and messages and not any(_has_english(message) for message in messages):
            messages = [*messages, {"text": say("only_in_chinese", ENGLISH), "buttons": [self._person()]}]
        if self.elder_mode and messages and not any(_offers_person(message) for message in messages):
            last = messages[-1]
            messages = [*messages[:-1], {**last, "buttons": [*last["buttons"], self._person()]}]
        return messages

    def _person(self) -> dict[str, str]:
        return {"title": say("person", self.language), "payload": PERSON}


def language_of(text: str) -> str | None:
    """The language a text is written in; None when it is too little to tell (figures, OK, a name in Latin letters)."""
    han = len(HAN.findall(text))
    words = [word.lower() for word in LATIN_WORD.findall(text)]
    english = sum(word in _english_words() for word in words)
    if english and (not han or (english > 1 and 2 * english > han)):
        return ENGLISH
    if not han:
        return None
    return TRADITIONAL if _is_traditional(text) else CHINESE


@lru_cache(maxsize=1)
def _english_words() -> frozenset[str]:
    """Words that only English sentences hold (english_words.yml): not the ok, hi and bye of Chinese chats."""
    words: list[str] = yaml.safe_load(Path(__file__).with_name("english_words.yml").read_text("utf-8"))
    return frozenset(words)


def _is_traditional(text: str) -> bool:
    return bool(zhconv.convert(text, "zh-hans") != text and zhconv.convert(text, "zh-hant") == text)


def _is_simplified(text: str) -> bool:
    return bool(zhconv.convert(text, "zh-hant") != text and zhconv.convert(text, "zh-hans") == text)


def _has_english(message: Raw) -> bool:
    text = message["text"]
    return not HAN.search(text) or len(_LOWER_CASE_WORD.findall(text)) > 1


def _offers_person(message: Raw) -> bool:
    return any(button.get("payload") == PERSON for button in message["buttons"])
