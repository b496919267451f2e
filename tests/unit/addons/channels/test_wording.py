"""Every sentence the channels ask for exists and can be filled."""

import re
from pathlib import Path

import pytest

from addons.channels.wording import say, warn_about

CHANNELS = Path("addons/channels")
CALL = re.compile(r'(?:\bsay|_refused|apologise)\((?:(?:"[^"]*"|conversation), )?"([a-z_.]+)"')
ASKED_FOR = sorted(
    {key for path in CHANNELS.glob("*.py") for key in CALL.findall(path.read_text("utf-8"))}
    | {"apology", "still_working", "still_working_pushed", "sign_in.bad_credentials", "sign_in.sign_in_locked"}
)


@pytest.mark.parametrize("key", ASKED_FOR)
def test_sentence(key: str) -> None:
    assert say(key, limit=500, incident="1A2B3C4D", name="*伟", phone="138****0001", tries_left=4)


def test_warnings() -> None:
    kinds = ("card_number", "code", "id_number", "password")
    assert len(warn_about(kinds)) == 4 and warn_about(("phone_number",)) == ()


def test_english_customers_are_warned_in_english_and_told_the_rest_in_chinese() -> None:
    assert "password" in warn_about(["password"], "en")[0] and "密碼" in warn_about(["password"], "zh-Hant")[0]
    assert say("too_long", "en", limit=500).endswith("if needed.") and "500" in say("too_long", "en", limit=500)
    assert say("busy", "en") == say("busy")


def test_traditional_customers_read_traditional() -> None:
    assert say("wechat.bound", "zh-Hant", name="*娜").startswith("綁定成功")
    assert say("wechat.bound", name="*娜").startswith("绑定成功")


def test_unknown_key() -> None:
    with pytest.raises(KeyError):
        say("nothing")
