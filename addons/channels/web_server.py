"""python-socketio's server for pages that cannot be trusted: nothing they send raises, or fills memory."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from typing import Any

import engineio
import socketio
from engineio.async_drivers.sanic import WebSocket
from engineio.packet import Packet as EnginePacket
from sanic.request import Request
from sanic.response import HTTPResponse

from addons.channels.web_limits import CONNECTIONS, LARGEST_PACKET

PATH = "/chat/socket.io"
EVENTS = ("say", "press", "rate", "consent", "history")
BAD_MESSAGE = {"ok": False, "code": "bad_message"}
MOST_UNREAD = 64  # packets that wait for one connection; a page that is away finds what it missed in the log
UNREAD_SECONDS = 20.0
_TEXT_PACKETS = "01234"  # Socket.IO packets without attachments

logger = logging.getLogger(__name__)


class TextWebSocket(WebSocket):
    """A WebSocket that ends at the first frame that is no text packet of Engine.IO, or that is not read."""

    async def send(self, message: str) -> None:
        """Send a frame. Raises OSError, and ends the connection, when the other end does not take it in time."""
        try:
            await asyncio.wait_for(super().send(message), UNREAD_SECONDS)
        except asyncio.TimeoutError:
            self._sock.io_proto.transport.abort()
            raise OSError("a frame was not read") from None

    async def wait(self) -> str:
        """The next frame. Raises OSError, which engineio takes for the end of the connection."""
        try:
            data = await super().wait()
        except asyncio.CancelledError:
            # Sanic forgets its own task that waits for a frame, and asyncio would log an error for every lost line.
            self._sock.assembler.message_complete.set()
            raise
        try:
            if isinstance(data, str) and len(data) <= LARGEST_PACKET and not EnginePacket(encoded_packet=data).binary:
                return data
        except (ValueError, RecursionError):
            pass
        raise OSError("not a text packet of Engine.IO")


class _Engine(engineio.AsyncServer):
    _async: dict[str, Any]  # what belongs to the web framework: here Sanic's

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._async = {**self._async, "websocket": TextWebSocket}

    async def disconnect(self, sid: str | None = None) -> None:
        """Close a connection, also one whose other end reads nothing: the base class would wait for it."""
        if sid is None:
            await super().disconnect()
        elif (connection := self.sockets.pop(sid, None)) is not None:
            await connection.close(wait=False, reason=self.reason.SERVER_DISCONNECT)
            await connection.queue.put(None)  # ends the writer, which closes the WebSocket


class WebServer(socketio.AsyncServer):
    """Socket.IO with text events of known names only, and a limit of connections for each address.

    Base classes hand an event called "connect" to the connect handler, keep binary attachments without a limit, and
    log a traceback for every malformed packet.
    """

    def __init__(
        self, origins: list[str], cookie: str, address_of: Callable[[Request], str], manager: Any = None
    ) -> None:
        """`origins`: pages that may connect. `cookie`: its name. `address_of` tells who a request comes from."""
        self._cookie, self._address_of = cookie, address_of
        self._addresses: dict[str, str] = {}
        self._open: Counter[str] = Counter()
        super().__init__(
            async_mode="sanic",
            client_manager=manager,
            cors_allowed_origins=origins,
            max_http_buffer_size=LARGEST_PACKET,
            async_handlers=False,  # events of one page are taken in their order; handlers are quick
            logger=_quiet("socketio"),
            engineio_logger=_quiet("engineio"),
        )

    def _engineio_server_class(self) -> type[engineio.AsyncServer]:
        return _Engine

    def address(self, environ: dict[str, Any]) -> str:
        """Address of a connection, from its environ."""
        return self._address_of(environ["sanic.request"])

    def is_same_browser(self, request: Request) -> bool:
        """Whether a request to a connection has its cookie: ids of connections stand in addresses, which leak."""
        environ = self.environ.get(request.args.get("sid"))
        if environ is None:
            return True
        return bool(environ["sanic.request"].cookies.get(self._cookie) == request.cookies.get(self._cookie))

    async def _send_eio_packet(self, eio_sid: str, eio_pkt: EnginePacket) -> None:
        if await self._is_read(eio_sid):
            await super()._send_eio_packet(eio_sid, eio_pkt)

    async def _send_packet(self, eio_sid: str, pkt: Any) -> None:
        if await self._is_read(eio_sid):
            await super()._send_packet(eio_sid, pkt)

    async def _is_read(self, eio_sid: str) -> bool:
        """Whether the other end reads what it is sent; a connection that does not is closed."""
        connection = self.eio.sockets.get(eio_sid)
        if connection is None or connection.queue.qsize() < MOST_UNREAD:
            return True
        logger.info("a connection that reads nothing was closed")
        await self.eio.disconnect(eio_sid)
        return False

    async def _handle_eio_connect(self, eio_sid: str, environ: dict[str, Any]) -> bool | None:
        address = self.address(environ)
        if self._open[address] >= CONNECTIONS:
            return False
        self._open[address] += 1
        self._addresses[eio_sid] = address
        await super()._handle_eio_connect(eio_sid, environ)
        return None

    async def _handle_eio_disconnect(self, eio_sid: str, reason: str) -> None:
        address = self._addresses.pop(eio_sid, None)
        if address is not None:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]
        await super()._handle_eio_disconnect(eio_sid, reason)

    async def _handle_eio_message(self, eio_sid: str, data: Any) -> None:
        try:
            if not isinstance(data, str) or data[:1] not in _TEXT_PACKETS:
                raise ValueError("not a text packet of Socket.IO")
            await super()._handle_eio_message(eio_sid, data)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
            logger.info("a connection sent what is no packet (%s) and was closed", type(error).__name__)
            await self.eio.disconnect(eio_sid)

    async def _handle_event(self, eio_sid: str, namespace: str | None, packet_id: Any, data: Any) -> None:
        well_formed = isinstance(data, list) and len(data) == 2 and data[0] in EVENTS
        if not well_formed or namespace not in (None, "/"):
            if packet_id is not None:
                refused = self.packet_class(socketio.packet.ACK, namespace=namespace, id=packet_id, data=[BAD_MESSAGE])
                await self._send_packet(eio_sid, refused)
            return
        await super()._handle_event(eio_sid, namespace, packet_id, data)


async def serve(server: WebServer, request: Request) -> HTTPResponse:
    """Answer of the Socket.IO address; 400 for a request that cannot be read."""
    if "j" in request.args:  # JSONP: a script tag of another site could read the answer
        return HTTPResponse("not served", 400, content_type="text/plain")
    if len(request.body) > LARGEST_PACKET:
        return HTTPResponse("too large", 413, content_type="text/plain")
    if not server.is_same_browser(request):
        return HTTPResponse("not your connection", 403, content_type="text/plain")
    try:
        response: HTTPResponse = await server.handle_request(request)
    except (ValueError, RecursionError) as error:
        logger.info("a request to Socket.IO could not be read: %s", type(error).__name__)
        response = HTTPResponse("bad request", 400, content_type="text/plain")
    return response


def _quiet(name: str) -> logging.Logger:
    """Logger that leaves out tracebacks of what pages send."""
    quiet = logging.getLogger(f"{__name__}.{name}")
    quiet.setLevel(logging.CRITICAL)
    return quiet
