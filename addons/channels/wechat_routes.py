"""How the answer to a push leaves, decided once over all processes: on the push's own connection, or by the API."""

from addons.stores.store import Store

DECIDED_SECONDS = 600.0
TAKEN_SECONDS = 4 * 24 * 3600.0  # WeCom hands out three days again when it is asked to
_PENDING, _PUSH, _PASSIVE, _GIVEN = "pending", "push", "passive ", "given "


class Routes:
    """Decisions by the key of the push. Every method may raise StoreUnavailable."""

    def __init__(self, store: Store, account: str) -> None:
        self._store, self._account = store, account

    async def begin(self, key: str) -> bool:
        """Note that a push came; False for one that came before."""
        return await self._store.add(self._key(key), _PENDING, DECIDED_SECONDS)

    async def open(self, key: str) -> bool:
        """Whether nothing is decided yet."""
        return await self._store.get(self._key(key)) == _PENDING

    async def known(self, key: str) -> bool:
        """Whether it was taken, or is decided in any way."""
        return await self._store.get(self._key(key)) is not None

    async def take(self, key: str) -> bool:
        """Decide for the API a message that came on no connection of its own. False for one that came before."""
        return await self._store.add(self._key(key), _PUSH, TAKEN_SECONDS)

    async def attempts(self, key: str) -> int:
        """How often WeChat has come with this push without an answer, this time included."""
        return await self._store.count(self._key(key) + ":attempts", DECIDED_SECONDS)

    async def passive_body(self, key: str) -> str | None:
        """The passive reply that was decided on, byte for byte; None while there is none, or when there will be none.

        Whoever asks gives it to WeChat.
        """
        held = await self._store.get(self._key(key)) or ""
        if held.startswith(_PASSIVE):
            given = _GIVEN + held[len(_PASSIVE) :]
            await self._store.replace(self._key(key), held, given, DECIDED_SECONDS)
            held = given
        return held[len(_GIVEN) :] if held.startswith(_GIVEN) else None

    async def to_push(self, key: str) -> bool:
        """Decide for the API. False when it was decided before, either way."""
        return await self._store.replace(self._key(key), _PENDING, _PUSH, DECIDED_SECONDS)

    async def to_passive(self, key: str, body: str, pushed_in_vain: bool = False) -> bool:
        """Decide for the passive reply `body`. False when it was decided before, either way.

        `pushed_in_vain`: the caller decided for the API before, and WeChat took nothing of it.
        """
        before = _PUSH if pushed_in_vain else _PENDING
        return await self._store.replace(self._key(key), before, _PASSIVE + body, DECIDED_SECONDS)

    async def not_given(self, key: str, body: str) -> bool:
        """Decide for the API after all, unless somebody has given WeChat the passive reply."""
        return await self._store.replace(self._key(key), _PASSIVE + body, _PUSH, DECIDED_SECONDS)

    def _key(self, key: str) -> str:
        return f"wechat:{self._account}:route:{key}"
