"""Binding an openid to a customer: a link for one follower, the bank's sign-in page, a code on the customer's phone."""

import hashlib
import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from addons.channels.core_client import BindingRefused, CoreClient, CoreUnavailable
from addons.channels.web_token import KeysUnavailable, TokenChecker, TokenRefused
from addons.channels.wechat_followers import Followers
from addons.channels.wechat_settings import SignInPage
from addons.stores.store import Store

LINK_SECONDS = 5 * 60.0
# The code of the bank is asked for again at most this often: the core counts the tries.
_OVER = ("code_expired", "code_locked", "attempt_invalid")

logger = logging.getLogger(__name__)

Tell = Callable[[str, str], Awaitable[None]]
"""(openid, masked name): say in WeChat that it is bound."""


class BindRefused(Exception):
    """`code` is a key of the page's words; `tries_left` with code_wrong; `again`: the code can be entered once more."""

    def __init__(self, code: str, tries_left: int | None = None, again: bool = False) -> None:
        super().__init__(code)
        self.code, self.tries_left, self.again = code, tries_left, again


@dataclass(frozen=True)
class Asking:
    """The page asks for the code: `state` names the attempt; name and phone are masked."""

    state: str
    name: str
    phone: str


@dataclass(frozen=True)
class Bindings:
    """Of one account. Every method may raise StoreUnavailable."""

    account: str
    page: SignInPage
    store: Store
    core: CoreClient
    tokens: TokenChecker
    followers: Followers
    tell: Tell

    async def link(self, openid: str) -> str:
        """Address of the sign-in page for one follower: good once, for five minutes."""
        binding = secrets.token_urlsafe(32)
        await self.store.set(_key("link", binding), openid, LINK_SECONDS)
        query = {"return": self.page.returns, "binding": binding, "channel": "wechat"}
        return f"{self.page.url}?{urlencode(query)}"

    async def begin(self, token: str) -> Asking:
        """The customer is back from the sign-in page: send them a code. Raises BindRefused."""
        try:
            checked = await self.tokens.read(token)
        except TokenRefused as refused:
            raise BindRefused(refused.code) from refused
        except KeysUnavailable as error:
            raise BindRefused("unavailable") from error
        openid = await self.store.take(_key("link", checked.binding))
        if openid is None:
            raise BindRefused("link_used")
        try:
            attempt = await self.core.bind_wechat(checked.ticket, self.account, openid)
        except BindingRefused as refused:
            raise BindRefused(refused.code) from refused
        except CoreUnavailable as error:
            logger.warning("a binding was not begun: %s", error)
            raise BindRefused("unavailable") from error
        asking = Asking(secrets.token_urlsafe(32), attempt.name_masked, attempt.phone_masked)
        held = {"attempt": attempt.attempt, "openid": openid, "name": asking.name, "phone": asking.phone}
        await self.store.set(_key("state", asking.state), json.dumps(held), LINK_SECONDS)
        return asking

    async def asking(self, state: str) -> Asking:
        """The attempt of a state. Raises BindRefused."""
        held = await self.store.get(_key("state", state))
        if held is None:
            raise BindRefused("attempt_invalid")
        found = json.loads(held)
        return Asking(state, found["name"], found["phone"])

    async def confirm(self, state: str, code: str) -> str:
        """Bind; the masked name. Raises BindRefused."""
        held = await self.store.get(_key("state", state))
        if held is None:
            raise BindRefused("attempt_invalid")
        found = json.loads(held)
        try:
            name = await self.core.confirm_wechat(found["attempt"], code)
        except BindingRefused as refused:
            if refused.code in _OVER:
                await self.store.delete(_key("state", state))
            raise BindRefused(refused.code, refused.tries_left, refused.code not in _OVER) from refused
        except CoreUnavailable as error:
            logger.warning("a binding was not confirmed: %s", error)
            raise BindRefused("unavailable", again=True) from error
        await self.store.delete(_key("state", state))
        await self.followers.end_sign_in(found["openid"])
        await self.tell(found["openid"], name)
        return name


def _key(kind: str, value: str) -> str:
    return f"wechat:bind-{kind}:{hashlib.sha256(value.encode('utf-8', 'surrogatepass')).hexdigest()}"
