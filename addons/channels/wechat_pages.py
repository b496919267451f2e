"""The page /wechat/bind, where the bank's sign-in page leads back to: written here, no framework, strict policy."""

from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import parse_qs

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from addons.channels.web_requests import WebRefused, read_body
from addons.channels.wechat_binding import Asking, Bindings, BindRefused
from addons.channels.wording import say
from addons.stores.store import StoreUnavailable

LARGEST_FORM = 16 * 1024
_FOLDER = Path(__file__).with_name("wechat_page")
_FILES = {"bind.js": "text/javascript", "bind.css": "text/css"}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    # Not no-referrer: with it browsers send "Origin: null" with our own form.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class BindPages:
    """Handlers of the page, which is at `origin`/`prefix`/bind."""

    bindings: Bindings
    origin: str
    prefix: str

    def register(self, routes: Blueprint) -> None:
        """Hang the handlers into the blueprint of the channel."""

        @routes.get("/bind")
        async def opened(request: Request) -> HTTPResponse:
            # The token is in the fragment of the address, which only the script sees.
            return self._page("token", text=say("wechat_bind.opening"), script=say("wechat_bind.no_script"))

        @routes.get(r"/<name:(bind\.js|bind\.css)>")
        async def file(request: Request, name: str) -> HTTPResponse:
            headers = {"Cache-Control": "public, max-age=300", "X-Content-Type-Options": "nosniff"}
            return HTTPResponse((_FOLDER / name).read_bytes(), 200, headers, f"{_FILES[name]}; charset=utf-8")

        @routes.post("/bind", stream=True)
        async def sent(request: Request) -> HTTPResponse:
            return await self._sent(request)

    async def _sent(self, request: Request) -> HTTPResponse:
        try:
            fields = await self._form(request)
            return self._asking(await self.bindings.begin(fields.get("token", "")))
        except BindRefused as refused:
            return self._over(refused.code)
        except StoreUnavailable:
            return self._over("unavailable")
        except WebRefused as refused:
            return self._over("bad_token", refused.status)

    async def _form(self, request: Request) -> dict[str, str]:
        """Raises BindRefused for a foreign page's form, WebRefused for one of another size or kind."""
        if request.headers.get("origin") != self.origin:
            raise BindRefused("bad_origin")
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
            raise WebRefused(415, "bad_message")
        raw = await read_body(request, LARGEST_FORM)
        try:
            parsed = parse_qs(raw.decode("utf-8"), max_num_fields=1)
        except ValueError as error:
            raise WebRefused(422, "bad_message") from error
        return {name: values[0] for name, values in parsed.items() if len(values) == 1}

    def _asking(self, asking: Asking) -> HTTPResponse:
        text = say("wechat_bind.asking", name=asking.name, phone=asking.phone)
        return self._page("asking", text=text, warning=say("wechat_bind.warning"))

    def _over(self, code: str, status: int = 400) -> HTTPResponse:
        return self._page("over", status, text=say(f"wechat_bind.{code}"), hint=say("wechat_bind.start_again"))

    def _page(self, body: str, status: int = 200, **words: str) -> HTTPResponse:
        safe = {name: escape(word) for name, word in words.items()} | {"prefix": self.prefix}
        inner = Template((_FOLDER / f"{body}.html").read_text("utf-8")).substitute(safe)
        frame = Template((_FOLDER / "frame.html").read_text("utf-8"))
        html = frame.substitute(prefix=self.prefix, heading=escape(say("wechat_bind.heading")), body=inner)
        return HTTPResponse(html, status, _HEADERS, "text/html; charset=utf-8")
