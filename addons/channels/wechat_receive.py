"""HTTP of WeChat's and WeCom's pushes: is it Tencent, and what does it say."""

import logging
import re
import time
from dataclasses import dataclass

from sanic.request import Request
from sanic.response import HTTPResponse

from addons.channels.wechat_crypto import NotAuthentic, PushCrypto
from addons.channels.wechat_parse import LARGEST_BODY, Doorbell, Push, Unreadable, read_body, understand
from addons.channels.wechat_reply import Reply, encrypted, passive

_ECHO = re.compile(r"[!-~]{1,256}")
_SECONDS = re.compile(r"[0-9]{1,12}")
_KINDS = ("text/xml", "application/xml", "application/json", "text/plain")
# How far the signed time may be from ours. WeChat comes again within seconds, and what it sent is remembered for twice
# as long (wechat_routes): what is older may be something somebody recorded, and must not run a second time.
FRESH_SECONDS = 300
_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}

logger = logging.getLogger(__name__)


class Refused(Exception):
    """An HTTP error; the text says why, and names nothing of the request."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True)
class Received:
    """An authentic push, and how the reply to it has to look. `stale`: it was signed long ago."""

    what: Push | Doorbell
    crypto: PushCrypto
    key: int | None
    json: bool
    stale: bool = False

    def seal(self, reply: Reply) -> str:
        """Body of the HTTP response that carries `reply`."""
        assert isinstance(self.what, Push), "a doorbell is not answered"
        now = int(time.time())
        text = passive(reply, self.what, now, self.json)
        return text if self.key is None else encrypted(text, self.crypto, self.key, now, self.json)


@dataclass(frozen=True)
class Receiver:
    """Checks what comes in for one account.

    `safe`: the account's mode is safe or compatible; whatever is not encrypted is then refused. `work`: it is WeCom,
    which encrypts the echostr too and signs with msg_signature only.
    """

    crypto: PushCrypto
    safe: bool
    work: bool = False

    def verify(self, request: Request) -> str:
        """What a URL verification wants to hear. Raises Refused."""
        names = ("msg_signature", "timestamp", "nonce") if self.work else ("signature", "timestamp", "nonce")
        signature, timestamp, nonce = (_once(request, name) for name in names)
        echo = _once(request, "echostr")
        if not _ECHO.fullmatch(echo):
            raise Refused(403, "echostr")
        try:
            if self.work:
                return self.crypto.open(echo, signature, timestamp, nonce).text
            self.crypto.verify(signature, timestamp, nonce)
        except NotAuthentic as error:
            raise Refused(403, str(error)) from error
        return echo

    async def receive(self, request: Request) -> Received:
        """Read a push. Raises Refused."""
        timestamp, nonce = _once(request, "timestamp"), _once(request, "nonce")
        if not self.work:
            self._verify(_once(request, "signature"), timestamp, nonce)
        stale = not _SECONDS.fullmatch(timestamp) or abs(time.time() - int(timestamp)) > FRESH_SECONDS
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in _KINDS:
            raise Refused(415, "content type")
        raw = await _read(request)
        try:
            body = read_body(raw)
            sealed = body.fields.get("Encrypt")
            if sealed is None and not self.safe:
                return Received(understand(body.fields), self.crypto, None, body.json, stale)
            if not isinstance(sealed, str):
                raise Refused(403, "not encrypted")
            opened = self.crypto.open(sealed, _once(request, "msg_signature"), timestamp, nonce)
            inner = read_body(opened.text.encode("utf-8", "surrogatepass"))
            return Received(understand(inner.fields), self.crypto, opened.key, body.json, stale)
        except NotAuthentic as error:
            raise Refused(403, str(error)) from error
        except Unreadable as error:
            raise Refused(400, str(error)) from error

    def _verify(self, signature: str, timestamp: str, nonce: str) -> None:
        try:
            self.crypto.verify(signature, timestamp, nonce)
        except NotAuthentic as error:
            raise Refused(403, str(error)) from error


def text_response(text: str, status: int = 200) -> HTTPResponse:
    """Text that no browser takes for a page; XML and JSON replies too."""
    kind = "application/xml" if text.startswith("<xml>") else "text/plain"
    if text.startswith("{"):
        kind = "application/json"
    return HTTPResponse(text, status, _HEADERS, f"{kind}; charset=utf-8")


def refusal(refused: Refused) -> HTTPResponse:
    """The answer to what is not WeChat's; the reason is for our log alone."""
    logger.warning("a request was refused (%d): %s", refused.status, refused)
    return text_response("", refused.status)


def _once(request: Request, name: str) -> str:
    """A parameter that is given exactly once."""
    given = request.get_args(keep_blank_values=True).getlist(name) or []
    if len(given) != 1 or not given[0] or len(given[0]) > 2048 or not given[0].isascii():
        raise Refused(403, f"parameter {name}")
    return str(given[0])


async def _read(request: Request) -> bytes:
    assert request.stream is not None, "a route with a body is declared with stream=True"
    raw = b""
    async for chunk in request.stream:
        raw += chunk
        if len(raw) > LARGEST_BODY:
            raise Refused(413, "body too large")
    return raw
