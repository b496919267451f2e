"""What holds for every text: spans, no overlaps, JSON, no exceptions, no slow input."""

import json
import random
import time
from datetime import datetime
from unicodedata import normalize

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chinese import extract, mask_secrets, to_duckling
from chinese.normalise import normalise

from .conftest import NOW, Read

_WORDS = (
    "一 二 三 五 十 百 千 万 亿 两 零 〇 半 几 多 来 余 1 2 5 0 13 500 2026 . , ， - ~ 到 至 点 分 角 毛 "
    "块 元 钱 个 w k % 百分之 分之 年 月 日 号 天 周 星期 小时 上 下 前 后 去年 今年 明天 昨天 最近 近 内 "
    "以上 之前 从 每 转 给 尾号 卡 密码 验证码 手机 全部 一半 余额 ¥ RMB $ : / @ 春节 约 左右 不超过 6222 "
    "13800010001 上午 晚上 负 整 e T+ 大前 廿 壹 拾 圆 幺 \x00 𝟓 １ 萬 點 號 “ 一点 1a"
)
PIECES = _WORDS.split(" ")

HOSTILE = [
    "一" * 500,
    "1," * 250,
    "到" * 500,
    "1到" * 250,
    "1号到" * 166,
    "1" * 500,
    "1 " * 250,
    "万" * 500,
    "一万" * 250,
    "1-" * 250,
    "." * 500,
    "1." * 250,
    "半" * 500,
    "个" * 500,
    "半个" * 250,
    "元" * 500,
    "1月" * 250,
    "上" * 500,
    "去年" * 250,
    "密码" * 250,
    "密码1" * 166,
    "验证码是" * 125,
    "1a" * 250,
    "a@" * 250,
    "http://" * 71,
    "138" * 166,
    "6222 " * 100,
    "春节" * 250,
    "一点" * 250,
    "三五" * 250,
    "十几" * 250,
    "几" * 500,
    "百分之" * 166,
    "三分之" * 166,
    "尾号1" * 166,
    "1:" * 250,
    "1/" * 250,
    "𝟓" * 500,
    "转1" * 250,
    "最近" * 250,
    "1天" * 250,
    "每月" * 250,
    "负" * 500,
    "¥" * 500,
    "(" * 500,
    "\x00" * 500,
    "1～" * 250,
    "9.9元到" * 100,
    "转" + "一1" * 249,
    "大前" * 250,
]

TYPICAL = [
    "给李娜转500",
    "帮我转三万二给我妈",
    "查一下上个月的流水",
    "尾号6789转五百块到王强",
    "最近三个月500以上的支出",
    "我的卡丢了怎么办",
    "明天下午三点自动转账",
    "卡号6222 0212 3456 7890 128余额多少",
    "改成800",
    "房贷还剩多少",
]

SLOWEST_SECONDS = 0.05  # the aim is 20 ms on one free core; thread time on a shared machine needs room
TYPICAL_SECONDS = 0.002


def check(text: str) -> None:
    position = 0
    for quantity in extract(text, NOW):
        assert position <= quantity.start < quantity.end <= len(text)
        assert quantity.body == text[quantity.start : quantity.end]
        position = quantity.end
    json.dumps(to_duckling(extract(text, NOW)), allow_nan=False)
    mask_secrets(text)


@given(st.text(max_size=60))
@example("\ud800")
@example("①②③⑴㈠Ⅳ½㍿")
def test_any_text(text: str) -> None:
    check(text)


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_any_mixture_of_number_words(text: str) -> None:
    check(text)


def _fastest(text: str) -> float:
    times = []
    for _ in range(3):
        started = time.thread_time()
        extract(text, NOW)
        mask_secrets(text)
        times.append(time.thread_time() - started)
    return min(times)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:6].encode("unicode_escape").decode())
def test_no_hostile_text_is_slow(text: str) -> None:
    assert _fastest(text) < SLOWEST_SECONDS


def test_no_random_mixture_is_slow() -> None:
    chooser = random.Random(20260520)
    for _ in range(60):
        pieces = chooser.sample(PIECES, chooser.randint(1, 8))
        assert _fastest("".join(chooser.choices(pieces, k=400))[:500]) < SLOWEST_SECONDS


def test_typical_sentence_takes_a_fraction_of_a_millisecond() -> None:
    assert sum(map(_fastest, TYPICAL)) / len(TYPICAL) < TYPICAL_SECONDS


def test_mixed_sentence(read: Read) -> None:
    found = [(q.dim, q.body) for q in read("昨天从尾号6789给李娜转了三千五，手续费两块")]
    assert found == [
        ("time", "昨天"),
        ("card-tail", "尾号6789"),
        ("amount-of-money", "三千五"),
        ("amount-of-money", "两块"),
    ]


def test_duckling_shape() -> None:
    (match,) = to_duckling(extract("转三万二", NOW))
    assert match == {
        "body": "三万二",
        "start": 1,
        "end": 4,
        "dim": "amount-of-money",
        "latent": False,
        "value": {"type": "value", "value": 32000, "unit": "CNY", "minor": 3200000, "implied_unit": True, "unsafe": []},
    }


def test_now_needs_a_time_zone_and_prefer_a_known_name() -> None:
    with pytest.raises(ValueError, match="time zone"):
        extract("今天", datetime(2026, 5, 20))
    with pytest.raises(ValueError, match="prefer"):
        extract("今天", NOW, "sometime")


@given(st.text(max_size=60))
def test_normalisation_keeps_every_place(text: str) -> None:
    assert len(normalise(text)) == len(text)


def test_normalisation_of_compatibility_forms() -> None:
    assert normalise("５００圓，轉給：Ａ") == "500圆，转给:A"
    assert normalise("𝟓𝟎") == normalize("NFKC", "𝟓𝟎") == "50"
