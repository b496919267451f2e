"""Authentication in front of the action server, and errors that carry nothing of the customer.

rasa-sdk has neither: its webhook answers anybody, and an exception makes it send the whole tracker back, which Rasa
then logs (reference: rasa_sdk/endpoint.py 3.6.2, `create_app`).
"""

import hmac
import logging
import os
import sys
from typing import Any

import pluggy
from rasa_sdk.plugin import plugin_manager
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

TOKEN_VARIABLE = "ACTION_SERVER_TOKEN"
TOKEN_HEADER = "x-action-token"

logger = logging.getLogger(__name__)
hookimpl = pluggy.HookimplMarker("rasa_sdk")


def register() -> None:
    """Make rasa-sdk call `attach_sanic_app_extensions` of this module when it builds its server."""
    manager = plugin_manager()
    module = sys.modules[__name__]
    if not manager.is_registered(module):
        manager.register(module)


@hookimpl
def attach_sanic_app_extensions(app: Sanic) -> None:
    """Refuse calls without the shared token and hide what an exception holds; exits when no token is configured."""
    token = os.environ.get(TOKEN_VARIABLE, "").encode()
    if not token:
        sys.exit(f"action server: {TOKEN_VARIABLE} is not set: put it into the environment, or start with `make run`")

    async def require_token(request: Request) -> HTTPResponse | None:
        if request.path == "/health":
            return None
        if not hmac.compare_digest(request.headers.get(TOKEN_HEADER, "").encode(), token):
            return json({"error": "unauthorized"}, status=401)
        if request.headers.get("content-encoding"):  # rasa-sdk would inflate it without a limit
            return json({"error": "content-encoding is not supported"}, status=415)
        return None

    app.register_middleware(require_token, "request")
    app.error_handler.add(Exception, _answer_error)


def _answer_error(request: Request, error: Exception) -> HTTPResponse:
    """Name the exception's type and place only: its text and the request may hold customer data."""
    if isinstance(error, SanicException):
        return json({"error": type(error).__name__}, status=error.status_code)
    logger.error("action failed: %s at %s", type(error).__name__, _place(error))
    return json({"error": "internal"}, status=500)


def _place(error: Exception) -> str:
    trace: Any = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "unknown place"
