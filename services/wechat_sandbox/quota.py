"""How many customer-service messages may be pushed to one follower: pots filled by what the follower did."""

from dataclasses import dataclass, field

from services.wechat_sandbox.errors import WeChatError

GRANTS: dict[str, tuple[int, float]] = {
    "message": (5, 48 * 3600.0),
    "menu": (3, 60.0),
    "subscribe": (3, 60.0),
    "scan": (3, 60.0),
    "enter": (2, 60.0),
}
"""What the follower did -> messages, seconds. A click in a `msgmenu` message counts as `menu`."""


@dataclass
class Pot:
    left: int
    until: float


@dataclass
class Allowance:
    """A new grant of a kind replaces the former one of that kind: nothing adds up."""

    pots: dict[str, Pot] = field(default_factory=dict)

    def grant(self, kind: str, now: float) -> None:
        count, seconds = GRANTS[kind]
        self.pots[kind] = Pot(count, now + seconds)

    def left(self, now: float) -> int:
        return sum(pot.left for pot in self.pots.values() if pot.until > now)

    def spend(self, now: float, closed: int = 45015, exhausted: int = 45047) -> None:
        """Take one message from the pot that ends first. Raises WeChatError `closed` or `exhausted`."""
        open_pots = sorted((pot for pot in self.pots.values() if pot.until > now), key=lambda pot: pot.until)
        if not open_pots:
            raise WeChatError(closed)
        usable = next((pot for pot in open_pots if pot.left), None)
        if usable is None:
            raise WeChatError(exhausted)
        usable.left -= 1
