"""From what was said to references of the core bank: which payee, which paying account, how much."""

from collections.abc import Sequence
from typing import Any

from actions.conversation import Conversation
from actions.forms import FormOver
from actions.payees import match, pick, pointed_at, sounds_like
from actions.replies import yuan
from actions.session import ask, gather
from actions.transfer_hearing import ANOTHER
from banking.model import Account, Payee


async def understand(talk: Conversation) -> str | None:
    """Turn names into references of the core bank. Returns the slot to ask for when something is missing or unclear."""
    accounts, payees = await gather(ask("accounts", talk.session), ask("payees", talk.session))
    payers = [account for account in accounts if account.kind == "debit"]
    return _find_payee(talk, payees) or _find_account(talk, payers, payees) or _find_amount(talk, payers)


def _find_payee(talk: Conversation, payees: Sequence[Payee]) -> str | None:
    if not payees:
        talk.say.say("utter_transfer_no_payees")
        raise FormOver
    memory = talk.memory
    text, said = str(memory["transfer_said"] or ""), memory["transfer_payee_said"]
    current = next((payee for payee in payees if payee.id == memory["transfer_payee"]), None)
    choices = memory["transfer_payee_choices"] or []
    offered = [payee for payee in payees if payee.id in {choice["id"] for choice in choices}]
    if heard := choices[0].get("heard") if offered else None:
        found, said = _confirmed(talk, offered, text), None if _says(talk, "deny") else heard
    else:
        found = pick(offered, text) if offered else match(said, text, payees)
    if current:
        found = _others(found, current) or [current]
    memory.set(transfer_said=None, transfer_payee_said=None, transfer_payee_choices=None)
    if len(found) == 1:
        memory.set(transfer_payee=found[0].id, transfer_payee_name=found[0].name)
        return None
    memory.set(transfer_payee=None, transfer_payee_name=None)
    if found:
        memory.set(transfer_payee_choices=[_choice(payee) for payee in found])
    elif said:
        _offer_alike(talk, said, payees)
    return "transfer_payee"


def _says(talk: Conversation, intent: str) -> bool:
    """Whether this is the answer to the question for the payee."""
    return talk.asked == "transfer_payee" and talk.turn.intent == intent


def _confirmed(talk: Conversation, offered: Sequence[Payee], text: str) -> list[Payee]:
    """The one of the payees that only sound like the name: a single one takes a yes, several a choice."""
    if len(offered) == 1:
        return list(offered) if _says(talk, "affirm") else []
    pointed = pointed_at(offered, text)
    return pointed if len(pointed) == 1 else []


def _offer_alike(talk: Conversation, said: str, payees: Sequence[Payee]) -> None:
    """Of a name that nobody has: whose name sounds like it, or who there is at all."""
    alike = sounds_like(said, payees)
    talk.memory.set(transfer_payee_choices=[_choice(payee) | {"heard": said} for payee in alike] or None)
    if not alike:
        names = "、".join(dict.fromkeys(payee.alias or payee.name for payee in payees))
        talk.say.say("utter_transfer_payee_unknown", name=said, names=names)


def _others(found: Sequence[Payee], current: Payee) -> list[Payee]:
    """Of the payees in a sentence those that would be a change: saying the present one again is none."""
    return [payee for payee in found if payee.name != current.name]


def _choice(payee: Payee) -> dict[str, str]:
    return {"id": payee.id, "name": payee.name, "bank": payee.bank, "tail": payee.tail}


def _find_account(talk: Conversation, payers: Sequence[Account], payees: Sequence[Payee]) -> str | None:
    memory = talk.memory
    named = talk.turn.tails(frozenset(account.tail for account in payers if account.tail), amounts_first=True)
    said = memory["transfer_account_said"] or (named[-1] if named else None)
    payee_tail = next((payee.tail for payee in payees if payee.id == memory["transfer_payee"]), None)
    memory.set(transfer_account_said=None, transfer_account_choices=None)
    if not payers:
        talk.say.say("utter_bank_account_not_found")
        raise FormOver
    if said == ANOTHER:
        return _offer_others(talk, [account for account in payers if account.id != memory["transfer_account"]])
    chosen = next((account for account in payers if said and account.tail == said), None)
    if chosen:
        memory.set(transfer_account=chosen.id)
    elif said and said != payee_tail:  # "转给尾号3344的李娜" names the payee's card
        talk.say.say("utter_transfer_account_unknown", tail=said)
        memory.set(transfer_account=None, transfer_account_choices=_account_choices(payers))
        return "transfer_account"
    if memory["transfer_account"] not in {account.id for account in payers}:
        memory.set(transfer_account=payers[0].id)  # the main account; the confirmation names it and it can be changed
    return None


def _offer_others(talk: Conversation, others: Sequence[Account]) -> str | None:
    if not others:
        talk.say.say("utter_transfer_only_account")
        return None
    talk.memory.set(transfer_account_choices=_account_choices(others))
    return "transfer_account"


def _account_choices(payers: Sequence[Account]) -> list[dict[str, Any]]:
    return [{"id": a.id, "name": a.name, "tail": a.tail, "available": yuan(a.available_fen)} for a in payers]


def _find_amount(talk: Conversation, payers: Sequence[Account]) -> str | None:
    memory, scope = talk.memory, talk.memory["transfer_scope"]
    if scope:
        available = next(a.available_fen for a in payers if a.id == memory["transfer_account"])
        memory.set(transfer_amount=_share(available, scope), transfer_scope=None)
    return None if memory["transfer_amount"] else "transfer_amount"


def _share(available_fen: int, scope: str) -> int:
    """全部 or a share of what is available, rounded down to the fen."""
    if scope == "all":
        return available_fen
    whole, _, fraction = scope.partition(".")
    return available_fen * int(whole + fraction) // int("1" + "0" * len(fraction))
