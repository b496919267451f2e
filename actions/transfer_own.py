"""Which of the customer's own accounts pays, and which receives."""

import re
from typing import Any

from actions.conversation import Conversation
from actions.forms import FormOver
from actions.service_fields import OPTION, AccountField, AmountField, Values
from actions.session import ask
from actions.turn import FOUR_DIGITS, Amount, Turn
from actions.words import named
from banking.model import Account

INTO = re.compile(r"(?:到|进|给|往|入|至|回|去|补)[^从用由把将，。,]{0,6}$")
OUT_OF = re.compile(r"(?:从|用|由|把|将|拿)[^到往至，。,]{0,6}$")
LEAVES = re.compile(r"(?:那张)?(?:卡|账户|户)?(?:里|上)?(?:面)?(?:的?(?:钱|余额)|转|出|划|挪|扣)")
CLASS = re.compile(r"[一二ⅠⅡ12I]{1,2}类[卡户账]?户?")
EVERYTHING = re.compile("钱都|[全都][转归挪划]|转[光空完]")
FROM, TO = "from", "to"


def sides(turn: Turn) -> dict[str, str]:
    """What the message says about the two sides: a tail, or the class of an account (I, II).

    Four digits that are money too (转2000到1122) name an account only where the words around them say so.
    """
    text = turn.text
    mentions = [(found.start(), found.end(), found.group()) for found in FOUR_DIGITS.finditer(text)]
    mentions += [(found.start(), found.end(), str(named("classes", found.group()))) for found in CLASS.finditer(text)]
    said: dict[str, str] = {}
    unclear: list[str] = []
    for start, end, what in sorted(mentions):
        side = _side(text[:start], text[end:])
        if side is not None and side not in said:
            said[side] = what
        elif not any(amount.start <= start < amount.end for amount in turn.amounts()):
            unclear.append(what)
    if unclear and (said or len(unclear) > 1):
        for side in (FROM, TO):
            if side not in said and unclear:
                said[side] = unclear.pop(0)
    return said


def _side(before: str, after: str) -> str | None:
    if INTO.search(before):
        return TO
    return FROM if OUT_OF.search(before) or LEAVES.match(after) else None


class OwnAccountField(AccountField):
    """One side of a transfer between own accounts. Value: the account's id."""

    def __init__(self, name: str, side: str) -> None:
        super().__init__(name)
        self._side = side

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        chosen = turn.reference(OPTION) if asked else None
        if chosen is not None:
            return {"id": chosen}
        if turn.is_button:
            return None
        said = sides(turn)
        if self._side in said:
            return {"is": said[self._side]}
        alone = FOUR_DIGITS.findall(turn.text) or [str(named("classes", turn.text) or "")]
        return {"is": alone[0]} if asked and not said and alone[0] else None

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        candidates = await self.candidates(talk, values)
        if len(await super().candidates(talk, {})) < 2:
            talk.say.say("utter_transfer_own_accounts_single")
            raise FormOver
        meant = [account for account in candidates if _is_meant(account, said or {})]
        if not meant and said and said.get("is"):
            talk.say.say("utter_transfer_own_accounts_unknown", said=said["is"])
        if len(meant) == 1:
            return meant[0].id
        return candidates[0].id if len(candidates) == 1 and not said else None

    async def candidates(self, talk: Conversation, values: Values) -> list[Account]:
        """Not the account that was named for the other side."""
        other = (talk.memory["service_said"] or {}).get("to_account_id") if self._side == FROM else None
        found = await super().candidates(talk, values)
        return [account for account in found if not (other and _is_meant(account, other))]


def _is_meant(account: Account, said: dict[str, Any]) -> bool:
    if said.get("id"):
        return bool(said["id"] == account.id)
    return bool(said.get("is")) and said["is"] in (account.tail, account.account_class)


class OwnAmountField(AmountField):
    """全部 and shares are of what the paying account holds."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        everything = EVERYTHING.search(turn.text) and not self.amounts(turn)
        return {"scope": "all"} if everything else super().hear(turn, asked)

    def amounts(self, turn: Turn) -> list[Amount]:
        """Not the tails of the accounts (从6789转到1122)."""
        tails = sides(turn).values()
        return [amount for amount in super().amounts(turn) if amount.said not in tails]

    async def share(self, talk: Conversation, scope: str, values: Values) -> int | None:
        accounts: tuple[Account, ...] = await ask("accounts", talk.session)
        available_fen = next(account.available_fen for account in accounts if account.id == values["from_account_id"])
        return available_fen if scope == "all" else share_of(available_fen, scope)


def share_of(amount_fen: int, ratio: str) -> int:
    """`ratio` as a decimal text, rounded down to the fen."""
    whole, _, fraction = ratio.partition(".")
    return amount_fen * int(whole + fraction) // int("1" + "0" * len(fraction))
