"""HTTP of the web channel: who may ask, from where, and with what body."""

import ipaddress
import json
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from addons.channels.web_settings import WebSettings
from addons.channels.wording import say

LARGEST_BODY = 16 * 1024
LONGEST_TEXT = 8 * 1024


class WebRefused(Exception):
    """An HTTP error: status, and a code that has a sentence for the customer."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code

    def response(self, language: str) -> HTTPResponse:
        """The error in "zh" or "en"."""
        told = say(f"web.{self.code}", language)
        return json_response({"error": {"code": self.code, "message": told}}, self.status)


def language_of(request: Request) -> str:
    """The language of the page that asks."""
    return "en" if request.headers.get("accept-language", "").lower().startswith("en") else "zh"


def json_response(body: dict[str, Any], status: int = 200) -> HTTPResponse:
    """JSON that nobody keeps a copy of."""
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return HTTPResponse(json.dumps(body, ensure_ascii=False), status, headers, "application/json")


def require_origin(request: Request, settings: WebSettings) -> str:
    """The page the request comes from. Raises WebRefused 403 unless it is one of ours."""
    origin: str = request.headers.get("origin", "")
    if origin not in settings.origins:
        raise WebRefused(403, "bad_origin")
    return origin


def from_our_page(headers: Any, settings: WebSettings) -> bool:
    """Whether a browser may have sent this from our page: by `Origin`, else by what it says of the site."""
    origin = headers.get("origin")
    if origin is not None:
        return origin in settings.origins
    return headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


async def read_json(request: Request, keys: frozenset[str]) -> dict[str, str]:
    """JSON object of texts under known keys. Raises WebRefused 413, 415, 422."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise WebRefused(415, "bad_message")
    try:
        body = json.loads(await read_body(request, LARGEST_BODY))
    except (ValueError, RecursionError) as error:
        raise WebRefused(422, "bad_message") from error
    if not isinstance(body, dict) or not set(body) <= keys:
        raise WebRefused(422, "bad_message")
    if not all(isinstance(value, str) and len(value) <= LONGEST_TEXT for value in body.values()):
        raise WebRefused(422, "bad_message")
    return body


async def read_body(request: Request, most: int) -> bytes:
    """Body of a route declared with `stream=True`. Raises WebRefused 413 as soon as it is too large."""
    assert request.stream is not None, "a route with a body is declared with stream=True"
    raw = b""
    async for chunk in request.stream:
        raw += chunk
        if len(raw) > most:
            raise WebRefused(413, "too_large")
    return raw


def address_of(request: Request, settings: WebSettings) -> str:
    """Address to count a caller by: the peer, or what a trusted proxy says; an IPv6 caller is a /64.

    Of X-Forwarded-For only the part that trusted proxies wrote counts: the last address that is not one of them.
    """
    address = _parsed(request.ip)
    if address is not None and _trusted(address, settings):
        named = ",".join(request.headers.getall("x-forwarded-for", []))
        for part in reversed(named.split(",")):
            hop = _parsed(part.strip())
            if hop is None:
                break
            address = hop
            if not _trusted(hop, settings):
                break
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address or "unknown")


def _trusted(address: ipaddress.IPv4Address | ipaddress.IPv6Address, settings: WebSettings) -> bool:
    return any(address in network for network in settings.proxies)


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
