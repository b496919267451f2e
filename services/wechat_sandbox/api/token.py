"""Access tokens: /cgi-bin/stable_token, /cgi-bin/token and WeCom's /cgi-bin/gettoken."""

import json
from typing import Any

from fastapi import APIRouter, Request

from services.wechat_sandbox.accounts import Account, Tencent
from services.wechat_sandbox.api.calls import OK, Answer, Call, route
from services.wechat_sandbox.crypto import same
from services.wechat_sandbox.errors import WeChatError

router = APIRouter()


def _find(tencent: Tencent, app_id: object) -> Account:
    if not app_id:
        raise WeChatError(41002)
    account = tencent.accounts.get(app_id) if isinstance(app_id, str) else None
    if account is None:
        raise WeChatError(40013)
    return account


def _of_body(tencent: Tencent, request: Request, body: bytes) -> Account:
    try:
        given = json.loads(body) if body else {}
    except ValueError:
        raise WeChatError(47001) from None
    return _find(tencent, given.get("appid") if isinstance(given, dict) else None)


def _of_query(tencent: Tencent, request: Request, body: bytes) -> Account:
    return _find(tencent, request.query_params.get("appid") or request.query_params.get("corpid"))


def _check(call: Call, given: dict[str, Any], secret: str) -> None:
    if given.get("grant_type", "client_credential") != "client_credential":
        raise WeChatError(40002)
    if not given.get(secret):
        raise WeChatError(41004)
    if not same(call.account.setup.secret, given[secret]):
        raise WeChatError(40001 if call.account.setup.kind == "wecom" else 40125)


async def stable(call: Call) -> Answer:
    given = call.json()
    _check(call, {"grant_type": "", **given}, "secret")
    force = given.get("force_refresh", False)
    if not isinstance(force, bool):
        raise WeChatError(47001)
    text, seconds = call.account.tokens.get_stable(force)
    return {"access_token": text, "expires_in": seconds}


async def classic(call: Call) -> Answer:
    _check(call, {"grant_type": "", **call.query}, "secret")
    text, seconds = call.account.tokens.get_classic()
    return {"access_token": text, "expires_in": seconds}


async def work(call: Call) -> Answer:
    _check(call, call.query, "corpsecret")
    text, seconds = call.account.tokens.get_work()
    return {**OK, "access_token": text, "expires_in": seconds}


route(router, "/cgi-bin/stable_token", stable, _of_body)
route(router, "/cgi-bin/token", classic, _of_query)
route(router, "/cgi-bin/gettoken", work, _of_query)
