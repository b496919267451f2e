"""One push as an HTTP request: signed, sealed where the mode says so, XML or JSON; and its opposite, the answer."""

import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from services.wechat_sandbox import wire
from services.wechat_sandbox.accounts import Account
from services.wechat_sandbox.crypto import CryptoError, same, signature
from services.wechat_sandbox.wire import Fields, WireError


@dataclass(frozen=True)
class PushRequest:
    """`url` carries the signatures, so every attempt has its own; `key` is the index of the EncodingAESKey used."""

    url: str
    body: bytes
    content_type: str
    key: int

    def as_json(self) -> dict[str, Any]:
        return {"url": self.url, "body": self.body.decode(), "content_type": self.content_type}


def build(account: Account, fields: Fields, openid: str) -> PushRequest:
    """Signed with the real time, whatever the account's clock says: a freshness check of the receiver must hold."""
    setup = account.setup
    stamp, nonce = str(int(time.time())), str(secrets.randbelow(10**10))
    query = {"signature": signature(setup.token, stamp, nonce), "timestamp": stamp, "nonce": nonce, "openid": openid}
    inner = _dump(account, fields)
    sent = fields if setup.mode != "safe" else {"ToUserName": fields["ToUserName"]}
    if setup.mode != "plain":
        sealed = account.sealer().seal(inner.encode())
        sent = sent | {"Encrypt": sealed}
        query |= {"encrypt_type": "aes", "msg_signature": signature(setup.token, stamp, nonce, sealed)}
    if setup.kind == "wecom":
        query = {name: query[name] for name in ("msg_signature", "timestamp", "nonce")}
    content_type = "application/json" if setup.body == "json" else "text/xml"
    return PushRequest(
        _with_query(setup.callback_url, query), _dump(account, sent).encode(), content_type, setup.push_key
    )


def build_verification(account: Account) -> tuple[str, str]:
    """URL of the GET by which the console checks a server, and the text it must answer."""
    setup = account.setup
    stamp, nonce, expected = str(int(time.time())), str(secrets.randbelow(10**10)), str(secrets.randbelow(10**19))
    query = {"timestamp": stamp, "nonce": nonce}
    if setup.kind == "wecom":
        sealed = account.sealer().seal(expected.encode())
        query |= {"msg_signature": signature(setup.token, stamp, nonce, sealed), "echostr": sealed}
    else:
        query |= {"signature": signature(setup.token, stamp, nonce), "echostr": expected}
    return _with_query(setup.callback_url, query), expected


def open_answer(account: Account, request: PushRequest, body: str) -> Fields:
    """Fields of a passive reply, opened where it is sealed. Raises WireError or CryptoError.

    A sealed one must use the EncodingAESKey of the push; a plain one is refused in safe mode.
    """
    outer = _load(account, body)
    if "Encrypt" not in outer:
        if account.setup.mode == "safe":
            raise CryptoError("a plain reply in safe mode")
        return outer
    if account.setup.mode == "plain":
        raise CryptoError("a sealed reply in plaintext mode")
    parts = [outer.get(name) for name in ("TimeStamp", "Nonce", "Encrypt")]
    texts = [str(part) for part in parts if isinstance(part, str | int)]
    if len(texts) != len(parts) or not all(texts):
        raise CryptoError("a sealed reply needs Encrypt, MsgSignature, TimeStamp and Nonce")
    if not same(signature(account.setup.token, *texts), outer.get("MsgSignature")):
        raise CryptoError("MsgSignature is wrong")
    try:
        inner = account.sealer(request.key).open(texts[2]).decode()
    except UnicodeDecodeError:
        raise WireError("the sealed reply is not UTF-8") from None
    return _load(account, inner)


def _dump(account: Account, fields: Fields) -> str:
    return wire.to_json(fields) if account.setup.body == "json" else wire.to_xml(fields)


def _load(account: Account, text: str) -> Fields:
    return wire.from_json(text) if account.setup.body == "json" else wire.from_xml(text)


def _with_query(url: str, query: dict[str, str]) -> str:
    return url + ("&" if "?" in url else "?") + urlencode(query)
