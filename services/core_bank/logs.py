"""Logging: one JSON object a line; ids and exception types only, never values of customers, codes or tokens."""

import json
import logging
import sys
import traceback
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.core_bank.clock import iso, real_now
from services.core_bank.errors import BankError
from services.core_bank.identifiers import new_id

logger = logging.getLogger("core_bank")


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {"at": iso(real_now()), "level": record.levelname, "event": record.getMessage()}
        line.update(getattr(record, "fields", {}))
        return json.dumps(line, ensure_ascii=False)


def configure() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)


class QuietErrors:
    """ASGI middleware: an unexpected exception becomes `internal`; the log gets its type and place, not its message.

    The message of a database error may quote the row that offended.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            incident = new_id("in")
            logger.error("internal_error", extra={"fields": {"incident": incident, **_place(scope, error)}})
            if started or scope["type"] != "http":
                return
            refusal = error if isinstance(error, BankError) else BankError("internal", {"incident": incident})
            await JSONResponse(refusal.body(), refusal.status)(scope, receive, send)


def _place(scope: Scope, error: Exception) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return {
        "method": scope.get("method"),
        "path": scope.get("path"),
        "exception": type(error).__name__,
        "at_lines": [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames],
    }
