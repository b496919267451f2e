"""Saying things in the domain's words: responses, phrases inside them, amounts, days, and the core bank's refusals."""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk.executor import CollectingDispatcher

from actions.english import in_english, throughout
from actions.facts import FACTS
from actions.panels import Panel, Payload
from banking.model import Account, Card, TransferDetails
from banking.port import BankError
from chinese.amounts_text import format_fen

BANK_ZONE = ZoneInfo("Asia/Shanghai")
Button = dict[str, str]
ROWS = re.compile(r"\{(?:rows|lines)\}")
"""Where a wording has what a panel shows as its items or rows."""


class Replies:
    """The dispatcher with the domain's wording at hand.

    `capability` prefers that capability's own wording of an error.
    """

    def __init__(
        self,
        dispatcher: CollectingDispatcher,
        domain: dict[str, Any],
        capability: str,
        message: Mapping[str, Any] | None = None,
    ) -> None:
        """`message`: the customer's, whose manner phrases follow (addons/channels/manner.py); responses do anyway."""
        self._dispatcher = dispatcher
        self._responses = domain.get("responses", {})
        self._capability = capability
        self._manner: Mapping[str, Any] = ((message or {}).get("metadata") or {}).get("manner") or {}

    def say(self, response: str, buttons: Sequence[Button] = (), panel: Panel | None = None, /, **values: Any) -> None:
        """Send a response of the domain, with the facts that it names; `buttons` are added to its own.

        `panel` is for channels that can draw it in place of the text. It takes the place of the response's `custom`.
        """
        wordings = " ".join(str(wording.get("text", "")) for wording in self._responses.get(response, []))
        filled = {**FACTS.named_in(wordings), **self._as_read(response, values)}
        drawn = self._drawn(panel, response, filled) if panel else None
        self._dispatcher.utter_message(response=response, buttons=list(buttons) or None, json_message=drawn, **filled)

    @property
    def speaks_english(self) -> bool:
        """Whether this customer is answered in English, where the domain has it."""
        return self._manner.get("language") == "en"

    def knows(self, response: str) -> bool:
        """Whether the domain has this wording."""
        return response in self._responses

    def phrase(self, name: str, /, **values: Any) -> str:
        """A piece of wording to put into another response. Raises KeyError when the domain lacks it."""
        return str(self._wording(name)["text"]).format(**self._as_read(name, values))

    def set_manner(self, **wanted: Any) -> None:
        """Tell the channel how this customer wants to be spoken to from now on: `language`, `elder_mode`."""
        self._dispatcher.utter_message(json_message={"manner": wanted})

    def hand_over(self) -> None:
        """Tell the channel to connect this customer with a person."""
        self._dispatcher.utter_message(json_message={"type": "transfer"})

    def _as_read(self, response: str, values: dict[str, Any]) -> dict[str, Any]:
        """The values in the language of the wording: days and known terms in English ones."""
        if not (self.knows(response) and self._is_english(self._wording(response))):
            return values
        return {name: in_english(value) if isinstance(value, str) else value for name, value in values.items()}

    def _drawn(self, panel: Panel, response: str, values: Mapping[str, Any]) -> Payload | None:
        """The panel within the response's own wording; None where an English customer gets a Chinese text."""
        wording = self._wording(response)
        if self.speaks_english and not self._is_english(wording):
            return None
        before, *after = (part.format(**values).strip() for part in ROWS.split(str(wording["text"]), maxsplit=1))
        payload: Payload = panel.payload(before, after[0] if after else "")
        if self.speaks_english:
            payload = throughout(payload)
        return payload

    def _wording(self, name: str) -> Mapping[str, Any]:
        """The variation that Rasa would choose for this customer."""
        variations: list[Mapping[str, Any]] = self._responses[name]
        fitting = (variation for variation in variations if variation.get("condition") and self._fits(variation))
        return next(fitting, variations[0])

    def _is_english(self, wording: Mapping[str, Any]) -> bool:
        """Whether this customer is answered in English, and this variation is."""
        return self.speaks_english and any(wanted["name"] == "language" for wanted in wording.get("condition") or ())

    def _fits(self, variation: Mapping[str, Any]) -> bool:
        return all(self._manner.get(wanted["name"]) == wanted["value"] for wanted in variation["condition"])

    def error(self, error: BankError, **values: Any) -> None:
        """Say why the bank did not do it.

        `utter_<capability>_<error>` where the domain has it, else `utter_bank_<error>`.
        """
        name = _snake(type(error).__name__).removeprefix("bank_")
        own = f"utter_{self._capability}_{name}"
        self.say(own if self.knows(own) else f"utter_bank_{name}", **self.details(error), **values)

    def details(self, error: BankError) -> dict[str, Any]:
        """The error's attributes as the customer reads them: fen as yuan, states in words."""
        attributes: dict[str, Any] = dataclasses.asdict(error) if dataclasses.is_dataclass(error) else {}
        values = {
            name.removesuffix("_fen"): yuan(value) if name.endswith("_fen") else value
            for name, value in attributes.items()
        }
        state = f"phrase_card_state_{values.get('state')}"
        return {**values, "state_name": self.phrase(state)} if self.knows(state) else values

    def card(self, card: Card) -> str:
        """借记卡(尾号6789)"""
        return self.phrase("phrase_card_choice", kind=self.phrase(f"phrase_card_{card.kind}"), tail=card.tail)

    def transfer_values(self, transfer: TransferDetails) -> dict[str, str]:
        """The values that responses about one transfer use: payee with bank and tail, amount, the paying tail."""
        payee = transfer.payee
        shown = self.phrase("phrase_transfer_payee", name=payee.name, bank=payee.bank, tail=payee.tail)
        return {"payee": shown, "amount": yuan(transfer.amount_fen), "tail": transfer.from_account.tail}


def yuan(fen: int) -> str:
    """12345678 -> 123,456.78"""
    return format_fen(fen)


def day(moment: datetime) -> str:
    """The bank day of a moment, as people write it: 11月22日."""
    local = moment.astimezone(BANK_ZONE)
    return f"{local.month}月{local.day}日"


def full_day(value: date) -> str:
    """2026年11月22日"""
    return f"{value.year}年{value.month}月{value.day}日"


def account_tail(accounts: Sequence[Account], account_id: str) -> str:
    """The tail of one of these accounts, or nothing."""
    return next((account.tail or "" for account in accounts if account.id == account_id), "")


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
