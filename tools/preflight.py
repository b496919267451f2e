"""What can be wrong before anything is started; every finding is one line that says what and how to mend it."""

import base64
import binascii
import ipaddress
import os
import socket
import zoneinfo
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psutil
import yaml
from rasa.shared.exceptions import RasaException

from tools import environment
from tools.sandbox import ensure_secrets

PORTS = {"CORE_BANK_PORT": "CORE_BANK_HOST", "ACTION_SERVER_PORT": "SANIC_HOST", "RASA_PORT": "RASA_HOST"}
SANDBOX_PORTS = {"WECHAT_SANDBOX_PORT": "WECHAT_SANDBOX_HOST"}
SHORTEST_SECRET = 32  # characters; ours have 43
LOCAL_CHANNEL = "addons.channels.local.LocalChannel"

Env = Mapping[str, str]


def ports(env: Env) -> dict[str, str]:
    """Variables of the ports that are bound, and of their addresses."""
    return PORTS if env.get("ZHANGGUI_SANDBOX") == "0" else PORTS | SANDBOX_PORTS


def missing_variables(env: Env) -> Iterator[str]:
    outside = env.get("ZHANGGUI_SANDBOX") == "0"
    for row in environment.TABLE:
        if not env.get(row.name) and not row.optional and not (outside and row.sandbox_only):
            yield f"{row.name} is not set ({row.meaning}; {row.used_by}): set it, outside the sandbox it has no default"


def wrong_values(env: Env) -> Iterator[str]:
    if env.get("ZHANGGUI_SANDBOX") not in ("0", "1"):
        yield f"ZHANGGUI_SANDBOX is {env.get('ZHANGGUI_SANDBOX')!r}: set it to 1 (demo bank) or 0"
    try:
        zoneinfo.ZoneInfo(env.get("ZHANGGUI_TIMEZONE", ""))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        yield f"ZHANGGUI_TIMEZONE is {env.get('ZHANGGUI_TIMEZONE')!r}, no such time zone: use a name like Asia/Shanghai"
    if not (env.get("REDIS_URL") or "redis://").startswith(("redis://", "rediss://", "unix://")):
        # It may hold a password: the value is not shown.
        yield "REDIS_URL is no Redis address: use redis://, rediss:// or unix://, or unset it for one Rasa process"
    try:
        key = env.get("CONTEXT_KEY", "")
        long_enough = not key or len(base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))) == 32
    except (binascii.Error, ValueError):
        long_enough = False
    if not long_enough:
        making = 'python -c "import secrets; print(secrets.token_urlsafe(32))"'
        yield f"CONTEXT_KEY is not 32 bytes in base64url: make one with {making}"


def weak_secrets(env: Env) -> Iterator[str]:
    """Outside the sandbox: a secret that is short, or that the sandbox made for itself."""
    if env.get("ZHANGGUI_SANDBOX") != "0":
        return
    made_here = environment.stored_secrets(env.get("ZHANGGUI_VAR", "var"))
    for name in (row.name for row in environment.TABLE if row.secret and not row.sandbox_only):
        value = env.get(name, "")
        if value and made_here.get(name) == value:
            yield f"{name} is the sandbox's own secret: set another one outside the sandbox"
        elif value and len(value) < SHORTEST_SECRET:
            yield f"{name} has {len(value)} characters: outside the sandbox use at least {SHORTEST_SECRET} random ones"


def unfit_web_channel(env: Env) -> Iterator[str]:
    """What the web channel would refuse to start with."""
    from addons.channels import web_checks, web_settings  # half a second to load

    if env.get("ZHANGGUI_SANDBOX") in ("0", "1") and not any(missing_variables(env)):
        try:
            web_checks.check_settings(web_settings.read_settings(env))
        except RasaException as refused:
            yield str(refused)


def unfit_wechat_channel(env: Env) -> Iterator[str]:
    """What the WeChat channel would refuse to start with."""
    from addons.channels import wechat_crypto, wechat_settings  # half a second to load

    listed = listed_channels(env)
    if env.get("ZHANGGUI_SANDBOX") not in ("0", "1") or "addons.channels.wechat.WeChatChannel" not in listed:
        return
    try:
        settings = wechat_settings.read_settings(env)
        if settings is not None:
            wechat_crypto.PushCrypto(settings.token, settings.app_id, settings.aes_keys)
    except (RasaException, ValueError) as refused:
        yield str(refused)


def unfit_wecom_channel(env: Env) -> Iterator[str]:
    """What the WeCom channel would refuse to start with."""
    from addons.channels import wechat_crypto, wecom_settings  # half a second to load

    listed = listed_channels(env)
    if env.get("ZHANGGUI_SANDBOX") not in ("0", "1") or "addons.channels.wecom.WeComChannel" not in listed:
        return
    try:
        settings = wecom_settings.read_settings(env)
        if settings is not None:
            wechat_crypto.PushCrypto(settings.token, settings.corp_id, settings.aes_keys)
    except (RasaException, ValueError) as refused:
        yield str(refused)


def listed_channels(env: Env) -> set[str]:
    """Names in the file of RASA_CREDENTIALS; none when it cannot be read."""
    try:
        return set(yaml.safe_load(Path(env.get("RASA_CREDENTIALS", "")).read_text("utf-8")) or {})
    except (OSError, ValueError, yaml.YAMLError):
        return set()


def open_channels(env: Env) -> Iterator[str]:
    """No channels at all, or outside the sandbox such as let anybody talk as any customer."""
    listed, file = listed_channels(env), env.get("RASA_CREDENTIALS", "")
    if not listed:
        yield f"RASA_CREDENTIALS is {file!r}, which lists no channel: name a file like credentials.yml"
    if env.get("ZHANGGUI_SANDBOX") == "0":
        for name in sorted({"rest", "callback", "socketio"} & listed):
            yield f"{file} lists {name}, which lets anybody talk as any customer: remove it"
        if LOCAL_CHANNEL in listed:
            yield f"{file} lists the local channel, which is for the sandbox: set RASA_CREDENTIALS to credentials.yml"


def open_addresses(env: Env) -> Iterator[str]:
    """The sandbox stays on this machine; the real thing names the address that it binds."""
    for port, host in ports(env).items():
        value = env.get(host, "")
        try:
            address = ipaddress.ip_address("127.0.0.1" if value == "localhost" else value)
        except ValueError:
            if value:
                yield f"{host} is {value!r}, not an IP address: use 127.0.0.1 or the address of one interface"
            continue
        if environment.sandbox(dict(env)) and not address.is_loopback:
            yield f"{host} is {value}: the sandbox is for this machine only, use 127.0.0.1 (or ZHANGGUI_SANDBOX=0)"
        elif address.is_unspecified:
            yield f"{host} is {value}, every interface: name the one address on which {port} should answer"


def holder(port: int) -> str:
    """Who listens on a port, as far as this user may know."""
    try:
        for found in psutil.net_connections("inet"):
            if found.status == psutil.CONN_LISTEN and found.laddr.port == port and found.pid:
                command = " ".join(psutil.Process(found.pid).cmdline())
                return f"pid {found.pid}: {command[:80]}"
    except (psutil.Error, PermissionError):
        pass
    return "a process of another user"


def busy_ports(env: Env) -> Iterator[str]:
    owner: dict[str, str] = {}
    for name, host in ports(env).items():
        value = env.get(name, "")
        if not value.isascii() or not value.isdigit() or not 0 < int(value) < 65536:
            yield f"{name} is {value!r}, not a port: use a number from 1 to 65535"
        elif first := owner.get(value):
            yield f"{name} and {first} are both {value}: give one of them another port"
        elif not _can_bind(env.get(host, "127.0.0.1"), int(value)):
            yield f"port {value} is in use ({holder(int(value))}): stop that, or set {name} to a free port"
        owner.setdefault(value, name)


def _can_bind(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.errno not in (98, 48, 13)  # EADDRINUSE on Linux and macOS, EACCES below 1024
    return True


def unwritable_var(env: Env) -> Iterator[str]:
    folder = Path(env.get("ZHANGGUI_VAR", "var"))
    nearest = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        yield f"ZHANGGUI_VAR is {folder}, which cannot be written: mend its owner or set ZHANGGUI_VAR to another folder"


CHECKS: tuple[Callable[[Env], Iterator[str]], ...] = (
    missing_variables,
    wrong_values,
    weak_secrets,
    unfit_web_channel,
    unfit_wechat_channel,
    unfit_wecom_channel,
    open_channels,
    open_addresses,
    unwritable_var,
    busy_ports,
)


def problems(env: Env) -> list[str]:
    """All findings, in the order in which an operator would mend them."""
    return [line for check in CHECKS for line in check(env)]


def main() -> int:
    """`python -m tools preflight`: prints the findings; returns 1 when there are any."""
    if environment.sandbox():
        ensure_secrets(Path(os.environ["ZHANGGUI_VAR"]))
        environment.fill(os.environ)
    found = problems(os.environ)
    for line in found:
        print(line)
    return 1 if found else 0
