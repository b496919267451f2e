"""No typed text becomes a Rasa intent (attack list A.1, A.4)."""

import random
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.core.channels.channel import UserMessage
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from addons.channels.cleaning import SLASHES, clean, visible

ROOT = Path(__file__).parents[4]
FUZZED = 200_000
SAMPLED = 2_000  # of those, read by Rasa itself
PIECES = [
    *SLASHES * 2,
    *" \t\n\r\v\f\x1c\x1f\x85\u00a0\u3000\u2028\u2029",
    *"\u200b\u200d\ufeff\u2060\u202e\u2066\u2067\u200f\u061c\u00ad\u180e\u034f\u3164\ufe0f\u2800\x00\x08\x1b\x7f\x9f",
    *"℀℅﹨\\|＼\u0338\u0301\u20e5\u0337a\u0300½éא{}｛｝@＠\"'",
    *"\U000e002f\U000e0001\U000e0100\U0001d15e",
    *"\ud83d\udc00",
]
ENDINGS = ['{"a":1}', '｛"amount":"9999"｝', "@0.9", "@1.0{}", '{"account":{}', "", " ", "}", "\u202e"]


@cache
def intents() -> list[str]:
    named = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))["intents"]
    names = [next(iter(intent)) if isinstance(intent, dict) else str(intent) for intent in named]
    return [*names, *(name.translate({ord(c): ord(c) + 0xFEE0 for c in map(chr, range(97, 123))}) for name in names)]


@cache
def domain() -> Domain:
    return Domain.from_dict({"intents": intents()})


def fuzzed(chance: random.Random) -> str:
    """A few characters that might hide a slash, then what Rasa would read as an intent."""
    front = "".join(chance.choices(PIECES, k=chance.randint(0, 6)))
    middle = chance.choice(PIECES) if chance.random() < 0.2 else ""
    return front + chance.choice(intents()) + middle + chance.choice(ENDINGS)


def read_as_intent(text: str) -> bool:
    """What Rasa's own reader makes of a text that a channel hands over."""
    message = Message(data={TEXT: UserMessage(text).text})
    return YAMLStoryReader.unpack_regex_message(message, domain()).get(INTENT) is not None


def begins_like_one(text: str) -> bool:
    return bool(UserMessage(text).text.strip().startswith(INTENT_MESSAGE_PREFIX))


def test_rasa_reads_intents_where_nothing_is_cleaned() -> None:
    """The check can fail: these are intents to Rasa as they stand."""
    assert read_as_intent('/inform{"a":1}') and read_as_intent(" \n/affirm") and read_as_intent("\x1c/deny@0.9")
    chance = random.Random(20261122)
    assert sum(begins_like_one(fuzzed(chance)) for _ in range(SAMPLED)) > SAMPLED / 50


def test_no_fuzzed_string_gets_through() -> None:
    chance = random.Random(20261122)
    for number in range(FUZZED):
        raw = fuzzed(chance)
        cleaned = clean(raw)
        assert not begins_like_one(cleaned), ascii(raw)
        if number % (FUZZED // SAMPLED) == 0:
            assert not read_as_intent(cleaned), ascii(raw)
            assert clean(cleaned) == cleaned, ascii(raw)
            cleaned.encode("utf-8")


def _anything() -> Any:
    characters = st.one_of(st.characters(), st.sampled_from([piece for piece in PIECES if len(piece) == 1]))
    return st.text(characters, max_size=30)


@settings(deadline=None)  # the machine may be busy
@given(_anything(), st.sampled_from(ENDINGS))
def test_nothing_typed_is_an_intent(typed: str, ending: str) -> None:
    for raw in (typed, typed + "/affirm" + ending, "/" + typed, typed + "restart" + ending):
        cleaned = clean(raw)
        assert not begins_like_one(cleaned) and not read_as_intent(cleaned)
        assert clean(cleaned) == cleaned
        cleaned.encode("utf-8")


@settings(deadline=None)  # the machine may be busy
@given(_anything())
def test_what_is_shown_hides_nothing(typed: str) -> None:
    shown = visible(typed)
    assert visible(shown) == shown
    assert not {unicodedata.category(char) for char in shown.replace("\n", "")} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ('/affirm{"amount":999999}', 'affirm{"amount":999999}'),
        ("／／ /restart", "restart"),
        ("\u200b/\u200b/\u202einform", "inform"),
        ("我想转1/2给他", "我想转1/2给他"),
        ("２０２６／０１／０２", "2026/01/02"),
        ("转５００元，给李娜", "转500元，给李娜"),
        ("  查\n\n余额\t ", "查 余额"),
        ("余\u00ad额\x00", "余额"),
        ("\u200b\u2060\ufeff", ""),
        ("///", ""),
        ("😀", "😀"),
        ("❤️", "❤"),
        ("{{7*7}} ${x}", "{{7*7}} ${x}"),
    ],
)
def test_clean(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


def test_long_runs_of_slashes_take_no_time() -> None:
    assert clean("/ " * 2500 + "x") == "x"
