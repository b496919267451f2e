"""Settings of the WeChat channel, read from the environment once when Rasa starts."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rasa.shared.exceptions import RasaException

from addons.channels.web_settings import is_loopback

API = "https://api.weixin.qq.com"
PREFIX = "/wechat"
OFFICIAL, MINI_PROGRAM = "official", "mini_program"
_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?")
_TEMPLATE = re.compile(r"(?P<id>[A-Za-z0-9_-]{1,64}):(?P<field>[A-Za-z][A-Za-z0-9_]{0,31})")
_CREDENTIALS = ("WECHAT_APP_SECRET", "WECHAT_TOKEN")
MENDING = (
    "the WeChat channel cannot start; set it (docs/wechat.md says where WeChat's console shows it), "
    "or remove addons.channels.wechat.WeChatChannel from credentials.yml"
)


@dataclass(frozen=True)
class Template:
    """A template message, and which of its placeholders takes our sentence."""

    id: str
    field: str


@dataclass(frozen=True)
class SignInPage:
    """The bank's sign-in page: its address, its public keys, who signs; `returns` is where it leads back to."""

    url: str
    keys_url: str
    issuer: str
    returns: str


@dataclass(frozen=True)
class WeChatSettings:
    """Of one Official Account or mini-program.

    `may_push`: the account has the customer-service API. `desk`: a customer who wants a person goes to WeChat's own
    desk. `aes_keys`: the current EncodingAESKey, then the previous one; none for an account in plaintext mode.
    """

    app_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_keys: tuple[str, ...] = field(repr=False)
    api_url: str
    origin: str
    sign_in: SignInPage
    kind: str = OFFICIAL
    may_push: bool = True
    desk: bool = False
    template: Template | None = None


def read_settings(environ: Mapping[str, str] = os.environ) -> WeChatSettings | None:
    """Settings of this process; None in a sandbox without an account. Raises RasaException with one line."""
    app_id, sandbox = environ.get("WECHAT_APP_ID"), environ.get("ZHANGGUI_SANDBOX") == "1"
    if not app_id:
        if sandbox:
            return None
        raise RasaException(f"WECHAT_APP_ID is not set: {MENDING}.")
    secret, token = (required(environ, name) for name in _CREDENTIALS)
    settings = WeChatSettings(
        app_id=app_id,
        secret=secret,
        token=token,
        aes_keys=aes_keys(environ, "WECHAT"),
        api_url=environ.get("WECHAT_API_URL") or API,
        origin=required(environ, "WECHAT_ORIGIN"),
        sign_in=sign_in_page(environ, PREFIX),
        kind=_one_of(environ, "WECHAT_KIND", (OFFICIAL, MINI_PROGRAM)),
        may_push=_one_of(environ, "WECHAT_CUSTOMER_SERVICE", ("0", "1")) == "1",
        desk=_one_of(environ, "WECHAT_DESK", ("0", "1")) == "1",
        template=_template(environ),
    )
    check_addresses(settings.origin, "WECHAT_API_URL", settings.api_url, sandbox)
    return settings


def required(environ: Mapping[str, str], name: str, mending: str = MENDING) -> str:
    """Value of a variable. Raises RasaException with `mending` (who cannot start, what to do) when it is not set."""
    value = environ.get(name)
    if not value:
        raise RasaException(f"{name} is not set: {mending}.")
    return value


def aes_keys(environ: Mapping[str, str], prefix: str) -> tuple[str, ...]:
    """The current and the previous EncodingAESKey. Raises RasaException for a previous one alone."""
    current, previous = environ.get(f"{prefix}_AES_KEY"), environ.get(f"{prefix}_AES_KEY_PREVIOUS")
    if previous and not current:
        raise RasaException(f"{prefix}_AES_KEY_PREVIOUS is set without {prefix}_AES_KEY: set the current key as well.")
    return tuple(key for key in (current, previous) if key)


def sign_in_page(environ: Mapping[str, str], prefix: str, mending: str = MENDING) -> SignInPage:
    """The sign-in page for the channel whose own page is below `prefix`. Raises RasaException."""
    origin, url, keys_url, issuer = (
        required(environ, name, mending)
        for name in ("WECHAT_ORIGIN", "WEB_SIGN_IN_URL", "WEB_SIGN_IN_KEYS_URL", "WEB_SIGN_IN_ISSUER")
    )
    return SignInPage(url, keys_url, issuer, returns=f"{origin}{prefix}/bind")


def _one_of(environ: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = required(environ, name)
    if value not in allowed:
        raise RasaException(f"{name} is {value!r}: it must be {' or '.join(allowed)}.")
    return value


def _template(environ: Mapping[str, str]) -> Template | None:
    text = environ.get("WECHAT_NOTICE_TEMPLATE")
    if not text:
        return None
    found = _TEMPLATE.fullmatch(text)
    if not found:
        raise RasaException("WECHAT_NOTICE_TEMPLATE is not <template id>:<placeholder>, such as Abc_1:thing1")
    return Template(found["id"], found["field"])


def check_addresses(origin: str, named: str, api: str, sandbox: bool) -> None:
    """Raises RasaException for what cannot be right: `origin` (WECHAT_ORIGIN), the server `api` (variable `named`)."""
    if not _ORIGIN.fullmatch(origin):
        raise RasaException(
            f"WECHAT_ORIGIN is {origin!r}, not an origin: write it like https://chat.bank.example, no path."
        )
    if sandbox:
        return
    for name, url in (("WECHAT_ORIGIN", origin), (named, api)):
        if not url.startswith("https://") and not is_loopback(url):
            raise RasaException(f"{name} is {url}: outside the sandbox it must be https://.")
