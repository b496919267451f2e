"""The built chat page (web/chat/dist) and the headers that lock it down."""

import mimetypes
import re
from pathlib import Path
from urllib.parse import urlsplit

from sanic.response import HTTPResponse

from addons.channels.web_settings import WebSettings
from addons.channels.wording import say

REPORT_PATH = "/chat/csp-report"
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
_TYPES = {".js": "text/javascript", ".svg": "image/svg+xml", ".css": "text/css", ".txt": "text/plain"}
_TEXT = ("text/", "application/json", "image/svg")
_IMMUTABLE, _SHORT = "public, max-age=31536000, immutable", "public, max-age=300"


class WebPages:
    """Answers for GET /chat/ and the files of the build; nothing outside the build's folder can be named."""

    def __init__(self, settings: WebSettings) -> None:
        self._folder = settings.pages
        self._page_headers = page_headers(settings)

    def index(self) -> HTTPResponse:
        """The page; 503 with what to do when it is not built."""
        try:
            raw, status = (self._folder / "index.html").read_bytes(), 200
        except OSError:
            raw, status = say("web.not_built").encode(), 503
        return HTTPResponse(raw, status, self._page_headers, "text/html; charset=utf-8")

    def asset(self, name: str) -> HTTPResponse:
        """A file with a hash in its name."""
        return self._file(self._folder / "assets", name, _IMMUTABLE)

    def file(self, name: str) -> HTTPResponse:
        """A file beside the page: widget.js, licenses.txt."""
        return self._file(self._folder, name, _SHORT)

    def _file(self, folder: Path, name: str, caching: str) -> HTTPResponse:
        headers = {"Cache-Control": caching, "X-Content-Type-Options": "nosniff"}
        path = folder / name
        if not _NAME.fullmatch(name) or name == "index.html" or path.is_symlink() or not path.is_file():
            return HTTPResponse("", 404, {**headers, "Cache-Control": "no-store"}, "text/plain")
        kind = _TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        charset = "; charset=utf-8" if kind.startswith(_TEXT) else ""
        return HTTPResponse(path.read_bytes(), 200, headers, kind + charset)


def page_headers(settings: WebSettings) -> dict[str, str]:
    """Headers of the page: only its own files, its own server, and no other site's frame."""
    headers = {
        "Content-Security-Policy": _policy(settings),
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), clipboard-write=(self)",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    if settings.secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def _policy(settings: WebSettings) -> str:
    # Safari before 15.4 does not count WebSockets as 'self'.
    sockets = [origin.replace("http", "ws", 1) for origin in settings.origins]
    phone = _origin_of(settings.phone_url) if settings.phone_url else "'none'"
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": " ".join(["'self'", *sockets]),
        "frame-src": phone,
        "frame-ancestors": " ".join(["'self'", *settings.embed_origins]),
        "base-uri": "'none'",
        "form-action": "'none'",
        "object-src": "'none'",
        "report-uri": REPORT_PATH,
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
