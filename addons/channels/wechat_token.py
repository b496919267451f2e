"""The access token of an account: one for all processes, asked for by one of them, renewed before it lapses."""

import json
import logging
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from addons.channels.wechat_http import WeChatHttp
from addons.channels.wechat_outcome import ApiError, Reason
from addons.stores.store import Store, StoreUnavailable

EARLY = 300  # seconds before its end in which WeChat gives a new token and honours both
FORCED_A_DAY, FORCED_APART = 20, 30.0
_TOKEN = re.compile(r"[!-~]{1,1024}")
_LONGEST = 24 * 3600
_REST_AFTER_FAILURE = 3.0
_RENEWING = 15.0

Result = TypeVar("Result")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Grant:
    """A token as the server gave it, good for `seconds`."""

    token: str
    seconds: float


# Asks the server for a token; True: for a new one even if there is one that it thinks is good. Raises ApiError.
Source = Callable[[bool], Awaitable[Grant]]


def stable_token(http: WeChatHttp, appid: str, secret: str) -> Source:
    """The source of an Official Account or mini-program: the same token on every call while it is good."""

    async def ask(force: bool) -> Grant:
        body = {"grant_type": "client_credential", "appid": appid, "secret": secret, "force_refresh": force}
        return read_grant(await http.call("/cgi-bin/stable_token", body, {}))

    return ask


def read_grant(answer: dict[str, object]) -> Grant:
    """Grant of an answer with access_token and expires_in. Raises ApiError."""
    token, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise ApiError(Reason.UNCONFIRMED)
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 < seconds <= _LONGEST:
        raise ApiError(Reason.UNCONFIRMED)
    return Grant(token, seconds)


@dataclass(frozen=True)
class _Held:
    token: str
    renew_at: float
    ends: float


class AccessTokens:
    """The token of one account (`name`) in the store. Its methods raise ApiError, also when the store is away."""

    def __init__(self, store: Store, name: str, source: Source, now: Callable[[], float] = time.time) -> None:
        self._store, self._source, self._now = store, source, now
        self._key = f"wechat:{name}:token"

    async def get(self) -> str:
        """A token that is good as far as is known."""
        try:
            return await self._good()
        except StoreUnavailable:
            raise ApiError(Reason.STORE) from None

    async def renew(self, refused: str) -> str:
        """Another token than the one WeChat refused.

        WeChat is asked kindly first: where the token lapsed, or another process has renewed it, that is all.
        """
        try:
            async with self._store.lock(self._key + ":lock"):
                held = await self._held()
                if held and held.token != refused:
                    return held.token
                token = await self._fetch(force=False)
                return token if token != refused else await self._forced()
        except StoreUnavailable:
            raise ApiError(Reason.STORE) from None

    async def _good(self) -> str:
        held = await self._held()
        if held and held.renew_at > self._now():
            return held.token
        if held and not await self._store.add(self._key + ":renewing", "", _RENEWING):
            return held.token  # another one renews it, and it is good until then
        try:
            async with self._store.lock(self._key + ":lock"):
                current = await self._held()
                return current.token if current and current.renew_at > self._now() else await self._fetch(force=False)
        except ApiError:
            if held and held.ends > self._now():
                return held.token
            raise

    async def _forced(self) -> str:
        if not await self._store.add(self._key + ":forced", "", FORCED_APART):
            raise ApiError(Reason.TOKEN)
        if await self._store.count(self._key + ":forced-today", 24 * 3600) > FORCED_A_DAY:
            raise ApiError(Reason.TOKEN)
        return await self._fetch(force=True)

    async def _fetch(self, force: bool) -> str:
        """Ask for a token and keep it; call it with the lock held. Those who waited share a failure too."""
        failed = self._key + ":failed"
        reason = await self._store.get(failed)
        if reason:
            raise ApiError(Reason(reason))
        try:
            grant = await self._source(force)
        except ApiError as error:
            logger.error("no access token from WeChat: %s", error)
            # Whatever the token was for has not left, so there is no doubt about that.
            reason = Reason.UNREACHABLE if error.reason is Reason.UNCONFIRMED else error.reason
            await self._store.set(failed, reason.value, _REST_AFTER_FAILURE)
            raise ApiError(reason, error.code) from None
        await self._keep(grant)
        return grant.token

    async def _keep(self, grant: Grant) -> None:
        # Not at once again, should WeChat's clock differ and give the old one for its last five minutes.
        fresh = max(grant.seconds - EARLY, min(30.0, grant.seconds / 2))
        value = {"token": grant.token, "renew_at": self._now() + fresh, "ends": self._now() + grant.seconds}
        await self._store.set(self._key, json.dumps(value), grant.seconds)

    async def _held(self) -> _Held | None:
        value = await self._store.get(self._key)
        held = _Held(**json.loads(value)) if value else None
        return held if held and held.ends > self._now() else None


async def with_token(tokens: AccessTokens, call: Callable[[dict[str, str]], Awaitable[Result]]) -> Result:
    """What `call` returns for the query parameter with a token; one that WeChat refuses is renewed once."""
    token = await tokens.get()
    try:
        return await call({"access_token": token})
    except ApiError as error:
        if error.reason is not Reason.TOKEN:
            raise
    return await call({"access_token": await tokens.renew(token)})
