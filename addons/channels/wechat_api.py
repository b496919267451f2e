"""The customer-service API of WeChat: what is pushed to a customer, and WeChat's own desk."""

import logging
from collections.abc import Mapping
from typing import Any

from addons.channels.wechat_compose import Pushed
from addons.channels.wechat_http import WeChatHttp
from addons.channels.wechat_outcome import ApiError, Outcome, Sent, outcome
from addons.channels.wechat_reply import NewsReply, TextReply
from addons.channels.wechat_text import printable
from addons.channels.wechat_token import AccessTokens, with_token

logger = logging.getLogger(__name__)


class WeChatApi:
    """Calls for one account. A refused token is renewed once per call."""

    def __init__(self, http: WeChatHttp, tokens: AccessTokens, mini_program: bool = False) -> None:
        self._http, self._tokens = http, tokens
        self._typing = f"/cgi-bin/message/custom/{'business/' if mini_program else ''}typing"

    async def send(self, openid: str, message: Pushed) -> Outcome:
        """Push one message; costs one of the quota. Never raises for what WeChat does."""
        return await self._delivered("/cgi-bin/message/custom/send", {"touser": openid, **_content(message)})

    async def typing(self, openid: str) -> None:
        """Show for 15 s that an answer is being written; whether it can be shown is of no importance."""
        try:
            await self._call(self._typing, {"touser": openid, "command": "Typing"})
        except ApiError as error:
            logger.debug("typing not shown: %s", error)

    async def notify(self, openid: str, template: str, data: Mapping[str, str], url: str | None = None) -> Outcome:
        """Send a template message, outside the quota: `data` fills the placeholders of the template."""
        values = {name: {"value": printable(value)} for name, value in data.items()}
        body = {"touser": openid, "template_id": template, "data": values, **({"url": url} if url else {})}
        return await self._delivered("/cgi-bin/message/template/send", body)

    async def transfer(self, openid: str, agent: str) -> Outcome:
        """Connect a customer with an agent of WeChat's own desk, who must be online."""
        return await self._delivered("/customservice/kfsession/create", {"openid": openid, "kf_account": agent})

    async def agents_online(self) -> list[str]:
        """Accounts of the agents who are there now. Raises ApiError."""
        answer = await self._call("/cgi-bin/customservice/getonlinekflist", None)
        listed = answer.get("kf_online_list")
        agents = [agent for agent in listed if isinstance(agent, dict)] if isinstance(listed, list) else []
        return [agent["kf_account"] for agent in agents if isinstance(agent.get("kf_account"), str)]

    async def _delivered(self, path: str, body: Mapping[str, Any]) -> Outcome:
        try:
            await self._call(path, body)
        except ApiError as error:
            return outcome(error)
        return Sent()

    async def _call(self, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        return await with_token(self._tokens, lambda query: self._http.call(path, body, query))


def _content(message: Pushed) -> dict[str, Any]:
    if isinstance(message, TextReply):
        return {"msgtype": "text", "text": {"content": printable(message.content)}}
    if isinstance(message, NewsReply):
        words = {"title": printable(message.title), "description": printable(message.description)}
        article = {**words, "url": message.url, "picurl": message.picture}
        return {"msgtype": "news", "news": {"articles": [article]}}
    entries = [{"id": entry, "content": label} for entry, label in message.entries]
    menu = {"head_content": printable(message.head), "list": entries, "tail_content": ""}
    return {"msgtype": "msgmenu", "msgmenu": menu}
