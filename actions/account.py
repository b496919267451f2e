"""Balances and the list of accounts."""

from collections.abc import Sequence

from actions.conversation import Conversation
from actions.forms import BankAction
from actions.panels import Item, Listing, money
from actions.replies import yuan
from actions.session import ask, gather
from actions.turn import Turn
from actions.words import named, says
from banking.model import Account, Card

OWED_KINDS = frozenset({"mortgage"})


def choose(accounts: Sequence[Account], turn: Turn) -> tuple[list[Account], str | None]:
    """The accounts that were meant, all of them when none was named.

    With what was said in vain, e.g. "尾号9999的账户".
    """
    tails = turn.tails(frozenset(account.tail for account in accounts if account.tail))
    if tails:
        found = [account for account in accounts if account.tail in tails]
        return (found, None) if found else (list(accounts), "、".join(f"尾号{tail}" for tail in tails))
    account_class, kind = named("classes", turn.text), named("accounts", turn.text)
    if account_class:
        found = [account for account in accounts if account.account_class == account_class]
    elif kind:
        found = [account for account in accounts if account.kind == kind]
    else:
        return [account for account in accounts if account.kind not in OWED_KINDS], None
    return found or list(accounts), None


class ActionCheckBalance(BankAction):
    """Balances of all accounts, or of the one named by tail, kind or class."""

    capability = "account"
    query = True

    def name(self) -> str:
        return "action_check_balance"

    async def serve(self, talk: Conversation) -> None:
        accounts: tuple[Account, ...] = await ask("accounts", talk.session)
        chosen, unknown = choose(accounts, talk.turn)
        if unknown:
            talk.say.say("utter_account_unknown", said=f"{unknown}的账户")
        elif _foreign(talk.turn):
            talk.say.say("utter_account_only_yuan", currency=talk.turn.said("currency"))
        items = [_balance_item(talk, account) for account in chosen]
        panel = Listing(talk.say.phrase("phrase_account_balance_title"), items, framed=False)
        rows = "\n".join(_balance_row(talk, account) for account in chosen)
        talk.say.say("utter_account_balance", (), panel, rows=rows)


def _foreign(turn: Turn) -> bool:
    """Whether another currency was asked for; the accounts of this bank are all in yuan."""
    return any(currency != "CNY" for currency in turn.values("currency"))


def _balance_row(talk: Conversation, account: Account) -> str:
    phrase = talk.say.phrase
    if account.credit:
        credit = account.credit
        return phrase(
            "phrase_account_balance_row_credit",
            name=account.name,
            tail=account.tail,
            credit_available=yuan(credit.available_fen),
            bill=yuan(credit.bill_fen),
            minimum=yuan(credit.minimum_fen),
            due_day=credit.due_day,
        )
    if account.kind in OWED_KINDS:
        return phrase("phrase_account_balance_row_owed", name=account.name, owed=yuan(-account.balance_fen))
    if account.tail is None:
        row = phrase("phrase_account_balance_row_without_tail", name=account.name, balance=yuan(account.balance_fen))
        return row + _frozen(talk, account)
    values = {"name": account.name, "tail": account.tail, "available": yuan(account.available_fen)}
    if account.restriction:
        return phrase("phrase_account_balance_row_restricted", reason=account.restriction.reason, **values)
    return phrase("phrase_account_balance_row", **values) + _frozen(talk, account)


def _balance_item(talk: Conversation, account: Account) -> Item:
    """The same figures as the row's: what can be used, or what is owed."""
    phrase, subtitle = talk.say.phrase, account_subtitle(talk, account.tail)
    if account.credit:
        credit = account.credit
        note = phrase(
            "phrase_account_balance_item_credit",
            bill=yuan(credit.bill_fen),
            minimum=yuan(credit.minimum_fen),
            due_day=credit.due_day,
        )
        return Item(account.name, subtitle, money(credit.available_fen), note)
    if account.kind in OWED_KINDS:
        note = phrase("phrase_account_balance_item_owed")
        return Item(account.name, subtitle, money(-account.balance_fen), note)
    if account.tail is None:
        return Item(account.name, subtitle, money(account.balance_fen), _frozen(talk, account).strip())
    note = phrase("phrase_account_balance_item") + _frozen(talk, account)
    if account.restriction:
        note = phrase("phrase_account_balance_item_restricted", reason=account.restriction.reason)
    return Item(account.name, subtitle, money(account.available_fen), note)


def account_subtitle(talk: Conversation, tail: str | None) -> str:
    """尾号6789, or nothing"""
    return talk.say.phrase("phrase_account_item_tail", tail=tail) if tail else ""


def _frozen(talk: Conversation, account: Account) -> str:
    """What is held, when something is or when it was asked for."""
    if not account.frozen_fen and not says("frozen", talk.turn.text):
        return ""
    return talk.say.phrase("phrase_account_frozen", frozen=yuan(account.frozen_fen), balance=yuan(account.balance_fen))


class ActionListAccounts(BankAction):
    """Every account of the customer with the state of its card."""

    capability = "account"

    def name(self) -> str:
        return "action_list_accounts"

    async def serve(self, talk: Conversation) -> None:
        accounts, cards = await gather(ask("accounts", talk.session), ask("cards", talk.session))
        states = {card.id: card for card in cards}
        listed = [(account, states.get(account.card_id or "")) for account in accounts]
        panel = Listing(talk.say.phrase("phrase_account_list_title"), [_list_item(talk, *one) for one in listed])
        rows = "\n".join(_list_row(talk, *one) for one in listed)
        talk.say.say("utter_account_list", (), panel, count=len(accounts), rows=rows)


def _list_row(talk: Conversation, account: Account, card: Card | None) -> str:
    phrase = talk.say.phrase
    if account.tail is None:
        return phrase("phrase_account_list_row_without_tail", name=account.name)
    if card and card.state != "active":
        state_name = phrase(f"phrase_card_state_{card.state}")
        return phrase("phrase_account_list_row_state", name=account.name, tail=account.tail, state_name=state_name)
    if account.account_class:
        return phrase(
            "phrase_account_list_row_class", name=account.name, tail=account.tail, account_class=account.account_class
        )
    return phrase("phrase_account_list_row", name=account.name, tail=account.tail)


def _list_item(talk: Conversation, account: Account, card: Card | None) -> Item:
    """The row's values: which account, and what is special about its card, or its class."""
    phrase, subtitle = talk.say.phrase, account_subtitle(talk, account.tail)
    if card and card.state != "active":
        state_name = phrase(f"phrase_card_state_{card.state}")
        return Item(account.name, subtitle, note=phrase("phrase_account_list_item_state", state_name=state_name))
    if account.account_class:
        note = phrase("phrase_account_list_item_class", account_class=account.account_class)
        return Item(account.name, subtitle, note=note)
    return Item(account.name, subtitle)
