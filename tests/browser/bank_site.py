"""Pages of a bank's own web site, with the chat's button on them."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>掌柜银行</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<h1>掌柜银行</h1><p><a href="#rates">存款利率</a></p><input aria-label="站内搜索">
<script src="{chat}/chat/widget.js" data-lang="zh" defer></script>
<script src="{chat}/chat/widget.js" data-lang="zh" defer></script>"""


@dataclass(frozen=True)
class BankSite:
    """A site that has the widget on its page, twice, as happens with templates."""

    origin: str


@contextmanager
def bank_sites(chat: str) -> Iterator[tuple[BankSite, BankSite]]:
    """Two sites on two ports of loopback."""
    with ExitStack() as stack:
        yield stack.enter_context(_serving(chat)), stack.enter_context(_serving(chat))


@contextmanager
def _serving(chat: str) -> Iterator[BankSite]:
    content = _PAGE.format(chat=chat).encode()
    # Strict, as a bank's site should be: the widget must do with this.
    policy = f"default-src 'none'; script-src {chat}; frame-src {chat}; style-src 'self'; img-src data:"

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path.startswith("/") and self.path != "/favicon.ico"
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.send_header("Content-Length", str(len(content) if found else 0))
            self.end_headers()
            self.wfile.write(content if found else b"")

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield BankSite(f"http://127.0.0.1:{server.server_address[1]}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
