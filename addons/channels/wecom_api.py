"""WeCom 微信客服: messages are fetched with a cursor, and sent under ids of ours."""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from addons.channels.wechat_compose import Pushed
from addons.channels.wechat_http import WeChatHttp
from addons.channels.wechat_menu import Menu
from addons.channels.wechat_outcome import ApiError, Outcome, Reason, Sent, outcome
from addons.channels.wechat_reply import NewsReply
from addons.channels.wechat_text import printable
from addons.channels.wechat_token import AccessTokens, Grant, Source, read_grant, with_token

API = "https://qyapi.weixin.qq.com"
_USED_BEFORE = 40058  # our message id, among other parameters

logger = logging.getLogger(__name__)


def work_token(http: WeChatHttp, corp_id: str, secret: str) -> Source:
    """The source of a WeCom secret: the same token on every call while it is good, whoever asks."""

    async def ask(force: bool) -> Grant:
        return read_grant(await http.call("/cgi-bin/gettoken", None, {"corpid": corp_id, "corpsecret": secret}))

    return ask


@dataclass(frozen=True)
class Page:
    """Messages and events since a cursor, and the next one."""

    entries: list[Mapping[str, Any]]
    cursor: str
    more: bool


class WeComApi:
    """Calls for one desk account (`desk`: its open_kfid). A refused token is renewed once per call."""

    def __init__(self, http: WeChatHttp, tokens: AccessTokens) -> None:
        self._http, self._tokens = http, tokens

    async def sync(self, desk: str, cursor: str, token: str) -> Page:
        """What happened since `cursor` ("" from the beginning). `token`: of the doorbell. Raises ApiError."""
        body = {"open_kfid": desk, "cursor": cursor, "token": token, "limit": 1000, "voice_format": 0}
        answer = await self._call("/cgi-bin/kf/sync_msg", body)
        entries, following = answer.get("msg_list"), answer.get("next_cursor")
        if not isinstance(entries, list) or not isinstance(following, str):
            raise ApiError(Reason.UNCONFIRMED)
        return Page([entry for entry in entries if isinstance(entry, dict)], following, answer.get("has_more") == 1)

    async def send(self, desk: str, customer: str, message: Pushed, reference: str) -> Outcome:
        """Send one message; costs one of the quota. Sent again under the same reference it arrives once."""
        identity = hashlib.sha256(f"{customer} {reference}".encode()).hexdigest()[:32]
        body = {"touser": customer, "open_kfid": desk, "msgid": identity, **_content(message)}
        try:
            await self._call("/cgi-bin/kf/send_msg", body)
            return Sent()
        except ApiError as error:
            if error.reason is not Reason.UNCONFIRMED:
                return outcome(error)
        try:
            await self._call("/cgi-bin/kf/send_msg", body)
        except ApiError as error:
            return Sent() if error.code == _USED_BEFORE else outcome(error)
        return Sent()

    async def _call(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return await with_token(self._tokens, lambda query: self._http.call(path, body, query))


def _content(message: Pushed) -> dict[str, Any]:
    if isinstance(message, Menu):
        entries = [{"type": "click", "click": {"id": entry, "content": label}} for entry, label in message.entries]
        menu = {"head_content": printable(message.head), "list": entries, "tail_content": ""}
        return {"msgtype": "msgmenu", "msgmenu": menu}
    assert not isinstance(message, NewsReply), "articles are off for WeCom"
    return {"msgtype": "text", "text": {"content": printable(message.content)}}
