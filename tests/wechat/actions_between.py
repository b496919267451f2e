"""Stands between Rasa and the action server: makes actions slow, says other things in their place, counts them."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web


@dataclass(frozen=True)
class Called:
    """One action that Rasa asked for."""

    sender: str
    text: str
    action: str


class ActionsBetween:
    """`delays` (seconds) and `answers` (what actions say) by the text of the customer."""

    def __init__(self, port: int, server: str) -> None:
        """`server`: address of the real action server, without path."""
        self._port, self._server = port, server
        self.delays: dict[str, float] = {}
        self.answers: dict[str, list[dict[str, Any]]] = {}
        self.calls: list[Called] = []

    def of(self, text: str) -> list[Called]:
        """Actions that a text led to."""
        return [call for call in self.calls if call.text == text]

    @contextmanager
    def slow(self, text: str, seconds: float) -> Iterator[None]:
        self.delays[text] = seconds
        try:
            yield
        finally:
            del self.delays[text]

    @contextmanager
    def saying(self, text: str, *messages: dict[str, Any]) -> Iterator[None]:
        self.answers[text] = list(messages)
        try:
            yield
        finally:
            del self.answers[text]

    @contextmanager
    def running(self) -> Iterator[ActionsBetween]:
        """In a thread of its own."""
        loop, started = asyncio.new_event_loop(), threading.Event()
        thread = threading.Thread(target=self._serve, args=(loop, started), daemon=True)
        thread.start()
        assert started.wait(10)
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)

    def _serve(self, loop: asyncio.AbstractEventLoop, started: threading.Event) -> None:
        asyncio.set_event_loop(loop)
        app = web.Application(client_max_size=16 * 1024 * 1024)
        app.router.add_post("/webhook", self._act)
        app.router.add_get("/health", self._health)
        runner = web.AppRunner(app)
        loop.run_until_complete(runner.setup())
        loop.run_until_complete(web.TCPSite(runner, "127.0.0.1", self._port).start())
        started.set()
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    async def _act(self, request: web.Request) -> web.Response:
        raw = await request.read()
        asked = json.loads(raw)
        text = asked["tracker"]["latest_message"].get("text") or ""
        first = not any(call.sender == asked["sender_id"] and call.text == text for call in self.calls)
        self.calls.append(Called(asked["sender_id"], text, asked["next_action"]))
        if first and text in self.delays:
            await asyncio.sleep(self.delays[text])
        if text in self.answers:
            said = self.answers[text] if first else []
            return web.Response(text=json.dumps({"events": [], "responses": said}), content_type="application/json")
        headers = {name: value for name, value in request.headers.items() if name.lower() not in ("host",)}
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{self._server}/webhook", data=raw, headers=headers) as answer,
        ):
            return web.Response(body=await answer.read(), status=answer.status, content_type="application/json")

    async def _health(self, request: web.Request) -> web.Response:
        try:
            async with aiohttp.ClientSession() as http, http.get(f"{self._server}/health") as answer:
                return web.Response(status=answer.status)
        except aiohttp.ClientError:
            return web.Response(status=503)
