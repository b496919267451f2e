"""Texts cut and merged for WeChat."""

import itertools
import json
import re
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from addons.channels.wechat_text import LARGEST, link, merge, plain, printable, size, split

ANCHOR = '<a href="https://bank.example/a">网点</a>'
PARTS = st.sampled_from(
    ["你", "好。", "😀", "，", "\n", "\n\n", " ", "1,234.00", "word ", "1. ", ANCHOR, "<", "&", "é"]
)
TEXTS = st.lists(PARTS, max_size=120).map("".join)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@given(TEXTS, st.integers(16, 200))
@example("字" * 3000 + "😀" * 50, LARGEST)
def test_pieces_fit_and_lose_nothing(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert all(0 < len(piece.encode("utf-8")) <= limit for piece in pieces)
    expected = text if size(ANCHOR) <= limit else text.replace(ANCHOR, "网点")
    assert squeezed("".join(pieces)) == squeezed(expected)


@given(TEXTS, st.integers(size(ANCHOR), 200))
def test_no_link_is_cut(text: str, limit: int) -> None:
    assert sum(piece.count(ANCHOR) for piece in split(text, limit)) == text.count(ANCHOR)


@given(TEXTS, st.integers(40, 200))
def test_no_amount_is_cut(text: str, limit: int) -> None:
    spaced = text.replace("word ", "").replace("1. ", "").replace("é", "")  # else runs longer than the limit come up
    if max((size(run) for run in re.findall(r"[!-~]+", spaced.replace(ANCHOR, "网"))), default=0) <= limit:
        pieces = split(spaced, limit)
        assert sum(piece.count("1,234.00") for piece in pieces) == spaced.count("1,234.00")


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        (" \n ", []),
        ("一二三。四五六。七八九", ["一二三。", "四五六。", "七八九"]),
        ("一二\n\n三四。五六七八", ["一二", "三四。", "五六七八"]),
        ("“二。”五六七八", ["“二。”", "五六七八"]),
        ("一二三四五六七八", ["一二三四五", "六七八"]),
        ("可用余额 1,234.00 元整", ["可用余额", "1,234.00 元整"]),
        ("Hello there. Good", ["Hello there.", "Good"]),
        ("😀😀😀😀😀", ["😀😀😀😀", "😀"]),
        ("0123456789abcdefgh", ["0123456789abcdef", "gh"]),
    ],
)
def test_borders(text: str, pieces: list[str]) -> None:
    assert split(text, 16) == pieces


def test_a_short_paragraph_is_no_piece_of_its_own() -> None:
    assert split("一\n\n二三四五六。七八九十", 32) == ["一\n\n二三四五六。", "七八九十"]


def test_three_thousand_characters_are_few_pieces() -> None:
    text = "您的申请我们已经收到，正在为您办理。" * 167
    pieces = split(text)
    assert len(pieces) == 5
    assert all(piece.endswith("。") for piece in pieces)
    assert "".join(pieces) == text


def test_of_a_link_that_is_too_long_the_title_remains() -> None:
    assert split(f'见<a href="https://bank/{"x" * 3000}">公告</a>。') == ["见公告。"]


def test_limit_must_leave_room() -> None:
    with pytest.raises(ValueError, match="fits"):
        split("好", 15)


@given(st.lists(TEXTS, max_size=8), st.integers(16, 120))
def test_merging_fits_and_loses_nothing(texts: list[str], limit: int) -> None:
    merged = merge(texts, limit)
    assert all(0 < size(text) <= limit for text in merged)
    assert squeezed("".join(merged)) == squeezed("".join(piece for text in texts for piece in split(text, limit)))
    assert all(size(first + "\n\n" + second) > limit for first, second in itertools.pairwise(merged))


def test_merging_keeps_texts_together_and_apart() -> None:
    assert merge(["您好。", "", "请问要办什么？"]) == ["您好。\n\n请问要办什么？"]
    assert merge(["一二三四", "五六七八"], 24) == ["一二三四", "五六七八"]


@given(st.text())
@example("a\0b\ud800\x0b]]>&<\r\n\ufffe")
def test_printable_survives_xml_and_json(text: str) -> None:
    shown = printable(text)
    assert json.loads(json.dumps(shown).encode()) == shown
    shown.encode("utf-8")
    escaped = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert (ElementTree.fromstring(f"<a>{escaped}</a>").text or "") == shown
    assert printable(shown) == shown


@pytest.mark.parametrize("text", ["你好", "a < b", "<b>", "]]>", "<abc>", "</b>", "<1>", "3<a1", "😀", "é"])
def test_plain_leaves_what_is_no_link(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    "text", ['<a href="http://evil">点我</a>', "<A HREF=x>", "< a href=x>", "</a>", "<\na href", "<\0a href=x>"]
)
def test_plain_makes_links_dead(text: str) -> None:
    assert not re.search(r"<\s*/?\s*a", plain(text), re.IGNORECASE)


def test_link() -> None:
    assert link("网点", "https://bank.example/a?b=1&c=2") == '<a href="https://bank.example/a?b=1&c=2">网点</a>'
    assert link("<b>\n网点", "https://b") == '<a href="https://b">＜b＞ 网点</a>'


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "", "weixin://x", 'https://a" onclick="x', "https://a b", "//a"]
)
def test_link_to_nowhere_good_is_its_title(url: str) -> None:
    assert link("网点", url) == "网点"
