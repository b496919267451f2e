"""The local channel: HTTP for the terminal chat and the tests. Sandbox only, loopback only."""

import ipaddress
import json
import logging
import os
from functools import partial
from typing import Any

from rasa.core.channels.channel import InputChannel
from rasa.shared.exceptions import RasaException
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from addons.channels import log_privacy
from addons.channels.answers import Answer, Button, Message
from addons.channels.conversations import Conversation
from addons.channels.core_client import CoreClient, CoreUnavailable, SignedIn, SignInRefused
from addons.channels.exchange import Exchange, OnNewMessage, Reader
from addons.channels.inbound import BUTTON_EXPIRED, RawMessage, Services
from addons.channels.reading import read_message
from addons.channels.sealed_store import open_sealed_store
from addons.channels.turns import TurnQueue
from addons.channels.wording import say
from addons.stores.store import Store, StoreUnavailable

NAME = "local"
LARGEST_BODY = 64 * 1024
LONGEST_NAME = 128

logger = logging.getLogger(__name__)
log_privacy.install()


class RequestRefused(Exception):
    """An HTTP error of the channel: status, code and a sentence."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


class LocalChannel(InputChannel):
    """POST /webhooks/local/conversations opens a conversation, POST /webhooks/local/messages talks in it."""

    def __init__(self, core: CoreClient, store: Store, context_key: str) -> None:
        """Raises ValueError for a `context_key` that is not 32 bytes in base64url (CONTEXT_KEY)."""
        self._core, self._store = core, store
        self._services = Services.over(store, core, context_key)
        self._conversations = self._services.conversations

    @classmethod
    def name(cls) -> str:
        """Name in credentials, in URLs and in response variations."""
        return NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "LocalChannel":
        """Channel of this process; everything comes from the environment. Raises RasaException outside the sandbox."""
        if os.environ.get("ZHANGGUI_SANDBOX") != "1":
            raise RasaException(
                "The local channel signs demo customers in over plain HTTP: it runs only with ZHANGGUI_SANDBOX=1. "
                "Remove addons.channels.local.LocalChannel from credentials.yml, or set ZHANGGUI_SANDBOX=1."
            )
        core = CoreClient(_required("CORE_BANK_URL"), _required("CORE_BANK_TOKEN_CHANNEL"))
        try:
            key = _required("CONTEXT_KEY")
            return cls(core, open_sealed_store(key), key)
        except (ValueError, StoreUnavailable) as error:
            raise RasaException(f"The local channel cannot start: {error}") from error

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Routes of the channel."""
        routes = Blueprint("local_channel")
        exchange = Exchange(self._services, on_new_message, TurnQueue(self._store))

        @routes.get("/")
        async def health(request: Request) -> HTTPResponse:
            return json_response({"status": "ok"})

        @routes.post("/conversations", stream=True)
        async def open_conversation(request: Request) -> HTTPResponse:
            return await _answered(self._open(request))

        @routes.delete("/conversations", ignore_body=False)
        async def close_conversation(request: Request) -> HTTPResponse:
            return await _answered(self._close(request, exchange))

        @routes.post("/messages", stream=True)
        async def message(request: Request) -> HTTPResponse:
            return await _answered(self._message(request, exchange))

        @routes.listener("after_server_stop")
        async def close_connections(app: Any, loop: Any) -> None:
            await self._core.close()
            await self._store.close()

        return routes

    async def _open(self, request: Request) -> HTTPResponse:
        _require_loopback(request)
        body = await _body(request, {"login", "password", "world"}, optional=True)
        customer = await self._sign_in(body) if "login" in body else None
        session, elder_mode = (customer.session, customer.elder_mode) if customer else (None, False)
        conversation, token = await self._conversations.open(NAME, session, elder_mode)
        shown = {"name": customer.name, "elder_mode": customer.elder_mode} if customer else None
        return json_response({"conversation": conversation.id, "token": token, "customer": shown}, status=201)

    async def _sign_in(self, body: dict[str, str]) -> SignedIn:
        if "password" not in body:
            raise RequestRefused(422, "bad_body", "a login needs a password")
        try:
            return await self._core.sign_in(body["login"], body["password"], body.get("world"))
        except SignInRefused as refused:
            status = 429 if refused.code == "sign_in_locked" else 401
            raise RequestRefused(status, refused.code, say(f"sign_in.{refused.code}")) from refused
        except CoreUnavailable as error:
            raise RequestRefused(502, "core_unavailable", say("sign_in.core_unavailable")) from error

    async def _close(self, request: Request, exchange: Exchange) -> HTTPResponse:
        conversation, token = await self._known(request)
        await self._conversations.close(token)
        await exchange.forget(conversation)
        if conversation.session is not None:
            try:
                await self._core.sign_out(conversation.session)
            except CoreUnavailable as error:
                raise RequestRefused(502, "core_unavailable", say("sign_in.core_unavailable")) from error
        return empty()

    async def _message(self, request: Request, exchange: Exchange) -> HTTPResponse:
        conversation, _ = await self._known(request)
        body = await _body(request, {"text", "press", "message_id"})
        if ("text" in body) == ("press" in body):
            raise RequestRefused(422, "bad_body", "send either text or press")
        raw = RawMessage(body.get("text"), body.get("press"), body.get("message_id"))
        answer = await exchange.answer(raw, conversation, _reader(request))
        if answer.refusal == BUTTON_EXPIRED:
            raise RequestRefused(409, BUTTON_EXPIRED, answer.messages[0].text)
        return json_response(_answer_body(answer))

    async def _known(self, request: Request) -> tuple[Conversation, str]:
        _require_loopback(request)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        conversation = await self._conversations.find(token) if scheme.lower() == "bearer" and token else None
        if conversation is None:
            raise RequestRefused(401, "bad_token", "open a conversation first: POST /webhooks/local/conversations")
        return conversation, token


def json_response(body: dict[str, Any], status: int = 200) -> HTTPResponse:
    """JSON with Chinese as it is, for people who look at it with curl."""
    return HTTPResponse(json.dumps(body, ensure_ascii=False), status, content_type="application/json")


async def _answered(handler: Any) -> HTTPResponse:
    try:
        response: HTTPResponse = await handler
    except RequestRefused as refused:
        return _refusal(refused)
    except StoreUnavailable as error:
        logger.error("local channel: store unavailable: %s", error)
        return _refusal(RequestRefused(503, "store_unavailable", say("store_unavailable")))
    return response


def _refusal(refused: RequestRefused) -> HTTPResponse:
    return json_response({"error": {"code": refused.code, "message": refused.message}}, status=refused.status)


def _required(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise RasaException(f"{name} is not set: the local channel cannot start. `make run` creates it in the sandbox.")
    return value


def _require_loopback(request: Request) -> None:
    if not ipaddress.ip_address(request.ip).is_loopback:
        raise RequestRefused(403, "loopback_only", "the local channel answers on loopback only")


async def _body(request: Request, keys: set[str], optional: bool = False) -> dict[str, str]:
    """JSON object of the request with strings under known keys. Raises RequestRefused 413 and 422."""
    assert request.stream is not None, "a route with a body is declared with stream=True"
    raw = b""
    async for chunk in request.stream:
        raw += chunk
        if len(raw) > LARGEST_BODY:
            raise RequestRefused(413, "body_too_large", f"at most {LARGEST_BODY} bytes")
    if optional and not raw:
        return {}
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise RequestRefused(422, "bad_body", "the body is not JSON") from error
    if not isinstance(body, dict):
        raise RequestRefused(422, "bad_body", "the body must be a JSON object")
    if unknown := sorted(set(body) - keys):
        raise RequestRefused(422, "bad_body", f"unknown keys {unknown!a}; known: {sorted(keys)}")
    for key, value in body.items():
        if not isinstance(value, str) or (key != "text" and not 1 <= len(value) <= LONGEST_NAME):
            limit = "" if key == "text" else f" of 1 to {LONGEST_NAME} characters"
            raise RequestRefused(422, "bad_body", f"{key} must be a string{limit}")
    return body


def _reader(request: Request) -> Reader | None:
    agent = getattr(request.app.ctx, "agent", None)
    return partial(read_message, agent) if agent is not None else None


def _answer_body(answer: Answer) -> dict[str, Any]:
    body: dict[str, Any] = {
        "messages": [_message_body(message) for message in answer.messages],
        "reading": answer.reading,
    }
    if answer.incident:
        body["incident"] = answer.incident
    return body


def _message_body(message: Message) -> dict[str, Any]:
    return {"text": message.text, "buttons": [_button_body(button) for button in message.buttons], **message.carried}


def _button_body(button: Button) -> dict[str, str]:
    return {"title": button.title, "url": button.url} if button.url else {"title": button.title, "id": str(button.id)}
