"""Fields about what the bank offers and what the customer has: products, deposits, loans, parts of an amount."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from actions.conversation import Conversation
from actions.forms import FormOver
from actions.replies import Button, yuan
from actions.service_answers import ChoiceField
from actions.service_fields import AccountField, AmountField, Values, option
from actions.session import ask
from banking.model import Account
from finance.rounding import to_fen


class OfferField(ChoiceField):
    """A product of the bank: its buttons are what the core offers (`method` of the port), its words the group's."""

    def __init__(self, name: str, words: str, values: Sequence[str], method: str) -> None:
        super().__init__(name, words, values)
        self._method = method

    async def offers(self, talk: Conversation) -> list[Any]:
        """The products to choose from. Raises BankError."""
        return list(await ask(self._method, talk.visitor_session))

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        return [option(offer.name, offer.code) for offer in await self.offers(talk)]


class OwnAccountField(AccountField):
    """The account of one kind that the service is about; who has none is told so by the response `none`."""

    def __init__(self, name: str, kind: str, none: str) -> None:
        super().__init__(name, (kind,))
        self._none = none

    async def candidates(self, talk: Conversation, values: Values) -> list[Account]:
        found = await super().candidates(talk, values)
        if not found:
            talk.say.say(self._none)
            raise FormOver
        return found


class PartField(AmountField):
    """A part of something that has a value, or all of it."""

    async def whole(self, talk: Conversation, values: Values) -> int:
        """The value, 分. Raises BankError."""
        accounts: tuple[Account, ...] = await ask("accounts", talk.session)
        return next(abs(account.balance_fen) for account in accounts if account.id == values["account_id"])

    async def share(self, talk: Conversation, scope: str, values: Values) -> int | None:
        whole = await self.whole(talk, values)
        return whole if scope == "all" else to_fen(whole * Decimal(scope))

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        amount = yuan(await self.whole(talk, values))
        return [option(talk.say.phrase("phrase_service_all", amount=amount), "all")]
