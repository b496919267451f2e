"""The address book as services: adding a payee by name and account number, removing one."""

import re
from typing import Any, ClassVar

from actions.conversation import Conversation
from actions.payee_field import PayeeField
from actions.payees import words
from actions.service_fields import Field, Values
from actions.service_form import ServiceForm
from actions.turn import Turn
from banking.transfers import AddPayee, RemovePayee

PERSON = re.compile(r"[\u4e00-\u9fff·]{2,12}")
UNUSABLE = frozenset({"invalid", "unavailable"})
"""What the channel says of a number that got no reference."""


def is_relation(name: str) -> bool:
    """妈妈, 房东: what somebody is to the customer, and no name on a bank card."""
    group = words()
    said = {word for alias, named in group["people"].items() for word in (alias, *named)}
    return name in said or name in group["roles"]["names"]


class HolderField(Field):
    """The name on the payee's card. Value: the name."""

    def __init__(self) -> None:
        super().__init__("name")

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        persons = [person for person in turn.persons() if not is_relation(person) and PERSON.fullmatch(person)]
        if persons:
            return persons[-1]
        text = turn.text.strip()
        return text if asked and PERSON.fullmatch(text) and not is_relation(text) else None

    def piece(self, turn: Turn) -> str:
        return str(self.hear(turn, asked=True) or "")

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        return said


class NumberField(Field):
    """The payee's full account number, as the reference that the channel got for it. Value: the reference."""

    def __init__(self) -> None:
        super().__init__("number_reference")

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        return turn.account_number

    def claims(self, turn: Turn) -> bool:
        return turn.account_number is not None

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if said in UNUSABLE:
            talk.say.say(f"utter_add_payee_number_{said}")
            return None
        return said


class AliasField(Field):
    """What the customer calls the payee, when that was said; never asked for. Value: the word, or nothing."""

    def __init__(self) -> None:
        super().__init__("alias")

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        relations = [person for person in turn.persons() if is_relation(person)]
        return relations[-1] if relations else None

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        return said or ""


class AddPayeeForm(ServiceForm):
    """添加收款人: name and account number, checked by the core."""

    capability = "transfer_services"
    intent = "add_payee"
    fields: ClassVar[tuple[Field, ...]] = (HolderField(), NumberField(), AliasField())
    mends: ClassVar[dict[str, str]] = {
        "name_mismatch": "name",
        "name_invalid": "name",
        "number_expired": "number_reference",
        "account_unknown": "number_reference",
        "bank_unknown": "number_reference",
    }

    def order(self, values: Values) -> AddPayee:
        return AddPayee(values["number_reference"], values["name"], values["alias"] or None)


class RemovePayeeForm(ServiceForm):
    """删除收款人: which one."""

    capability = "transfer_services"
    intent = "remove_payee"
    fields: ClassVar[tuple[Field, ...]] = (PayeeField(),)

    def order(self, values: Values) -> RemovePayee:
        return RemovePayee(values["payee_id"])
