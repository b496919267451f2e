"""Settings of the web channel, read from the environment once when Rasa starts."""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from rasa.shared.exceptions import RasaException

PAGES = Path(__file__).resolve().parents[2] / "web" / "chat" / "dist"

# Browsers write an origin in lower case; a part of it stands in the page's policy, so that nothing else may be in it.
_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class WebSettings:
    """`origins[0]` is the page's own address; `embed_origins` are the bank's sites that may frame the page."""

    sandbox: bool
    origins: tuple[str, ...]
    embed_origins: tuple[str, ...]
    proxies: tuple[Network, ...]
    sign_in_url: str
    sign_in_keys_url: str
    sign_in_issuer: str
    phone_url: str | None
    messages_a_minute: int
    redis_url: str | None = None
    pages: Path = PAGES

    @property
    def secure(self) -> bool:
        """Whether customers come over HTTPS; cookies are then for HTTPS only."""
        return self.origins[0].startswith("https://")

    @property
    def cookie(self) -> str:
        """Name of the cookie. The path is ours alone, so `__Host-` cannot be: it wants the path /."""
        return "__Secure-zhanggui_chat" if self.secure else "zhanggui_chat"


def read_settings(environ: Mapping[str, str] = os.environ) -> WebSettings:
    """Settings of this process. Raises RasaException with one line for the operator."""
    sandbox = environ.get("ZHANGGUI_SANDBOX") == "1"
    settings = WebSettings(
        sandbox=sandbox,
        origins=tuple(_origin("WEB_ORIGINS", text) for text in _listed(environ, "WEB_ORIGINS")),
        embed_origins=tuple(_origin("WEB_EMBED_ORIGINS", text) for text in _listed(environ, "WEB_EMBED_ORIGINS")),
        proxies=tuple(_network(text) for text in _listed(environ, "WEB_TRUSTED_PROXIES")),
        sign_in_url=required(environ, "WEB_SIGN_IN_URL"),
        sign_in_keys_url=required(environ, "WEB_SIGN_IN_KEYS_URL"),
        sign_in_issuer=required(environ, "WEB_SIGN_IN_ISSUER"),
        phone_url=required(environ, "CORE_BANK_URL") + "/sandbox/phone" if sandbox else None,
        messages_a_minute=_number(environ, "WEB_MESSAGES_A_MINUTE"),
        redis_url=environ.get("REDIS_URL") or None,
    )
    if not settings.origins:
        raise RasaException(
            "WEB_ORIGINS is empty: name the address of the chat page, such as https://chat.bank.example"
        )
    return settings


def required(environ: Mapping[str, str], name: str) -> str:
    """Value of a variable. Raises RasaException when it is not set."""
    value = environ.get(name)
    if not value:
        raise RasaException(f"{name} is not set: the web channel cannot start (see tools/environment.py).")
    return value


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listed(environ: Mapping[str, str], name: str) -> list[str]:
    return [part.strip() for part in environ.get(name, "").split(",") if part.strip()]


def _origin(name: str, text: str) -> str:
    if text == "*":
        raise RasaException(f"{name} is *: every site could talk as the customer. Name the sites, separated by commas.")
    if not _ORIGIN.fullmatch(text):
        raise RasaException(f"{name}: {text!r} is not an origin: write it like https://chat.bank.example, no path.")
    return text


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise RasaException(f"WEB_TRUSTED_PROXIES: {text!r} is no address or network, such as 10.0.0.5") from error


def _number(environ: Mapping[str, str], name: str) -> int:
    text = required(environ, name)
    if not text.isascii() or not text.isdigit() or not int(text):
        raise RasaException(f"{name} is {text!r}: it must be a whole number above 0.")
    return int(text)
