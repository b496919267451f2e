"""How many messages WeChat lets us push to a customer: earned by what the customer does, used up by each push."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from addons.stores.store import Store, StoreUnavailable

_MOST_TRIES = 50  # each lost race means that another process has used one; there are five


@dataclass(frozen=True)
class Allowance:
    """`most` pushes within `seconds`."""

    kind: str
    most: int
    seconds: float


class Occasion(Enum):
    """What a customer did, and what it earns. The minute is cut short by what a push takes to arrive."""

    MESSAGE = Allowance("message", 5, 48 * 3600 - 60)
    CLICK = Allowance("click", 3, 55)
    SUBSCRIBE = Allowance("subscribe", 3, 55)
    SCAN = Allowance("scan", 3, 55)
    ENTER = Allowance("enter", 2, 55)  # the customer service of a mini-program


# Those that lapse first are used first.
_ORDER = (Occasion.CLICK, Occasion.SCAN, Occasion.SUBSCRIBE, Occasion.ENTER, Occasion.MESSAGE)


class Quota:
    """Pushes left for the customers of one account, counted over all processes.

    Every method may raise StoreUnavailable. A new occasion renews its own allowance and adds nothing to it: WeChat
    does not say whether they add up, and a push too many is refused there.
    """

    def __init__(self, store: Store, account: str, now: Callable[[], float] = time.time) -> None:
        self._store, self._account, self._now = store, account, now

    async def earn(self, openid: str, occasion: Occasion) -> None:
        """The customer did something just now."""
        allowance = occasion.value
        value = _value(allowance.most, self._now() + allowance.seconds)
        await self._store.set(self._key(openid, occasion), value, allowance.seconds)

    async def left(self, openid: str) -> int:
        """How many messages may be pushed now."""
        return sum([(await self._remaining(openid, occasion))[0] for occasion in _ORDER])

    async def spend(self, openid: str) -> bool:
        """Use one; False when there is none, and nothing may be pushed."""
        for occasion in _ORDER:
            for _ in range(_MOST_TRIES):
                left, ends, held = await self._remaining(openid, occasion)
                if not left:
                    break
                key, lifetime = self._key(openid, occasion), max(1.0, ends - self._now())
                if await self._store.replace(key, held, _value(left - 1, ends), lifetime):
                    return True
            else:
                raise StoreUnavailable("the quota changes all the time")
        return False

    async def forget(self, openid: str) -> None:
        """Nothing is left: WeChat said so, or the customer follows no more."""
        await self._store.delete(*(self._key(openid, occasion) for occasion in _ORDER))

    async def _remaining(self, openid: str, occasion: Occasion) -> tuple[int, float, str]:
        held = await self._store.get(self._key(openid, occasion)) or _value(0, 0)
        left, _, ends = held.partition(" ")
        return (int(left) if float(ends) > self._now() else 0), float(ends), held

    def _key(self, openid: str, occasion: Occasion) -> str:
        return f"wechat:{self._account}:quota:{openid}:{occasion.value.kind}"


def _value(left: int, ends: float) -> str:
    return f"{left} {ends}"
