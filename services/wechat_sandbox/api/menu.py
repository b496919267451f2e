"""The account's menu: /cgi-bin/menu/create, get and delete."""

from typing import Any

from fastapi import APIRouter

from services.wechat_sandbox.api.calls import OK, Answer, Call, route
from services.wechat_sandbox.errors import WeChatError

router = APIRouter()
_MOST_BUTTONS, _MOST_SUB_BUTTONS = 3, 5
_LONGEST_NAME, _LONGEST_SUB_NAME, _LONGEST_KEY, _LONGEST_URL = 16, 60, 128, 1024  # bytes


async def create(call: Call) -> Answer:
    given = call.json()
    buttons = given.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= _MOST_BUTTONS:
        raise WeChatError(40016)
    for button in buttons:
        _check(button, _LONGEST_NAME)
    call.account.menu = {"button": buttons}
    return OK


async def get(call: Call) -> Answer:
    if call.account.menu is None:
        raise WeChatError(46003)
    return {"menu": call.account.menu}


async def delete(call: Call) -> Answer:
    call.account.menu = None
    return OK


def _check(button: Any, longest: int) -> None:
    if not isinstance(button, dict):
        raise WeChatError(47001)
    name = button.get("name")
    if not isinstance(name, str) or not 1 <= len(name.encode()) <= longest:
        raise WeChatError(40018)
    below = button.get("sub_button") or []
    if below:
        if longest == _LONGEST_SUB_NAME or not isinstance(below, list) or len(below) > _MOST_SUB_BUTTONS:
            raise WeChatError(40023)
        for item in below:
            _check(item, _LONGEST_SUB_NAME)
        return
    _check_effect(button)


def _check_effect(button: dict[str, Any]) -> None:
    if button.get("type") == "view":
        url = button.get("url")
        if not isinstance(url, str) or not 1 <= len(url.encode()) <= _LONGEST_URL:
            raise WeChatError(40020)
        if not url.startswith(("http://", "https://")):
            raise WeChatError(40054)
    elif button.get("type") == "click":
        key = button.get("key")
        if not isinstance(key, str) or not 1 <= len(key.encode()) <= _LONGEST_KEY:
            raise WeChatError(40019)
    else:
        raise WeChatError(40119)


route(router, "/cgi-bin/menu/create", create)
route(router, "/cgi-bin/menu/get", get)
route(router, "/cgi-bin/menu/delete", delete)
