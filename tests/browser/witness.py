"""What a browser noticed during a test: violations of the security policy, errors of scripts, requests to strangers."""

from collections.abc import Iterable

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

# Also in frames, and where Chromium's own words in the console should ever change.
_LISTEN = """addEventListener("securitypolicyviolation", (event) =>
  console.error("Content Security Policy:", event.effectiveDirective, event.blockedURI, event.sourceFile))"""
_NETWORK = ("Failed to load resource", "WebSocket connection to")  # said of refusals and cut lines, which tests provoke


class Witness:
    """Watches one browser context from its start to its end."""

    def __init__(self, context: BrowserContext, known: Iterable[str]) -> None:
        """`known`: beginnings of the addresses that may be asked."""
        self._known, self.faults, self._forgiven = tuple(known), list[str](), list[str]()
        context.add_init_script(_LISTEN)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)

    def forgive(self, part: str) -> None:
        """The test provokes faults that have these words in them."""
        self._forgiven.append(part)

    @property
    def found(self) -> list[str]:
        """Faults that were not provoked."""
        return [fault for fault in self.faults if not any(part in fault for part in self._forgiven)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_NETWORK):
            self.faults.append(f"console: {message.text}")

    def _error(self, error: WebError) -> None:
        self.faults.append(f"script: {error.error}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((*self._known, "data:")):
            self.faults.append(f"request to a stranger: {request.url}")
