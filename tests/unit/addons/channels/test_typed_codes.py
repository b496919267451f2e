"""What counts as a one-time code, before the core is asked."""

import time

import pytest

from addons.channels.cleaning import clean
from addons.channels.codes import REMEMBERED_SECONDS, SubmittedCodes, hide_codes, may_hold_code, typed_code
from addons.stores.store import Store
from tests.stores import OpenStore
from tests.unit.addons.channels.fakes import KEY


@pytest.mark.parametrize(
    "text",
    [
        "123456",
        "１２３４５６",
        "123 456",
        "123-456",
        "1 2 3 4 5 6",
        "一二三四五六",
        "幺二三四五六",
        "验证码是123456",
        "验证码:123456",
        "我收到的验证码是 123456，对吗？",
        "123456收到了",
        "收到了，123456。",
        "code 123456",
        "【123456】",
        "是123456吧",
    ],
)
def test_six_digits(text: str) -> None:
    assert typed_code(clean(text)) == "123456"


@pytest.mark.parametrize(("text", "code"), [("5000", "5000"), ("12345678", "12345678"), ("验证码1234", "1234")])
def test_other_lengths(text: str, code: str) -> None:
    assert typed_code(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "转500000给李娜",
        "给李娜转500000",
        "500000元",
        "50万",
        "123,456",
        "1234.56",
        "改成转90000给李四，验证码123456",
        "尾号6789的卡收不到验证码",
        "转5000怎么还要验证码",
        "好的5000",
        "5000吧",
        "500",
        "123456789",
        "13800010001",
        "123456 654321",
        "二零二六年十一月",
        "三千五百",
        "没收到验证码",
        "",
    ],
)
def test_ordinary_messages(text: str) -> None:
    assert typed_code(clean(text)) is None


@pytest.mark.parametrize("text", ["123456还是不行", "我打的123456不对", "给你123456你看看行不行", "123 456怎么没反应"])
def test_a_code_inside_a_sentence_is_hidden(text: str) -> None:
    assert typed_code(text) is None and may_hold_code(text)
    hidden = hide_codes(text)
    assert "123" not in hidden and "******" in hidden


@pytest.mark.parametrize(
    "text", ["转500000给李娜", "还500000信用卡", "金额是500000不对", "500000元行不行", "1234567890有误"]
)
def test_amounts_are_not_hidden(text: str) -> None:
    assert not may_hold_code(text)


def test_fillers_cannot_make_it_slow() -> None:
    started = time.thread_time()
    for text in ("好的" * 240 + "x", "收到了" * 160 + "123456x", "一" * 500, "1 " * 250):
        typed_code(text)
    assert time.thread_time() - started < 0.5


@pytest.mark.asyncio
async def test_submitted_codes_are_known_in_all_processes_and_in_their_conversation_only(
    open_another: OpenStore,
) -> None:
    first, second = SubmittedCodes(open_another(), KEY), SubmittedCodes(open_another(), KEY)
    await first.remember("a", "123456", certain=False)
    assert await second.certainty("a", "123456") is False
    assert await second.certainty("a", "654321") is None and await second.certainty("b", "123456") is None
    await second.remember("a", "123456", certain=True)
    assert await first.certainty("a", "123456") is True


@pytest.mark.asyncio
async def test_submitted_codes_expire_and_are_not_kept_as_they_are(
    memory: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, added = time.time(), list[str]()
    monkeypatch.setattr("addons.stores.sqlite_store.time.time", lambda: now)
    put = memory.set

    async def note(key: str, value: str, lifetime: float) -> None:
        added.append(f"{key} {value}")
        await put(key, value, lifetime)

    monkeypatch.setattr(memory, "set", note)
    codes = SubmittedCodes(memory, KEY)
    await codes.remember("a", "123456", certain=True)
    assert added and "123456" not in added[0]
    now += REMEMBERED_SECONDS + 1
    assert await codes.certainty("a", "123456") is None
