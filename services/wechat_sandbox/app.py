"""The application: the API, the control routes, the phone page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from services.wechat_sandbox import control, phone_page
from services.wechat_sandbox.accounts import Tencent
from services.wechat_sandbox.api import calls, custom, desk, kf, media, menu, template, token
from services.wechat_sandbox.errors import ControlError, WeChatError
from services.wechat_sandbox.settings import Settings

DEMO_FOLLOWERS = {
    "oDemoXiaowei0001": "小伟",
    "oDemoNana0002": "娜娜",
    "oDemoFangyi0003": "方姨",
    "oDemoLaozhao0004": "老赵",
}
"""People who may follow the demo account. Which customer of the bank one of them is, only a binding says."""


def create_app(settings: Settings) -> FastAPI:
    app = FastAPI(title="WeChat stand-in", version="1", openapi_url=None, lifespan=_lifespan)
    app.state.tencent = Tencent(settings.url)
    app.state.control_token = settings.control_token
    app.state.codes_url = settings.codes_url
    app.state.demo = None
    if settings.demo is not None:
        account = app.state.tencent.create(settings.demo)
        for openid, nickname in DEMO_FOLLOWERS.items():
            account.add_customer(nickname, openid, subscribed=False)
        app.state.demo = account.setup.app_id
    for module in (token, custom, template, media, menu, desk, kf, control, phone_page):
        app.include_router(module.router)
    app.add_api_route("/health", _health, methods=["GET"])
    app.add_api_route("/pictures/{app_id}/{media_id}", _picture, methods=["GET"])
    app.add_exception_handler(ControlError, _refuse)
    app.add_exception_handler(WeChatError, _refuse_api)
    app.add_exception_handler(RequestValidationError, _refuse_form)
    app.add_exception_handler(HTTPException, _refuse_route)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    await app.state.tencent.open()
    yield
    await app.state.tencent.close()


async def _health() -> dict[str, str]:
    return {"status": "ok"}


async def _picture(request: Request, app_id: str, media_id: str) -> Response:
    """What PicUrl of a follower's picture leads to; open to whoever has the address, as at Tencent."""
    try:
        medium = request.app.state.tencent.account(app_id).library.find(media_id, "image")
    except WeChatError:
        raise ControlError(404, "no such picture") from None
    return Response(medium.data, media_type=medium.content_type, headers={"X-Content-Type-Options": "nosniff"})


async def _refuse(_: Request, error: Any) -> JSONResponse:
    return JSONResponse({"error": error.message}, error.status)


async def _refuse_api(_: Request, error: Any) -> JSONResponse:
    return JSONResponse({"error": f"{error.code} {error.message}"}, 400)


async def _refuse_form(_: Request, error: Any) -> JSONResponse:
    # Places only: the values may be secrets of an account.
    problems = [f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}" for problem in error.errors()]
    return JSONResponse({"error": "; ".join(problems)}, 422)


async def _refuse_route(request: Request, error: Any) -> Response:
    if request.url.path.startswith(("/cgi-bin/", "/customservice/")):  # a forgotten API must not pass for a success
        return calls.as_response({"errcode": 40066, "errmsg": "invalid url"})
    return JSONResponse({"error": str(error.detail)}, error.status_code)
