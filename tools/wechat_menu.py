"""`python -m tools wechat_menu`: give the Official Account the menu of addons/channels/wechat_menu.yml."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from addons.channels.wechat_http import WeChatHttp
from addons.channels.wechat_outcome import ApiError
from addons.channels.wechat_settings import API
from addons.channels.wechat_token import stable_token
from tools import environment
from tools.console import ROOT, CommandError, say

FILE = ROOT / "addons/channels/wechat_menu.yml"
MOST_GROUPS, MOST_ITEMS = 3, 5
LONGEST_GROUP, LONGEST_ITEM = 4, 8  # characters a phone shows of a name
LONGEST_KEY, LONGEST_ADDRESS = 128, 1024  # bytes

Button = dict[str, Any]


def read(file: Path = FILE) -> list[Button]:
    """Buttons of the file as WeChat takes them. Raises CommandError for a menu that WeChat would not show as it is."""
    try:
        groups = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise CommandError(f"{file}: cannot be read ({type(error).__name__})") from None
    _check_size(file, "the menu", groups, MOST_GROUPS)
    return [_group(file, str(name), below) for name, below in groups.items()]


def publish(environ: Mapping[str, str], buttons: list[Button]) -> None:
    """Replace the menu of the account. Raises CommandError with what WeChat said."""
    app_id, secret = environ.get("WECHAT_APP_ID"), environ.get("WECHAT_APP_SECRET")
    if not app_id or not secret:
        raise CommandError(f"WECHAT_APP_ID and WECHAT_APP_SECRET must be set: {environment.mending()}")
    try:
        asyncio.run(_create(environ.get("WECHAT_API_URL") or API, app_id, secret, buttons))
    except ApiError as error:
        raise CommandError(f"WeChat did not take the menu: {error}; docs/wechat.md says what mends it") from None


def main() -> int:
    """Publish the file's menu."""
    publish(os.environ, read())
    say("wechat_menu", f"the account has the menu of {FILE.relative_to(ROOT)}; phones show it within minutes")
    return 0


async def _create(api: str, app_id: str, secret: str, buttons: list[Button]) -> None:
    http = WeChatHttp(api)
    try:
        grant = await stable_token(http, app_id, secret)(False)
        await http.call("/cgi-bin/menu/create", {"button": buttons}, {"access_token": grant.token})
    finally:
        await http.close()


def _group(file: Path, name: str, below: Any) -> Button:
    if isinstance(below, str):
        return _item(file, name, below, LONGEST_GROUP)
    _check_name(file, name, LONGEST_GROUP)
    _check_size(file, name, below, MOST_ITEMS)
    return {"name": name, "sub_button": [_item(file, str(one), said, LONGEST_ITEM) for one, said in below.items()]}


def _item(file: Path, name: str, said: Any, longest: int) -> Button:
    _check_name(file, name, longest)
    if not isinstance(said, str) or not said.strip():
        raise CommandError(f"{file}: {name}: write what the customer says by it, or an address with https://")
    is_page = said.startswith("https://")
    if len(said.encode()) > (LONGEST_ADDRESS if is_page else LONGEST_KEY):
        raise CommandError(f"{file}: {name}: what stands behind it is too long")
    return {"type": "view", "name": name, "url": said} if is_page else {"type": "click", "name": name, "key": said}


def _check_name(file: Path, name: str, longest: int) -> None:
    if not 1 <= len(name) <= longest:
        raise CommandError(f"{file}: {name}: a name here has 1 to {longest} characters")


def _check_size(file: Path, name: str, held: Any, most: int) -> None:
    if not isinstance(held, dict) or not 1 <= len(held) <= most:
        raise CommandError(f"{file}: {name}: 1 to {most} entries of the form `name: what it says`")
