"""HTTP routes of the web channel: the page, its session, sign-in and sign-out, reports of the browser."""

import json
import logging
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, redirect

from addons.channels.core_client import CoreUnavailable, SignInRefused
from addons.channels.log_privacy import mask_line
from addons.channels.web_consent import VERSION, Consents
from addons.channels.web_limits import Limits
from addons.channels.web_pages import WebPages
from addons.channels.web_push import Push
from addons.channels.web_requests import (
    LARGEST_BODY,
    WebRefused,
    address_of,
    json_response,
    language_of,
    read_body,
    read_json,
    require_origin,
)
from addons.channels.web_sessions import Visit, WebSessions
from addons.channels.web_settings import WebSettings
from addons.channels.web_token import KeysUnavailable, TokenRefused
from addons.stores.store import StoreUnavailable

PREFIX = "/chat"
TRANSPORTS = ["websocket", "polling"]
LONGEST_REPORT = 300

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class WebRoutes:
    """Handlers of the routes."""

    settings: WebSettings
    sessions: WebSessions
    consents: Consents
    limits: Limits
    push: Push
    pages: WebPages

    def register(self, routes: Blueprint) -> None:
        """Hang the handlers into the blueprint of the channel."""
        routes.add_route(_answering(self._page), "/", methods=["GET"])
        routes.add_route(_answering(self._asset), "/assets/<name:str>", methods=["GET"])
        routes.add_route(_answering(self._file), "/<name:str>", methods=["GET"])
        for path, handler in {
            "/session": self._session,
            "/sign-in": self._sign_in,
            "/sign-out": self._sign_out,
            "/csp-report": self._report,
        }.items():
            routes.add_route(_answering(handler), path, methods=["POST"], stream=True)

    async def _page(self, request: Request) -> HTTPResponse:
        own = urlsplit(self.settings.origins[0])
        if self.settings.sandbox and request.host != own.netloc and request.host.partition(":")[0] == "localhost":
            return redirect(f"{self.settings.origins[0]}{request.path}?{quote(request.query_string, safe='=&')}")
        if not request.path.endswith("/"):
            return redirect(f"{PREFIX}/")
        return self.pages.index()

    async def _asset(self, request: Request, name: str) -> HTTPResponse:
        return self.pages.asset(name)

    async def _file(self, request: Request, name: str) -> HTTPResponse:
        # Sanic's router takes /chat/ for a file with an empty name.
        return self.pages.file(name) if name else await self._page(request)

    async def _session(self, request: Request) -> HTTPResponse:
        origin = require_origin(request, self.settings)
        await read_json(request, frozenset())
        if not await self.limits.session(address_of(request, self.settings)):
            raise WebRefused(429, "rate_limited")
        cookie = request.cookies.get(self.settings.cookie)
        visit = await self.sessions.find(cookie)
        if visit is None and await self.sessions.replaced(cookie):
            raise WebRefused(409, "rotated")  # a new cookie from here could push out the one of the sign-in
        fresh = visit is None
        visit = visit or await self.sessions.open_visitor()
        response = json_response(await self._session_body(visit, origin))
        if fresh:
            self._set_cookie(response, visit)
        return response

    async def _session_body(self, visit: Visit, origin: str) -> dict[str, Any]:
        binding = self.sessions.keys.binding(visit.token)
        back = {"return": f"{origin}{PREFIX}/", "binding": binding, "channel": "web"}
        return {
            "sign_in_url": f"{self.settings.sign_in_url}?{urlencode(back)}",
            "phone_url": self.settings.phone_url,
            "binding": binding,
            "sandbox": self.settings.sandbox,
            "consent": await self.consents.given(visit.conversation.id),
            "consent_version": VERSION,
            "customer": visit.customer,
            "transports": TRANSPORTS,
        }

    async def _sign_in(self, request: Request) -> HTTPResponse:
        visit, body = await self._known(request, frozenset({"token"}))
        if "token" not in body:
            raise WebRefused(422, "bad_message")
        if not await self.limits.sign_in(address_of(request, self.settings)):
            raise WebRefused(429, "rate_limited")
        try:
            customer = await self.sessions.sign_in(visit, body["token"])
        except TokenRefused as refused:
            raise WebRefused(401, refused.code) from refused
        except SignInRefused as refused:
            raise WebRefused(401, "bad_token") from refused
        except (CoreUnavailable, KeysUnavailable) as error:
            logger.warning("sign-in not possible: %s %s", type(error).__name__, error)
            raise WebRefused(502, "core_unavailable") from error
        response = json_response({"customer": customer.customer})
        self._set_cookie(response, customer)
        await self.push.drop(visit.device, "rotated", {})
        return response

    async def _sign_out(self, request: Request) -> HTTPResponse:
        visit, _ = await self._known(request, frozenset())
        response = empty()
        self._set_cookie(response, await self.sessions.sign_out(visit))
        await self.push.drop(visit.device, "rotated", {})
        return response

    async def _known(self, request: Request, keys: frozenset[str]) -> tuple[Visit, dict[str, str]]:
        require_origin(request, self.settings)
        body = await read_json(request, keys)
        visit = await self.sessions.find(request.cookies.get(self.settings.cookie))
        if visit is None:
            raise WebRefused(401, "no_session")
        return visit, body

    async def _report(self, request: Request) -> HTTPResponse:
        """A browser's report that the page tried what its policy forbids: an attack, or a fault of ours."""
        raw = await read_body(request, LARGEST_BODY)
        if await self.limits.report(address_of(request, self.settings)):
            logger.error("the chat page broke its content security policy: %s", _reported(raw))
        return empty()

    def _set_cookie(self, response: HTTPResponse, visit: Visit) -> None:
        response.cookies[self.settings.cookie] = self.sessions.keys.cookie(visit.token)
        rules = {"path": PREFIX, "httponly": True, "samesite": "Lax"}
        if self.settings.secure:
            rules["secure"] = True
        response.cookies[self.settings.cookie].update(rules)


def _answering(handler: Any) -> Any:
    async def answer(request: Request, **parts: str) -> HTTPResponse:
        try:
            refused = None
            response: HTTPResponse = await handler(request, **parts)
        except WebRefused as error:
            refused = error
        except StoreUnavailable as error:
            logger.warning("a request was not answered: store unavailable: %s", error)
            refused = WebRefused(503, "unavailable")
        if refused is None:
            return response
        return refused.response(language_of(request))

    answer.__name__ = handler.__name__
    return answer


def _reported(raw: bytes) -> str:
    """Directive and address of a report, which may hold anything: shortened, masked, on one line."""
    try:
        report = json.loads(raw)
        report = report[0]["body"] if isinstance(report, list) else report["csp-report"]
        named = {key: _bare(report[key]) for key in sorted(report) if "directive" in key or "ri" in key}
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return "a report of another form"
    return mask_line(json.dumps(named)[: 4 * LONGEST_REPORT])


def _bare(told: Any) -> str:
    """Without query and fragment, where a token may stand."""
    return re.split("[?#]", str(told), maxsplit=1)[0][:LONGEST_REPORT]
