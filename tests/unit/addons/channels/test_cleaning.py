"""No typed text becomes a Rasa intent (attack list A.1, A.4)."""

import random

import pytest
from rasa.core.channels.channel import UserMessage

from addons.channels.cleaning import SLASHES, clean

PIECES = [
    *SLASHES,
    *" \t\n\r\v\f\x1c\x1f\x85\u00a0\u3000\u2028\u2029",
    *"\u200b\u200d\ufeff\u2060\u202e\u2066\u00ad\u180e\u034f\u3164\ufe0f\u2800\x00\x7f\x9f",
    *"℀﹨\\\u0338a\u0300½",
    "\U000e002f",
    "\U000e0001",
    "\ud83d",
]
PAYLOADS = ['/inform{"a":1}', '／inform{"a":1}', "inform", "/restart", "／／／x", ""]


def injected(text: str) -> bool:
    return bool(UserMessage(text).text.strip().startswith("/"))


def test_no_fuzzed_string_gets_through() -> None:
    chance = random.Random(20261122)
    for _ in range(20_000):
        raw = "".join(chance.choice(PIECES) for _ in range(chance.randint(0, 6))) + chance.choice(PAYLOADS)
        cleaned = clean(raw)
        assert not injected(cleaned), ascii(raw)
        assert clean(cleaned) == cleaned, ascii(raw)
        cleaned.encode("utf-8")


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
