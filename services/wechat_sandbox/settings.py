"""Settings of the process, from the environment. Nothing here has a default: tools/environment.py holds the table."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from services.wechat_sandbox.accounts import Setup
from services.wechat_sandbox.crypto import is_aes_key

_MINIMUM_SECRET_LENGTH = 16
_DEMO_VARIABLES = ("WECHAT_APP_ID", "WECHAT_APP_SECRET", "WECHAT_TOKEN", "WECHAT_AES_KEY")
DEMO_TEMPLATE = "zhanggui_demo_template"
DEMO_DESK = "kf2001@zhanggui"


class SettingsError(Exception):
    """One line for the operator: what is wrong, where, how to mend it."""


@dataclass(frozen=True)
class Settings:
    """`demo` is the account of the phone page: its credentials are those the connector was given.

    `codes_url`: where the bank's text messages can be read.
    """

    control_token: str = field(repr=False)
    host: str
    port: int
    url: str
    demo: Setup | None = None
    codes_url: str = ""


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Raises SettingsError when a variable is missing or unusable, or outside the sandbox."""
    if environ.get("ZHANGGUI_SANDBOX") != "1":
        raise SettingsError("wechat sandbox: it plays Tencent and runs in the sandbox only (ZHANGGUI_SANDBOX=1)")
    token = _required(environ, "WECHAT_SANDBOX_TOKEN")
    if len(token) < _MINIMUM_SECRET_LENGTH:
        raise SettingsError(
            f"wechat sandbox: WECHAT_SANDBOX_TOKEN has under {_MINIMUM_SECRET_LENGTH} characters; use a random value"
        )
    return Settings(
        control_token=token,
        host=_required(environ, "WECHAT_SANDBOX_HOST"),
        port=_port(environ, "WECHAT_SANDBOX_PORT"),
        url=_required(environ, "WECHAT_SANDBOX_URL").rstrip("/"),
        demo=_demo(environ),
        codes_url=_codes_url(environ),
    )


def _demo(environ: Mapping[str, str]) -> Setup | None:
    """None while the connector has no credentials: then the page says how to give it some."""
    app_id, secret, token, aes_key = (environ.get(name, "").strip() for name in _DEMO_VARIABLES)
    if not (app_id and secret and token and aes_key):
        return None
    if not is_aes_key(aes_key):
        raise SettingsError("wechat sandbox: WECHAT_AES_KEY is no EncodingAESKey (43 characters of A-Z a-z 0-9)")
    return Setup(
        app_id,
        secret,
        token,
        [aes_key],
        _required(environ, "WECHAT_SANDBOX_CALLBACK_URL"),
        templates=[DEMO_TEMPLATE],
        desk_accounts={DEMO_DESK: True},
    )


def _codes_url(environ: Mapping[str, str]) -> str:
    bank = environ.get("CORE_BANK_URL", "").rstrip("/")
    return f"{bank}/sandbox/phone" if bank else ""


def _required(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "").strip()
    if not value:
        raise SettingsError(
            f"wechat sandbox: environment variable {name} is missing; set it (table: tools/environment.py)"
        )
    return value


def _port(environ: Mapping[str, str], name: str) -> int:
    value = _required(environ, name)
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
        raise SettingsError(f"wechat sandbox: environment variable {name} must be a port from 1 to 65535; correct it")
    return int(value)
