"""Calls to a WeChat or WeCom server: raw UTF-8 JSON there, limited JSON back, one kind of exception.

The access token is a query parameter there, so no address and no text of aiohttp's exceptions gets out of this file.
"""

import asyncio
import json
import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

from addons.channels.wechat_outcome import REASONS, ApiError, Reason

TIMEOUT = aiohttp.ClientTimeout(total=5, sock_connect=2)
PAUSES = (0.3, 1.0)  # seconds before the second and the third try
_LARGEST_ANSWER = 2 * 1024 * 1024  # a page of WeCom messages is the largest there is
_JSON = {"Content-Type": "application/json; charset=utf-8"}
# What an operator needs of an error message: the address to put on the IP list, the id Tencent's support asks for.
_USEFUL = re.compile(r"invalid ip [0-9a-f.:]{2,45}|rid: [0-9A-Za-z-]{1,64}")
_GATEWAY = (502, 503)  # a gateway that did not get through

logger = logging.getLogger(__name__)


class WeChatHttp:
    """Connections to one server; every try ends within the timeout (5 s)."""

    def __init__(self, base: str, timeout: aiohttp.ClientTimeout = TIMEOUT, pauses: Sequence[float] = PAUSES) -> None:
        """`base`: for instance https://api.weixin.qq.com."""
        self._base, self._timeout, self._pauses = base.rstrip("/"), timeout, pauses
        self._http: aiohttp.ClientSession | None = None

    async def call(self, path: str, body: Mapping[str, Any] | None, query: Mapping[str, str]) -> dict[str, Any]:
        """POST `body` as JSON, or GET without one. Tries again when WeChat is busy or out of reach.

        Returns the answer, whose errcode is 0 or absent. Raises ApiError.
        """
        # Characters beyond ASCII as they are: customers see \\u4f60 otherwise. Half a surrogate pair is dropped.
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8", "ignore")
        for pause in self._pauses:
            try:
                return await self._try(path, data, query)
            except ApiError as error:
                if error.reason not in (Reason.BUSY, Reason.UNREACHABLE):
                    raise
            await asyncio.sleep(pause)
        return await self._try(path, data, query)

    async def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            await self._http.close()

    async def _try(self, path: str, data: bytes | None, query: Mapping[str, str]) -> dict[str, Any]:
        status, raw, failure = 0, b"", None
        try:
            async with self._session().request(
                "GET" if data is None else "POST",
                self._base + path,
                data=data,
                params=query,
                headers=None if data is None else _JSON,
                allow_redirects=False,
            ) as response:
                status, raw = response.status, await _read(response)
        except (aiohttp.ClientConnectorError, aiohttp.ServerTimeoutError) as error:
            failure = ApiError(Reason.UNREACHABLE), type(error).__name__
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
            failure = ApiError(Reason.UNCONFIRMED), type(error).__name__
        if failure:  # raised out here, where the exception with the address in it is no longer its context
            logger.warning("WeChat %s: %s", path, failure[1])
            raise failure[0]
        return _answer(path, status, raw)

    def _session(self) -> aiohttp.ClientSession:
        # Made inside the running loop: Rasa builds channels before it starts one.
        if self._http is None or self._http.closed:
            # A new connection each time: one that WeChat has just closed for being idle breaks in the middle of a push,
            # which may not be repeated then, because nobody knows whether it got there.
            connector = aiohttp.TCPConnector(force_close=True)
            self._http = aiohttp.ClientSession(connector=connector, timeout=self._timeout)
        return self._http


async def _read(response: aiohttp.ClientResponse) -> bytes:
    raw = b""
    async for chunk in response.content.iter_any():
        raw += chunk
        if len(raw) > _LARGEST_ANSWER:
            raise ValueError("answer too large")
    return raw


def _answer(path: str, status: int, raw: bytes) -> dict[str, Any]:
    answer = _object(raw) if status == 200 else None
    code = None if answer is None else answer.get("errcode", 0)
    if answer is None or isinstance(code, bool) or not isinstance(code, int):
        logger.warning("WeChat %s: HTTP %d without an answer", path, status)
        raise ApiError(Reason.UNREACHABLE if status in _GATEWAY else Reason.UNCONFIRMED)
    if code == 0:
        return answer
    logger.warning("WeChat %s: errcode %d %s", path, code, "; ".join(_USEFUL.findall(str(answer.get("errmsg")))))
    raise ApiError(REASONS.get(code, Reason.UNKNOWN), code)


def _object(raw: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None
