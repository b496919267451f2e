"""What a bank must not start with: found when Rasa starts, said in one line, and the process ends."""

from collections.abc import Iterator
from typing import Any

from rasa.shared.exceptions import RasaException
from sanic import Sanic

from addons.channels.web_settings import WebSettings, is_loopback

OPEN_CHANNELS = ("rest", "callback", "socketio")
SANDBOX_PATH = "/sandbox/"


def check_settings(settings: WebSettings) -> None:
    """Raise RasaException for settings that are fit for the sandbox only."""
    _refuse(_weak_settings(settings))


def check_app(app: Sanic) -> None:
    """Raise RasaException for a server that others could use: open API, every origin.

    Call it while the channel's routes are added: Rasa has added its own by then.
    """
    _refuse(_open_server(app))


def check_channels(channels: list[Any], settings: WebSettings) -> None:
    """Raise RasaException for channels of Rasa that verify nobody; only the sandbox may play with them."""
    if settings.sandbox:
        return
    for channel in channels:
        if type(channel).__module__.startswith("rasa.core.channels.") and channel.name() in OPEN_CHANNELS:
            raise RasaException(
                f"credentials.yml lists {channel.name()}: Rasa's {channel.name()} channel lets anybody talk as any "
                "customer. Remove it."
            )


def _refuse(problems: Iterator[str]) -> None:
    for problem in problems:
        raise RasaException(problem)


def _weak_settings(settings: WebSettings) -> Iterator[str]:
    if settings.sandbox:
        return
    for origin in settings.origins:
        if not origin.startswith("https://") and not is_loopback(origin):
            yield f"WEB_ORIGINS has {origin}: outside the sandbox the chat page is served over https://."
    for name, url in (("WEB_SIGN_IN_URL", settings.sign_in_url), ("WEB_SIGN_IN_KEYS_URL", settings.sign_in_keys_url)):
        if SANDBOX_PATH in url:
            yield f"{name} is the sandbox's own ({url}): set it to the bank's sign-in page."
        elif not url.startswith("https://") and not is_loopback(url):
            yield f"{name} is {url}: outside the sandbox it must be https://."


def _open_server(app: Sanic) -> Iterator[str]:
    for route in app.router.routes:
        if _token_of(route.handler) is _OPEN and app.config.get("USE_JWT") is None:
            yield (
                "rasa run --enable-api has no authentication: anybody could read and steer conversations. "
                "Add --auth-token or --jwt-secret, or leave --enable-api out."
            )
            break
    cors = getattr(app.ctx, "sanic_cors", None)
    for _, options in getattr(cors, "resources", None) or ():
        if any(str(origin) in ("*", ".*", "re.compile('.*')") for origin in options.get("origins") or ()):
            yield 'rasa run --cors "*" lets every site ask as the customer: leave it out, or name the sites.'


_GUARDED, _OPEN = "guarded", "open"


def _token_of(handler: Any) -> str | None:
    """Whether a route of Rasa's API asks for the token; None for other routes.

    Rasa keeps the token in the closure of its `requires_auth` only.
    """
    if getattr(handler, "__module__", "") != "rasa.server":
        return None
    closure = dict(zip(handler.__code__.co_freevars, handler.__closure__ or ()))
    if not {"token", "sufficient_scope"} <= set(closure):
        return None
    return _OPEN if closure["token"].cell_contents is None else _GUARDED
