"""Progress of tickets, and whether a number or an address is the bank's."""

import re
from datetime import datetime

from actions.conversation import Conversation
from actions.facts import FACTS
from actions.forms import BankAction
from actions.replies import BANK_ZONE, day
from actions.session import ask
from banking.care import Ticket

SHOWN = 3
OFFICIAL_NUMBERS = ("hotline", "hotline_abroad", "sms_sender")
PUBLIC_NUMBERS = ("hotline_police", "hotline_antifraud", "hotline_regulator")
OFFICIAL_SITES = ("website",)
NUMBER = re.compile(r"\+?\d[\d*\- ]{3,}\d|(?<!\d)1\d{2}(?!\d)")
SITE = re.compile(r"(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})", re.IGNORECASE)


class ActionCheckTicket(BankAction):
    """The newest tickets with their progress, those under way first."""

    capability = "care"

    def name(self) -> str:
        return "action_check_ticket"

    async def serve(self, talk: Conversation) -> None:
        tickets: tuple[Ticket, ...] = await ask("tickets", talk.session)
        if not tickets:
            talk.say.say("utter_ticket_none")
            return
        ordered = sorted(tickets, key=lambda ticket: ticket.state == "answered")[:SHOWN]
        talk.say.say("utter_ticket_list", rows="\n".join(_row(talk, ticket) for ticket in ordered))


def _row(talk: Conversation, ticket: Ticket) -> str:
    newest = ticket.notes[-1]
    return talk.say.phrase(
        f"phrase_ticket_{ticket.state}",
        title=ticket.title,
        ticket_no=ticket.ticket_no,
        opened=day(ticket.opened_at),
        note=newest.text,
        noted=_moment(newest.at),
        promised=_moment(ticket.promised_by),
    )


def _moment(value: datetime) -> str:
    return f"{day(value)}{value.astimezone(BANK_ZONE):%H:%M}"


class ActionVerifyBankContact(BankAction):
    """Compares a number or address with those the bank has published. A match is no guarantee."""

    capability = "care"

    def name(self) -> str:
        return "action_verify_bank_contact"

    async def serve(self, talk: Conversation) -> None:
        said = contact_in(talk.turn.text)
        if said is None:
            talk.say.say("utter_verify_contact_list")
        elif is_ours(said):
            talk.say.say("utter_verify_contact_ours", said=said)
        elif is_one_of(said, PUBLIC_NUMBERS):
            talk.say.say("utter_verify_contact_public", said=said)
        else:
            talk.say.say("utter_verify_contact_not_ours", said=said)


def contact_in(text: str) -> str | None:
    """The number or the host name that the message is about."""
    site = SITE.search(text)
    if site:
        return site.group(1).lower()
    number = NUMBER.search(text)
    return number.group().strip() if number else None


def is_ours(said: str) -> bool:
    """Exactly one of the bank's: a longer number or a look-alike address is not."""
    values = FACTS.values()
    sites = {values[name].lower() for name in OFFICIAL_SITES}
    if said in sites or any(said.endswith(f".{site}") for site in sites):
        return True
    return is_one_of(said, OFFICIAL_NUMBERS)


def is_one_of(said: str, facts: tuple[str, ...]) -> bool:
    """Whether a number is that of one of these facts."""
    values = FACTS.values()
    return _digits(said) in {_digits(values[name]) for name in facts}


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit() or char == "*")
