"""Settings of the WeCom channel, read from the environment once when Rasa starts."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rasa.shared.exceptions import RasaException

from addons.channels.wechat_settings import SignInPage, aes_keys, check_addresses, required, sign_in_page

API = "https://qyapi.weixin.qq.com"
PREFIX = "/wecom"
POOL = "*"
_SECRETS = ("WECOM_SECRET", "WECOM_TOKEN", "WECOM_AES_KEY")
_NEEDED = (*_SECRETS, "WECOM_KFID")
_DESK = re.compile(r"[0-9A-Za-z_-]{1,64}")
_SERVICER = re.compile(r"[0-9A-Za-z_.@-]{1,64}|\*")
MENDING = (
    "the WeCom channel cannot start; set it (docs/wechat.md says where WeCom's console shows it), "
    "or unset WECOM_CORP_ID: the channel is off then"
)


@dataclass(frozen=True)
class WeComSettings:
    """Of one corporation's 微信客服.

    `aes_keys`: the current EncodingAESKey, then the previous one. `desks`: open_kfid of the accounts the bot serves.
    `servicers`: who is asked to take a customer over; "*" is the account's own queue; none: nobody is.
    """

    corp_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_keys: tuple[str, ...] = field(repr=False)
    desks: tuple[str, ...]
    servicers: tuple[str, ...]
    api_url: str
    origin: str
    sign_in: SignInPage


def read_settings(environ: Mapping[str, str] = os.environ) -> WeComSettings | None:
    """Settings of this process; None without WECOM_CORP_ID: the channel is off. Raises RasaException with one line."""
    corp_id = environ.get("WECOM_CORP_ID")
    if not corp_id:
        stray = next((name for name in _NEEDED if environ.get(name)), None)
        if stray is not None:
            raise RasaException(f"{stray} is set without WECOM_CORP_ID: set it, or unset all of WECOM_.")
        return None
    secret, token, _, desks = (required(environ, name, MENDING) for name in _NEEDED)
    settings = WeComSettings(
        corp_id=corp_id,
        secret=secret,
        token=token,
        aes_keys=aes_keys(environ, "WECOM"),
        desks=_listed("WECOM_KFID", desks, _DESK),
        servicers=_listed("WECOM_SERVICERS", environ.get("WECOM_SERVICERS", ""), _SERVICER),
        api_url=environ.get("WECOM_API_URL") or API,
        origin=required(environ, "WECHAT_ORIGIN", MENDING),
        sign_in=sign_in_page(environ, PREFIX, MENDING),
    )
    if not settings.desks:
        raise RasaException("WECOM_KFID names no account: it must be one open_kfid, or several separated by commas.")
    check_addresses(settings.origin, "WECOM_API_URL", settings.api_url, environ.get("ZHANGGUI_SANDBOX") == "1")
    return settings


def _listed(name: str, text: str, one: re.Pattern[str]) -> tuple[str, ...]:
    items = tuple(item.strip() for item in text.split(",") if item.strip())
    for item in items:
        if not one.fullmatch(item):
            raise RasaException(f"{name} holds {item!r}: it must be names separated by commas.")
    return items
