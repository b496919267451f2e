"""Pushes of WeChat in XML and JSON, whole and broken."""

import dataclasses
import json
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.channels import wechat_parse as parse
from addons.channels.wechat_parse import Doorbell, Push, Unreadable, read_body, understand

SENT = {"ToUserName": "gh_4f7a", "FromUserName": "oia2Tj-ewb_m", "CreateTime": "1714112445"}
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20))
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner))
NAMES = ["ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId", "Event", "EventKey", "Content", "Token"]
KINDS = ["text", "voice", "image", "event", "subscribe", "CLICK", "kf_msg_or_event", "TEMPLATESENDJOBFINISH"]


def as_xml(fields: dict[str, Any]) -> bytes:
    return f"<xml>{''.join(f'<{name}>{escape(str(value))}</{name}>' for name, value in fields.items())}</xml>".encode()


def heard(**fields: Any) -> Push | Doorbell:
    """The same from XML and from JSON."""
    from_xml, from_json = (
        understand(read_body(body).fields) for body in (as_xml(SENT | fields), json.dumps(SENT | fields).encode())
    )
    assert from_xml == from_json
    return from_xml


def message(**fields: Any) -> Push:
    push = heard(MsgId="23637352235060880", **fields)
    assert isinstance(push, Push)
    assert (push.openid, push.account, push.created) == ("oia2Tj-ewb_m", "gh_4f7a", 1714112445)
    return push


def event(name: str, **fields: Any) -> Push:
    push = heard(MsgType="event", Event=name, **fields)
    assert isinstance(push, Push)
    return push


def own(push: Push) -> dict[str, Any]:
    """The fields of its kind."""
    common = {field.name for field in dataclasses.fields(Push)}
    return {name: value for name, value in dataclasses.asdict(push).items() if name not in common}


@pytest.mark.parametrize(
    ("fields", "kind", "expected"),
    [
        ({"MsgType": "text", "Content": "余额]]> & <b>"}, parse.Text, {"content": "余额]]> & <b>", "menu_id": None}),
        ({"MsgType": "Text", "Content": ""}, parse.Text, {"content": "", "menu_id": None}),
        (
            {"MsgType": "text", "Content": "确认", "bizmsgmenuid": "b1"},
            parse.Text,
            {"content": "确认", "menu_id": "b1"},
        ),
        ({"MsgType": "voice", "Recognition": "查余额"}, parse.Voice, {"recognition": "查余额"}),
        ({"MsgType": "voice", "Recognition": "", "MediaId": "m"}, parse.Voice, {"recognition": None}),
        ({"MsgType": "image", "PicUrl": "http://a"}, parse.Image, {}),
        ({"MsgType": "video"}, parse.Video, {}),
        ({"MsgType": "shortvideo"}, parse.Video, {}),
        ({"MsgType": "location", "Location_X": "23.1"}, parse.Location, {}),
        ({"MsgType": "link", "Url": "http://a"}, parse.Link, {}),
        ({"MsgType": "file", "Title": "a.doc"}, parse.File, {}),
        ({"MsgType": "hologram"}, parse.Unknown, {"kind": "hologram"}),
        ({}, parse.Unknown, {"kind": ""}),
    ],
)
def test_messages(fields: dict[str, Any], kind: type[Push], expected: dict[str, Any]) -> None:
    push = message(**fields)
    assert type(push) is kind
    assert own(push) == expected


@pytest.mark.parametrize(
    ("name", "fields", "kind", "expected"),
    [
        ("subscribe", {}, parse.Subscribe, {"scene": None}),
        ("subscribe", {"EventKey": "qrscene_123", "Ticket": "t"}, parse.Subscribe, {"scene": "123"}),
        ("unsubscribe", {}, parse.Unsubscribe, {}),
        ("SCAN", {"EventKey": "123"}, parse.Scan, {"scene": "123"}),
        ("CLICK", {"EventKey": "BALANCE"}, parse.Click, {"menu_key": "BALANCE"}),
        ("VIEW", {"EventKey": "https://bank"}, parse.View, {}),
        ("LOCATION", {"Latitude": "23.1"}, parse.Whereabouts, {}),
        ("kf_create_session", {"KfAccount": "a@b"}, parse.AgentSession, {"change": "create", "agent": "a@b"}),
        ("kf_close_session", {"KfAccount": "a@b"}, parse.AgentSession, {"change": "close", "agent": "a@b"}),
        (
            "kf_switch_session",
            {"FromKfAccount": "a@b", "ToKfAccount": "c@d"},
            parse.AgentSession,
            {"change": "switch", "agent": "c@d"},
        ),
        (
            "TEMPLATESENDJOBFINISH",
            {"MsgID": 200163836, "Status": "failed:user block"},
            parse.TemplateResult,
            {"message_id": "200163836", "status": "failed:user block"},
        ),
        ("user_enter_tempsession", {"SessionFrom": "x"}, parse.EnterSession, {}),
        ("card_pass_check", {}, parse.Unknown, {"kind": "card_pass_check"}),
    ],
)
def test_events(name: str, fields: dict[str, Any], kind: type[Push], expected: dict[str, Any]) -> None:
    push = event(name, **fields)
    assert type(push) is kind
    assert own(push) == expected


def test_doorbell_of_wecom_has_no_sender() -> None:
    fields = {"ToUserName": "ww12345678910", "CreateTime": 1348831860, "MsgType": "event", "Event": "kf_msg_or_event"}
    bell = {"Token": "ENCApHxnGDNAVNY4AaSJKj4Tb5mwsEMzxhFmHVGcra996NR", "OpenKfId": "wkxxxxxxx"}
    assert understand(read_body(as_xml(fields | bell)).fields) == Doorbell(bell["OpenKfId"], bell["Token"])
    with pytest.raises(Unreadable):
        understand(read_body(as_xml(fields)).fields)


@pytest.mark.parametrize("odd", ["49d72d67b16d115e7935ac386f2f0fa41535298877_1555684067", "-1", "号", "9" * 3000])
def test_odd_message_ids_are_opaque(odd: str) -> None:
    keys = {heard(MsgType="text", Content="a", MsgId=each).key for each in (odd, odd + "1", odd)}  # type: ignore[union-attr]
    assert len(keys) == 2
    assert all(len(key) == 32 for key in keys)


def test_key_tells_messages_apart_and_knows_repetitions() -> None:
    same = [message(MsgType="text", Content=said).key for said in ("a", "a")]
    assert same[0] == same[1]
    other_customer = understand(SENT | {"FromUserName": "o2", "MsgType": "text", "MsgId": "23637352235060880"})
    assert isinstance(other_customer, Push) and other_customer.key != same[0]


def test_messages_without_an_id_are_told_apart_by_what_they_hold() -> None:
    first, again, other = (heard(MsgType="text", Content=said) for said in ("一", "一", "二"))
    assert first.key == again.key != other.key  # type: ignore[union-attr]


def test_events_of_one_second_are_told_apart() -> None:
    keys = [
        event("CLICK", EventKey="A").key,
        event("CLICK", EventKey="B").key,
        event("VIEW", EventKey="A").key,
        event("TEMPLATESENDJOBFINISH", MsgID="1").key,
        event("TEMPLATESENDJOBFINISH", MsgID="2").key,
        event("CLICK", EventKey="A", CreateTime="1714112446").key,
    ]
    assert len(set(keys)) == len(keys)
    assert event("CLICK", EventKey="A").key == keys[0]


def test_format_of_the_body_is_known_for_the_reply() -> None:
    assert not read_body(as_xml(SENT)).json
    assert read_body(json.dumps(SENT).encode()).json
    marked = b"\xef\xbb\xbf\n"
    assert read_body(marked + as_xml(SENT)).fields == read_body(marked + json.dumps(SENT).encode()).fields == SENT


def test_nothing_unprintable_gets_in() -> None:
    push = understand(read_body(json.dumps(SENT | {"MsgType": "text", "Content": "a\0\ud800b"}).encode()).fields)
    assert isinstance(push, parse.Text) and push.content == "ab"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"success",
        b"<xml/>",
        b"<xml></xml>",
        b"<xml>text</xml>",
        b"<xml><a>",
        b"<html><a>1</a></html>",
        b"[1]",
        b'"text"',
        b"null",
        b"{",
        b'{"a":' * 10_000,
        b'{"a":' + b"[" * 30_000,
        b'{"a": 1' + b"0" * 10_000 + b"}",
        "<xml><a>好</a></xml>".encode("gb18030"),
        "<xml><a>a</a></xml>".encode("utf-16"),
        b"\xff\xfe\x00",
        f"<!DOCTYPE x [{LAUGHS}]><xml><Content>&l9;</Content></xml>".encode(),
        b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><Content>&f;</Content></xml>',
        b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x">%p;]><xml><Content>a</Content></xml>',
        b"<xml>" + b"<a>1</a>" * 10_000 + b"</xml>",
    ],
    ids=range(21),
)
def test_unreadable_bodies(body: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        read_body(body)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@pytest.mark.parametrize(
    "broken",
    [
        {"FromUserName": None},
        {"FromUserName": "a b"},
        {"FromUserName": "用户"},
        {"FromUserName": "o" * 129},
        {"FromUserName": {"a": "b"}},
        {"ToUserName": ["a", "b"]},
        {"CreateTime": "yesterday"},
        {"CreateTime": "1" * 13},
        {"CreateTime": 1.5},
        {"CreateTime": True},
        {"MsgType": {"a": 1}},
        {"Content": ["a"]},
        {"Content": True},
        {"MsgId": {}},
    ],
)
def test_fields_of_the_wrong_kind(broken: dict[str, Any]) -> None:
    fields = {**SENT, "MsgType": "text", "MsgId": "1", "Content": "a", **broken}
    with pytest.raises(Unreadable):
        understand(fields)


def test_deep_nesting_without_a_message_id() -> None:
    deep = b"<a>" * 8_000 + b"</a>" * 8_000
    body = as_xml(SENT | {"MsgType": "text", "Content": "a"}).replace(b"</xml>", deep + b"</xml>")
    assert isinstance(understand(read_body(body).fields), parse.Text)


@given(st.dictionaries(st.sampled_from(NAMES), st.one_of(VALUES, st.sampled_from(KINDS))))
def test_any_fields_are_understood_or_unreadable(fields: dict[str, Any]) -> None:
    try:
        understood = understand({**SENT, **fields})
    except Unreadable:
        return
    assert isinstance(understood, (Push, Doorbell))


@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=100).map(lambda text: f"<xml><a>{text}</a></xml>".encode("utf-8", "replace")),
    )
)
def test_any_body_is_read_or_unreadable(body: bytes) -> None:
    try:
        read = read_body(body)
    except Unreadable:
        return
    assert isinstance(read.fields, dict)
