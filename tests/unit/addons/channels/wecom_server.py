"""WeCom as Inbox meets it, and a Rasa process that fetches from it, without their networks."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from addons.channels.answers import Message
from addons.channels.wechat_delivery import Work
from addons.channels.wechat_outcome import ApiError, Reason
from addons.channels.wechat_owed import OwedAnswers
from addons.channels.wechat_parse import Doorbell, Text
from addons.channels.wechat_quota import Quota
from addons.channels.wechat_routes import Routes
from addons.channels.wecom_api import Page
from addons.channels.wecom_desk import Places, WeComDesk
from addons.channels.wecom_inbox import Hands, Inbox
from addons.channels.wecom_messages import Entered
from addons.channels.wecom_taking import Taking
from addons.stores.store import Store, StoreUnavailable

CORP, DESK, CUSTOMER = "ww1", "wk1", "wmA"


class Server:
    """WeCom: a log, pages of two, tokens of doorbells; `faults` come first, one for each call."""

    def __init__(self) -> None:
        self.log: list[dict[str, Any]] = []
        self.faults: list[ApiError] = []
        self.calls: list[tuple[str, str]] = []
        self.good_cursors, self.bad_cursor = True, 40058

    def say(self, text: str, customer: str = CUSTOMER, age: float = 0.0, **more: Any) -> None:
        entry = {"origin": 3, "msgtype": "text", "text": {"content": text}, "msgid": f"m{len(self.log)}"}
        who = {"open_kfid": DESK, "external_userid": customer, "send_time": int(time.time() - age)}
        self.log.append({**entry, **who, **more})

    def happen(self, kind: str, **more: Any) -> None:
        event = {"event_type": kind, "open_kfid": DESK, "external_userid": CUSTOMER, **more}
        self.log.append({"origin": 4, "msgtype": "event", "event": event, "send_time": int(time.time()), "msgid": "e"})

    async def sync(self, desk: str, cursor: str, token: str) -> Page:
        self.calls.append((cursor, token))
        await asyncio.sleep(0)
        if self.faults:
            raise self.faults.pop(0)
        if cursor and not self.good_cursors:
            raise ApiError(Reason.UNKNOWN, self.bad_cursor)
        start = int(cursor or 0)
        end = min(start + 2, len(self.log))
        return Page(list(self.log[start:end]), str(end), end < len(self.log))


@dataclass
class Process:
    """One Rasa process; `started` are the works that its turns were given."""

    inbox: Inbox
    desk: WeComDesk
    taking: Taking
    started: list[Work] = field(default_factory=list)
    welcomed: list[Entered] = field(default_factory=list)
    fail: list[Exception] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return [work.push.content for work in self.started if isinstance(work.push, Text)]

    async def ring(self, token: str = "T") -> None:
        await self.inbox.ring(Doorbell(DESK, token))
        while self.inbox._tasks:
            await asyncio.gather(*self.inbox._tasks)


async def never(desk: str) -> None:
    raise AssertionError("nothing is asked again")


def process(server: Server, store: Store, bounced: dict[str, tuple[Message, ...]] | None = None) -> Process:
    owed, places = OwedAnswers(store, CORP), Places(store, CORP, DESK)
    desk = WeComDesk(store, CORP, SimpleNamespace(), places, (), never)  # type: ignore[arg-type]

    async def found(openid: str) -> SimpleNamespace:
        return SimpleNamespace(owner="zhangwei")

    account = SimpleNamespace(
        delivery=SimpleNamespace(routes=Routes(store, CORP), owed=owed),
        followers=SimpleNamespace(find=found),
        quota=Quota(store, CORP),
        turns=SimpleNamespace(start=lambda work: started(work)),
    )
    taking = Taking(account, desk)  # type: ignore[arg-type]

    async def find(identity: str) -> tuple[Message, ...]:
        return (bounced or {}).pop(identity, ())

    def started(work: Work) -> None:
        if made.fail:
            raise made.fail.pop(0)
        made.started.append(work)

    def welcome(entered: Entered) -> None:
        made.welcomed.append(entered)

    inbox = Inbox(server, store, CORP, (DESK,), Hands(taking, desk, places, welcome, find))  # type: ignore[arg-type]
    made = Process(inbox, desk, taking)
    return made


class Flaky:
    """A store that fails once when it is told to, having made the change or not."""

    def __init__(self, store: Store) -> None:
        self._store, self.next, self.made = store, "", True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def add(self, key: str, value: str, lifetime: float) -> bool:
        return bool(await self._maybe(key, lambda: self._store.add(key, value, lifetime)))

    async def set(self, key: str, value: str, lifetime: float) -> None:
        await self._maybe(key, lambda: self._store.set(key, value, lifetime))

    async def _maybe(self, key: str, call: Any) -> Any:
        if not self.next or self.next not in key:
            return await call()
        self.next = ""
        if self.made:
            await call()
        raise StoreUnavailable("gone")
