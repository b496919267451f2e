"""The rules that need no network: quota, tokens, bodies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.wechat_sandbox import wire
from services.wechat_sandbox.clock import Clock
from services.wechat_sandbox.errors import WeChatError
from services.wechat_sandbox.quota import Allowance
from services.wechat_sandbox.tokens import Tokens, well_formed

HOURS = 3600.0


def spend(allowance: Allowance, now: float) -> int:
    try:
        allowance.spend(now)
    except WeChatError as error:
        return error.code
    return 0


def test_five_messages_for_a_message_within_48_hours() -> None:
    allowance = Allowance()
    assert spend(allowance, 0) == 45015
    allowance.grant("message", 0)
    assert [spend(allowance, 47.9 * HOURS) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]
    assert spend(allowance, 48 * HOURS) == 45015


def test_a_new_message_fills_up_and_does_not_add() -> None:
    allowance = Allowance()
    allowance.grant("message", 0)
    spend(allowance, 1)
    allowance.grant("message", 2)
    assert allowance.left(3) == 5


@pytest.mark.parametrize("kind", ["menu", "subscribe", "scan"])
def test_three_messages_for_a_touch_within_a_minute(kind: str) -> None:
    allowance = Allowance()
    allowance.grant(kind, 0)
    assert [spend(allowance, 59) for _ in range(4)] == [0, 0, 0, 45047]
    assert spend(allowance, 60) == 45015


def test_what_ends_first_is_used_first() -> None:
    allowance = Allowance()
    allowance.grant("message", 0)
    allowance.grant("menu", 0)
    assert [spend(allowance, 1) for _ in range(3)] == [0, 0, 0]
    assert allowance.left(100) == 5


class Time:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def code_of(tokens: Tokens, text: str) -> int:
    try:
        tokens.check(text)
    except WeChatError as error:
        return error.code
    return 0


def test_a_stable_token_stays_and_is_renewed_five_minutes_early_with_both_good() -> None:
    time = Time()
    tokens = Tokens(Clock(time))
    first, seconds = tokens.get_stable(False)
    assert (seconds, len(first), well_formed(first)) == (7200, 512, True)
    time.now += 6899
    assert tokens.get_stable(False) == (first, 301)
    time.now += 1
    second, _ = tokens.get_stable(False)
    assert second != first
    assert (code_of(tokens, first), code_of(tokens, second)) == (0, 0)
    time.now += 300
    assert (code_of(tokens, first), code_of(tokens, second)) == (42001, 0)


def test_a_forced_refresh_revokes_but_not_twice_in_half_a_minute_nor_over_twenty_a_day() -> None:
    time = Time()
    tokens = Tokens(Clock(time))
    first, _ = tokens.get_stable(False)
    second, _ = tokens.get_stable(True)
    assert code_of(tokens, first) == 40001
    time.now += 29
    assert tokens.get_stable(True)[0] == second
    for _ in range(19):
        time.now += 31
        tokens.get_stable(True)
    time.now += 31
    with pytest.raises(WeChatError) as refused:
        tokens.get_stable(True)
    assert refused.value.code == 45009
    time.now += 86400
    assert tokens.get_stable(True)


def test_a_classic_token_replaces_the_former_and_leaves_the_stable_one() -> None:
    tokens = Tokens(Clock())
    stable, _ = tokens.get_stable(False)
    first, _ = tokens.get_classic()
    second, _ = tokens.get_classic()
    assert [code_of(tokens, text) for text in (stable, first, second)] == [0, 40001, 0]


def test_tokens_end_on_request() -> None:
    tokens = Tokens(Clock())
    first, _ = tokens.get_stable(False)
    tokens.end_all(revoke=False)
    assert code_of(tokens, first) == 42001
    second, _ = tokens.get_stable(False)
    tokens.end_all(revoke=True)
    assert second != first
    assert code_of(tokens, second) == 40001


TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=50) | st.sampled_from(
    ["]]>", "a]]>b]]>", "&<"]
)


@given(TEXT, st.integers(0, 10**10))
def test_bodies_come_back_as_they_went(text: str, number: int) -> None:
    fields = {"Content": text, "CreateTime": number, "Image": {"MediaId": text}, "Articles": [{"Title": text}]}
    back = wire.from_xml(wire.to_xml(fields))
    clean = "".join(character for character in text if character not in "\ufffe\uffff")
    assert back == {
        "Content": clean,
        "CreateTime": str(number),
        "Image": {"MediaId": clean},
        "Articles": [{"Title": clean}],
    }
    assert wire.from_json(wire.to_json(fields)) == fields


@pytest.mark.parametrize(
    "body",
    [
        "",
        "hello",
        "<xml>",
        "<a></a>",
        "<!DOCTYPE x><xml/>",
        "<xml><A>1</A><A>2</A></xml>",
        "<xml>" + "<a>" * 20 + "</a>" * 20 + "</xml>",
    ],
)
def test_bodies_that_are_none(body: str) -> None:
    with pytest.raises(wire.WireError):
        wire.from_xml(body)
    with pytest.raises(wire.WireError):
        wire.from_json(body or "[]")
