"""Passive replies, read back by a real XML or JSON parser."""

import json
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from addons.channels.wechat_crypto import PushCrypto
from addons.channels.wechat_parse import Text
from addons.channels.wechat_reply import (
    NewsReply,
    Reply,
    TextReply,
    TransferReply,
    encrypted,
    passive,
)
from addons.channels.wechat_text import printable, split
from tests.unit.addons.channels.test_wechat_crypto import APPID, KEY, PREVIOUS, TOKEN, decrypt, sign

PUSH = Text("o_customer", "gh_bank", 1, "key", "你好", None)
NEWS = NewsReply("公告 & <新>", "第一行\n第二行", "https://bank.example/a.png", "https://bank.example/?a=1&b=2")


def from_xml(text: str) -> dict[str, Any]:
    def read(element: ElementTree.Element) -> Any:
        return {child.tag: read(child) for child in element} if len(element) else element.text

    root = ElementTree.fromstring(text)
    assert root.tag == "xml"
    return read(root)  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("reply", "kind", "content"),
    [
        (TextReply("好"), "text", {"Content": "好"}),
        (
            NEWS,
            "news",
            {
                "ArticleCount": 1,
                "Articles": {
                    "item": {
                        "Title": NEWS.title,
                        "Description": NEWS.description,
                        "PicUrl": NEWS.picture,
                        "Url": NEWS.url,
                    }
                },
            },
        ),
        (TransferReply(), "transfer_customer_service", {}),
        (TransferReply("a@bank"), "transfer_customer_service", {"TransInfo": {"KfAccount": "a@bank"}}),
    ],
)
def test_replies(reply: Reply, kind: str, content: dict[str, Any]) -> None:
    head = {"ToUserName": "o_customer", "FromUserName": "gh_bank", "CreateTime": 1714112445, "MsgType": kind}
    assert json.loads(passive(reply, PUSH, 1714112445, as_json=True)) == head | content
    in_xml = json.loads(json.dumps(head | content), parse_int=str)  # XML knows no numbers
    assert from_xml(passive(reply, PUSH, 1714112445, as_json=False)) == in_xml


def test_transfer_is_exact() -> None:
    assert passive(TransferReply(), PUSH, 9, as_json=False) == (
        "<xml><ToUserName><![CDATA[o_customer]]></ToUserName><FromUserName><![CDATA[gh_bank]]></FromUserName>"
        "<CreateTime>9</CreateTime><MsgType><![CDATA[transfer_customer_service]]></MsgType></xml>"
    )


@given(st.text(min_size=1, max_size=300).filter(lambda text: printable(text).strip()))
@example("]]>")
@example("a]]]]>>b<![CDATA[c]]>&amp;<xml>\0\ud83d\r\n\x1b😀")
def test_any_text_comes_back(text: str) -> None:
    expected = printable(text)
    assert from_xml(passive(TextReply(text), PUSH, 1, as_json=False))["Content"] == expected
    raw = passive(TextReply(text), PUSH, 1, as_json=True).encode("utf-8")
    assert json.loads(raw)["Content"] == expected


def test_json_is_raw_utf8() -> None:
    assert "你好" in passive(TextReply("你好"), PUSH, 1, as_json=True)


@pytest.mark.parametrize("text", ["", "\0", "字" * 683])
def test_texts_wechat_would_not_take(text: str) -> None:
    with pytest.raises(ValueError, match="bytes"):
        TextReply(text)


def test_every_piece_of_a_long_answer_is_a_text() -> None:
    assert len([TextReply(piece) for piece in split("好，" * 1500)]) == 5


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize("key", [0, 1])
def test_encrypted(as_json: bool, key: int) -> None:
    text = passive(TextReply("您好]]>"), PUSH, 1714112445, as_json)
    sealed = encrypted(text, PushCrypto(TOKEN, APPID, [KEY, PREVIOUS]), key, 1714112445, as_json)
    fields = json.loads(sealed) if as_json else from_xml(sealed)
    assert set(fields) == {"Encrypt", "MsgSignature", "TimeStamp", "Nonce"}
    assert str(fields["TimeStamp"]) == "1714112445"
    assert fields["MsgSignature"] == sign("1714112445", fields["Nonce"], fields["Encrypt"])
    assert decrypt(fields["Encrypt"], [KEY, PREVIOUS][key]) == (text, APPID)
