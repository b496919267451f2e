"""Settings of the process, from the environment. Nothing here has a default: tools/environment.py holds the table."""

import base64
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from services.core_bank import crash

_ROLE_VARIABLES = {
    "actions": "CORE_BANK_TOKEN_ACTIONS",
    "channel": "CORE_BANK_TOKEN_CHANNEL",
    "operator": "CORE_BANK_TOKEN_OPERATOR",
    "sandbox": "CORE_BANK_TOKEN_SANDBOX",
}
_MINIMUM_SECRET_LENGTH = 16
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\[\]:-]+")
_PAGES = re.compile(_ORIGIN.pattern + r"/([A-Za-z0-9._~-]+/)*")


class SettingsError(Exception):
    """One line for the operator: what is wrong, where, how to mend it."""


@dataclass(frozen=True)
class WebSettings:
    """For the sandbox's pages. `returns`: URLs that end with a slash; `origins`: of the pages that show the phone."""

    sign_in_key: bytes = field(repr=False)
    sign_in_issuer: str
    returns: tuple[str, ...]
    origins: tuple[str, ...]


@dataclass(frozen=True)
class Settings:
    """`tokens` maps role -> service token; `crash_point` and `web` are for sandbox mode only."""

    database_url: str = field(repr=False)
    code_key: bytes = field(repr=False)
    tokens: dict[str, str] = field(repr=False)
    sandbox: bool = False
    host: str = "127.0.0.1"
    port: int = 0
    crash_point: str | None = None
    web: WebSettings | None = None


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Raises SettingsError when a variable is missing or unusable."""
    sandbox = _one_of(environ, "ZHANGGUI_SANDBOX", ("0", "1")) == "1"
    tokens = {role: _secret(environ, name) for role, name in _ROLE_VARIABLES.items() if sandbox or role != "sandbox"}
    if len(set(tokens.values())) != len(tokens):
        raise SettingsError("core bank: two of the CORE_BANK_TOKEN_* variables are equal; give each role its own token")
    point = environ.get("CORE_BANK_CRASH_POINT") or None
    if point is not None and point not in crash.POINTS:
        raise SettingsError(
            f"core bank: CORE_BANK_CRASH_POINT={point} is unknown; use one of {', '.join(crash.POINTS)}"
        )
    return Settings(
        database_url=_required(environ, "CORE_BANK_DATABASE_URL"),
        code_key=_secret(environ, "CORE_BANK_CODE_KEY").encode(),
        tokens=tokens,
        sandbox=sandbox,
        host=_required(environ, "CORE_BANK_HOST"),
        port=_port(environ, "CORE_BANK_PORT"),
        crash_point=point if sandbox else None,
        web=_web(environ) if sandbox else None,
    )


def public_url(environ: Mapping[str, str] = os.environ) -> str:
    """Where a customer's browser finds the pages of the sandbox. Raises SettingsError."""
    return _required(environ, "CORE_BANK_URL")


def _web(environ: Mapping[str, str]) -> WebSettings:
    return WebSettings(
        sign_in_key=_seed(environ, "WEB_SIGN_IN_KEY"),
        sign_in_issuer=_required(environ, "WEB_SIGN_IN_ISSUER"),
        returns=_list(environ, "WEB_SIGN_IN_RETURNS", _PAGES, "http(s) addresses that end with a slash"),
        origins=_list(environ, "WEB_ORIGINS", _ORIGIN, "http(s) origins without a path"),
    )


def _list(environ: Mapping[str, str], name: str, form: re.Pattern[str], described: str) -> tuple[str, ...]:
    values = tuple(re.split(r"[\s,]+", _required(environ, name)))
    if not all(form.fullmatch(value) for value in values):
        raise SettingsError(
            f"core bank: environment variable {name} must hold {described}, parted by commas; correct it"
        )
    return values


def _seed(environ: Mapping[str, str], name: str) -> bytes:
    value = _required(environ, name)
    try:
        seed = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except ValueError:
        seed = b""
    if len(seed) != 32:
        raise SettingsError(f"core bank: environment variable {name} must be 32 bytes in base64url; make a random one")
    return seed


def _required(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "").strip()
    if not value:
        raise SettingsError(f"core bank: environment variable {name} is missing; set it (table: tools/environment.py)")
    return value


def _one_of(environ: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = _required(environ, name)
    if value not in allowed:
        raise SettingsError(f"core bank: environment variable {name} must be one of {', '.join(allowed)}; correct it")
    return value


def _secret(environ: Mapping[str, str], name: str) -> str:
    value = _required(environ, name)
    if len(value) < _MINIMUM_SECRET_LENGTH:
        raise SettingsError(
            f"core bank: environment variable {name} has under {_MINIMUM_SECRET_LENGTH} characters; use a random value"
        )
    return value


def _port(environ: Mapping[str, str], name: str) -> int:
    value = _required(environ, name)
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
        raise SettingsError(f"core bank: environment variable {name} must be a port from 1 to 65535; correct it")
    return int(value)
