"""The API of WeCom 微信客服: messages are fetched with a cursor, and sent under ids of ours."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from addons.channels.wechat_compose import Pushed
from addons.channels.wechat_http import WeChatHttp
from addons.channels.wechat_outcome import ApiError, Reason
from addons.channels.wechat_token import AccessTokens, Grant, Source, read_grant, with_token
from addons.channels.wecom_content import content

NEW, BOT, QUEUE, PERSON, OVER = range(5)  # states of a customer's session
NOT_ALLOWED_NOW = 95018  # errcode: a person has the session, or it is over
BAD_TOKEN = 95007
PAGE = 50  # messages at a time; of the longest texts too, a page stays below wechat_http's limit
# What these mean here; WeChat's table of codes lacks them, or has them for something else. From WeCom's list of codes
# (developer.work.weixin.qq.com/document/path/90313) as others quote it; 95000 and 95004 from memory, not looked up.
_REASONS = {
    95001: Reason.QUOTA_SPENT,
    95002: Reason.WINDOW_CLOSED,
    95013: Reason.WINDOW_CLOSED,
    NOT_ALLOWED_NOW: Reason.WINDOW_CLOSED,
    40096: Reason.BAD_OPENID,
    48002: Reason.NO_PERMISSION,
    60011: Reason.NO_PERMISSION,
    95017: Reason.NO_PERMISSION,
    301002: Reason.NO_PERMISSION,
    95000: Reason.CREDENTIALS,
    95004: Reason.CREDENTIALS,
    60020: Reason.IP_NOT_LISTED,
    45033: Reason.TOO_FAST,
}

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
    """Calls for the accounts (`desk`: their open_kfid) of a corporation. Every method raises ApiError.

    A refused token is renewed once per call.
    """

    def __init__(self, http: WeChatHttp, tokens: AccessTokens) -> None:
        self._http, self._tokens = http, tokens

    async def sync(self, desk: str, cursor: str, token: str) -> Page:
        """What happened since `cursor` ("" : as far back as WeCom goes). `token`: of the doorbell, or ""."""
        known = {name: value for name, value in (("cursor", cursor), ("token", token)) if value}
        body = {"open_kfid": desk, "limit": PAGE, "voice_format": 0, **known}
        answer = await self._call("/cgi-bin/kf/sync_msg", body)
        entries, following = answer.get("msg_list"), answer.get("next_cursor")
        if not isinstance(entries, list) or not isinstance(following, str):
            raise ApiError(Reason.UNCONFIRMED)
        return Page([entry for entry in entries if isinstance(entry, dict)], following, answer.get("has_more") == 1)

    async def send(self, desk: str, customer: str, message: Pushed, identity: str, again: bool = False) -> None:
        """Send one message; costs one of the quota. Under the same `identity` it arrives once.

        `again`: it may have been sent before.
        """
        body = {"touser": customer, "open_kfid": desk, "msgid": identity, **content(message)}
        await self._once("/cgi-bin/kf/send_msg", body, again)

    async def respond(self, code: str, message: Pushed, identity: str) -> None:
        """Send the one message that the code of an event, or of a change of state, allows; costs no quota."""
        await self._once("/cgi-bin/kf/send_msg_on_event", {"code": code, "msgid": identity, **content(message)}, False)

    async def state(self, desk: str, customer: str) -> int:
        """State of the customer's session."""
        answer = await self._call("/cgi-bin/kf/service_state/get", {"open_kfid": desk, "external_userid": customer})
        state = answer.get("service_state")
        if isinstance(state, bool) or not isinstance(state, int):
            raise ApiError(Reason.UNCONFIRMED)
        return state

    async def change(self, desk: str, customer: str, state: int, servicer: str | None = None) -> str | None:
        """Bring the session into another state; the code for telling the customer, if there is one."""
        body = {"open_kfid": desk, "external_userid": customer, "service_state": state}
        answer = await self._call(
            "/cgi-bin/kf/service_state/trans", {**body, **({"servicer_userid": servicer} if servicer else {})}
        )
        code = answer.get("msg_code")
        return code if isinstance(code, str) and code else None

    async def _once(self, path: str, body: Mapping[str, Any], again: bool) -> None:
        """With a second try under the same id when the reply was lost, and what a used id is refused with ignored."""
        for last in (False, True):
            try:
                await self._call(path, body)
                return
            except ApiError as error:
                # WeCom does not document its code for an id that was used; those that mean something else are known.
                if again and error.reason is Reason.UNKNOWN:
                    logger.info("WeCom %s: sent before (%s)", path, error)
                    return
                if last or error.reason is not Reason.UNCONFIRMED:
                    raise
            again = True

    async def _call(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return await with_token(self._tokens, lambda query: self._http.call(path, body, query))
        except ApiError as error:
            if error.code not in _REASONS:
                raise
            raise ApiError(_REASONS[error.code], error.code) from None
