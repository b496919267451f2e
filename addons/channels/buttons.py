"""One-time buttons: what leaves is a random id, what Rasa gets back is the payload kept here."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

LIFETIME_SECONDS = 30 * 60
MOST_GROUPS = 20


@dataclass(frozen=True)
class _Group:
    """Buttons of one message: ids -> payloads."""

    payloads: dict[str, str]
    expires: float


class ButtonStore:
    """Live buttons of every conversation; in memory, as one Rasa process serves the embedded channels."""

    def __init__(self, lifetime: float = LIFETIME_SECONDS, now: Callable[[], float] = time.monotonic) -> None:
        self._lifetime, self._now = lifetime, now
        # Conversations in the order of their last buttons, so that those gone quiet are found at the front.
        self._groups: OrderedDict[str, list[_Group]] = OrderedDict()

    def issue(self, conversation: str, payloads: Iterable[str]) -> list[str]:
        """Ids (128 bit) for the buttons of one message, in order.

        An older message of the conversation that offers one of the same payloads dies: a stale "确认" must not confirm
        what a newer message shows.
        """
        ids = {secrets.token_urlsafe(16): payload for payload in payloads}
        offered = set(ids.values())
        live = [group for group in self._live(conversation) if offered.isdisjoint(group.payloads.values())]
        live.append(_Group(ids, self._now() + self._lifetime))
        self._groups[conversation] = live[-MOST_GROUPS:]
        self._groups.move_to_end(conversation)
        self._forget_quiet()
        return list(ids)

    def press(self, conversation: str, button: str) -> str | None:
        """Payload of a live button of this conversation, whose whole group is spent by it; None for any other id."""
        live = self._live(conversation)
        pressed = next((group for group in live if button in group.payloads), None)
        if pressed is None:
            return None
        self._groups[conversation] = [group for group in live if group is not pressed]
        return pressed.payloads[button]

    def forget(self, conversation: str) -> None:
        """Drop the buttons of a conversation that is over."""
        self._groups.pop(conversation, None)

    def _forget_quiet(self) -> None:
        while not self._live(oldest := next(iter(self._groups))):
            del self._groups[oldest]

    def _live(self, conversation: str) -> list[_Group]:
        now = self._now()
        return [group for group in self._groups.get(conversation, []) if group.expires > now]
