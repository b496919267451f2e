"""What a sentence says about a transfer: payee, amount, account, yes or no. Pure: no bank is asked here."""

from actions.conversation import Conversation
from actions.forms import FormOver
from actions.replies import yuan
from actions.turn import FOUR_DIGITS, Amount

ANOTHER = "another"
"""In place of a tail: not the account that pays now, whichever else."""

LARGEST_FEN = 99_999_999_99
"""The core bank's largest amount, in fen."""


def hear_details(talk: Conversation) -> None:
    """Take up the payee, the amount and the account that were said.

    Saying something new undoes an earlier "confirm".
    """
    _hear_payee(talk)
    _hear_amount(talk)
    _hear_account(talk)


def hear_decision(talk: Conversation) -> None:
    """Take up yes and no as answers to the question that was asked. Raises FormOver when it means: do not transfer."""
    intent, memory = talk.turn.intent, talk.memory
    if talk.asked == "transfer_confirmed" and intent == "affirm" and not _mentions_details(talk):
        memory.set(transfer_confirmed=True)
    elif talk.asked == "transfer_safe" and intent in ("affirm", "deny"):
        memory.set(transfer_safe=intent == "deny")
    elif (
        talk.asked in ("transfer_confirmed", "transfer_retry", "transfer_code")
        and intent == "deny"
        and not _mentions_details(talk)
    ):
        raise FormOver


def _mentions_details(talk: Conversation) -> bool:
    """ "确认,改成转9万给李四" is not a confirmation."""
    turn = talk.turn
    return bool(turn.persons() or turn.amounts() or turn.tails() or turn.scope())


def _hear_payee(talk: Conversation) -> None:
    turn, memory = talk.turn, talk.memory
    reference = turn.reference("payee_ref")
    if reference:
        memory.set(transfer_payee=reference, transfer_payee_said=None, transfer_payee_choices=None)
    if turn.is_button or talk.asked == "transfer_retry":
        return  # what was said before still waits to be understood
    memory.set(transfer_said=turn.text)
    answer = turn.bare_name() if talk.asked == "transfer_payee" and not memory["transfer_payee_choices"] else None
    names = turn.persons() or [answer] if answer else turn.persons()
    others = [name for name in names if name not in _known_names(talk)]
    if others:
        memory.set(transfer_payee_said=others[-1], transfer_payee=None, transfer_payee_choices=None)


def _known_names(talk: Conversation) -> set[str]:
    """Names that are no new payee: the present one's, and those that were offered and are refused (不是李娜)."""
    offered = talk.memory["transfer_payee_choices"] or () if talk.turn.intent == "deny" else ()
    return {str(talk.memory["transfer_payee_name"]), *(choice["name"] for choice in offered)}


def _hear_account(talk: Conversation) -> None:
    turn = talk.turn
    reference = turn.reference("account_ref")
    if reference:
        talk.memory.set(transfer_account=reference, transfer_account_said=None)
    tails = [str(value) for value in turn.values("card-tail")]
    if not tails and talk.asked == "transfer_account":
        tails = FOUR_DIGITS.findall(turn.text)
    if tails:
        talk.memory.set(transfer_account_said=tails[-1])
    elif turn.wants_another_account():
        talk.memory.set(transfer_account_said=ANOTHER)


def _hear_amount(talk: Conversation) -> None:
    turn, memory = talk.turn, talk.memory
    reference = turn.reference("amount_ref")
    if reference and reference.isdecimal():
        memory.set(transfer_amount=int(reference), transfer_scope=None)
        return
    amounts = _without_tails(talk, turn.amounts())
    if turn.scope() and not amounts:
        memory.set(transfer_scope=turn.scope(), transfer_amount=None)
    elif amounts:
        _take(talk, amounts)
    elif (
        talk.asked == "transfer_amount"
        and turn.intent in ("inform", "correct_value")
        and not turn.persons()
        and not turn.is_button
    ):
        talk.say.say("utter_transfer_amount_unreadable")


def _without_tails(talk: Conversation, amounts: list[Amount]) -> list[Amount]:
    """Four bare digits that answer "which one?" name a card, not an amount."""
    choices = [*(talk.memory["transfer_payee_choices"] or []), *(talk.memory["transfer_account_choices"] or [])]
    if talk.asked not in ("transfer_payee", "transfer_account") or not choices:
        return amounts
    return [amount for amount in amounts if amount.said not in {choice["tail"] for choice in choices}]


def _take(talk: Conversation, amounts: list[Amount]) -> None:
    """One certain amount fills the slot; anything else is asked about and fills nothing."""
    different = {amount.fen for amount in amounts}
    if len(different) > 1 and talk.turn.intent != "correct_value":
        talk.memory.set(transfer_amount=None, transfer_scope=None)
        talk.say.say("utter_transfer_amount_several")
        return
    amount = amounts[-1]
    doubt = _doubt(amount)
    talk.memory.set(transfer_amount=None if doubt else amount.fen, transfer_scope=None)
    if doubt == "single_digit_implied" and amount.fen is not None:
        shown = yuan(amount.fen)
        title = talk.say.phrase("phrase_transfer_amount_choice", amount=shown)
        payload = f'/inform{{"amount_ref": "{amount.fen}"}}'
        talk.say.say("utter_transfer_amount_check", [{"title": title, "payload": payload}], amount=shown)
    elif doubt:
        talk.say.say(f"utter_transfer_amount_{doubt}", said=amount.said)


def _doubt(amount: Amount) -> str | None:
    """Why this amount must not be used unasked; the names are those of the responses."""
    if amount.unsafe:
        return amount.unsafe[0]
    if amount.fen is None:
        return "unreadable"
    return "invalid" if not 0 < amount.fen <= LARGEST_FEN else None
