"""Questions about transfers: how they stand, why one failed, the address book, the limits."""

from collections.abc import Sequence
from typing import TypeVar

from actions.conversation import Conversation
from actions.forms import BankAction
from actions.panels import Card as Panel
from actions.panels import Item, Listing, money
from actions.payees import match
from actions.replies import day, yuan
from actions.session import ask, gather
from banking.model import Account, Card, Limits, Line, Payee
from banking.transfers import PaidPayee, ScheduledTransfer, TransferRecord
from chinese.days import timing

SHOWN = 3
OUR_BANK = "本行"
Record = TypeVar("Record", TransferRecord, ScheduledTransfer)


class ActionCheckTransferStatus(BankAction):
    """How the latest transfers stand, those to come included; those to one payee when one was named."""

    capability = "transfer"

    def name(self) -> str:
        return "action_check_transfer_status"

    async def serve(self, talk: Conversation) -> None:
        records: tuple[TransferRecord, ...]
        scheduled: tuple[ScheduledTransfer, ...]
        records, scheduled, payees = await gather(
            ask("transfers", talk.session, limit=20),
            ask("scheduled_transfers", talk.session),
            ask("payees", talk.session),
        )
        made, to_come = _of_named(talk, records, payees)[:SHOWN], _of_named(talk, scheduled, payees)
        if not made and not to_come:
            talk.say.say("utter_transfer_status_none")
            return
        if made:
            panel = Listing(talk.say.phrase("phrase_transfer_status_title"), [_record_item(talk, one) for one in made])
            rows = "\n".join(_record_row(talk, record) for record in made)
            talk.say.say("utter_transfer_status", (), panel, rows=rows, count=len(made))
        if to_come:
            title = talk.say.phrase("phrase_transfer_scheduled_title")
            panel = Listing(title, [_scheduled_item(talk, one) for one in to_come])
            rows = "\n".join(_scheduled_row(talk, one) for one in to_come)
            talk.say.say("utter_transfer_scheduled", (), panel, rows=rows, count=len(to_come))


class ActionExplainFailedTransfer(BankAction):
    """Why transfers were not made; without any, what stands in the way of one now."""

    capability = "transfer"

    def name(self) -> str:
        return "action_explain_failed_transfer"

    async def serve(self, talk: Conversation) -> None:
        records: tuple[TransferRecord, ...]
        records, payees = await gather(ask("transfers", talk.session, limit=50), ask("payees", talk.session))
        failed = [record for record in _of_named(talk, records, payees) if record.state == "failed"]
        obstacles = await _obstacles(talk)
        if failed:
            rows = "\n".join(_failed_row(talk, record) for record in failed[:SHOWN])
            talk.say.say("utter_transfer_failed", rows=rows)
        if obstacles:
            talk.say.say("utter_transfer_obstacles", rows="\n".join(obstacles))
        if not failed and not obstacles:
            talk.say.say("utter_transfer_failed_none")


async def _obstacles(talk: Conversation) -> list[str]:
    """What keeps the customer's accounts from paying at all."""
    accounts: tuple[Account, ...]
    cards: tuple[Card, ...]
    limits: Limits
    accounts, cards, limits = await gather(
        ask("accounts", talk.session), ask("cards", talk.session), ask("limits", talk.session)
    )
    found = [
        talk.say.phrase("phrase_transfer_obstacle_restricted", tail=account.tail, reason=account.restriction.reason)
        for account in accounts
        if account.restriction is not None
    ]
    for card in cards:
        if card.kind == "debit" and card.state != "active":
            state = talk.say.phrase(f"phrase_card_state_{card.state}")
            found.append(talk.say.phrase("phrase_transfer_obstacle_card", tail=card.tail, state_name=state))
    if limits.remaining_today_fen == 0:
        found.append(talk.say.phrase("phrase_transfer_obstacle_limit", daily=yuan(limits.daily_fen)))
    return found


def _of_named(talk: Conversation, records: Sequence[Record], payees: Sequence[Payee]) -> list[Record]:
    """Only those to the payee that the customer named, when there are any."""
    persons = talk.turn.persons()
    named = {payee.name for payee in match(persons[-1] if persons else None, talk.turn.text, payees)} | set(persons)
    found = [record for record in records if record.payee.name in named]
    return found or list(records)


def _shown(talk: Conversation, payee: PaidPayee) -> str:
    return talk.say.phrase("phrase_transfer_payee", name=payee.name, bank=payee.bank, tail=payee.tail)


def _record_row(talk: Conversation, record: TransferRecord) -> str:
    values = {"day": day(record.at), "payee": _shown(talk, record.payee), "amount": yuan(record.amount_fen)}
    row = "phrase_transfer_row_done" if record.state == "done" else "phrase_transfer_row_not_done"
    return talk.say.phrase(row, state=_state(talk, record), **values)


def _record_item(talk: Conversation, record: TransferRecord) -> Item:
    """The row's values; only what has left the account is marked as gone."""
    done, amount = record.state == "done", money(record.amount_fen)
    value = f"-{amount}" if done else amount
    return Item(_shown(talk, record.payee), day(record.at), value, _state(talk, record), "out" if done else None)


def _state(talk: Conversation, record: TransferRecord) -> str:
    """Done with arrival and receipt, in review, or why not."""
    if record.state == "failed":
        reason = talk.say.phrase(f"phrase_transfer_failure_{record.failure}")
        return talk.say.phrase("phrase_transfer_state_failed", reason=reason)
    if record.state == "review":
        return talk.say.phrase("phrase_transfer_state_review")
    shown = {"arrival": _arrival(talk, record), "receipt": _receipt(talk, record)}
    return talk.say.phrase("phrase_transfer_state_done", **shown)


def _arrival(talk: Conversation, record: TransferRecord) -> str:
    if record.payee.bank == OUR_BANK or record.arrives_on is None:
        return talk.say.phrase("phrase_transfer_arrival_internal")
    latest = f"{record.arrives_on.month}月{record.arrives_on.day}日"
    return talk.say.phrase("phrase_transfer_arrival_external", bank=record.payee.bank, latest=latest)


def _receipt(talk: Conversation, record: TransferRecord) -> str:
    receipt = talk.say.phrase("phrase_transfer_receipt", receipt_no=record.receipt_no)
    return receipt + (talk.say.phrase("phrase_transfer_recall", recall_no=record.recall_no) if record.recall_no else "")


def _scheduled_row(talk: Conversation, one: ScheduledTransfer) -> str:
    when, next_day = timing(one.repeats, one.next_on), f"{one.next_on.month}月{one.next_on.day}日"
    values = {"when": when, "next": next_day, "payee": _shown(talk, one.payee), "tail": one.account_tail}
    name = "phrase_transfer_row_scheduled" if one.repeats == "once" else "phrase_transfer_row_repeated"
    return talk.say.phrase(name, amount=yuan(one.amount_fen), **values)


def _scheduled_item(talk: Conversation, one: ScheduledTransfer) -> Item:
    name = "phrase_transfer_item_scheduled" if one.repeats == "once" else "phrase_transfer_item_repeated"
    note = talk.say.phrase(name, tail=one.account_tail, next=f"{one.next_on.month}月{one.next_on.day}日")
    return Item(_shown(talk, one.payee), timing(one.repeats, one.next_on), money(one.amount_fen), note)


def _failed_row(talk: Conversation, record: TransferRecord) -> str:
    reason = talk.say.phrase(f"phrase_transfer_failure_{record.failure}")
    advice = talk.say.phrase(f"phrase_transfer_advice_{record.failure}")
    kind = "scheduled" if record.scheduled_for else "asked"
    return talk.say.phrase(
        f"phrase_transfer_row_failed_{kind}",
        day=day(record.at),
        payee=_shown(talk, record.payee),
        amount=yuan(record.amount_fen),
        tail=record.account_tail,
        reason=reason,
        advice=advice,
    )


class ActionListPayees(BankAction):
    """The customer's address book."""

    capability = "transfer"

    def name(self) -> str:
        return "action_list_payees"

    async def serve(self, talk: Conversation) -> None:
        payees: tuple[Payee, ...] = await ask("payees", talk.session)
        if not payees:
            talk.say.say("utter_transfer_no_payees")
            return
        rows = "\n".join(_row(talk, payee) for payee in payees)
        panel = Listing(talk.say.phrase("phrase_transfer_payees_title"), [_payee_item(talk, payee) for payee in payees])
        talk.say.say("utter_transfer_payees", (), panel, count=len(payees), rows=rows)


def _row(talk: Conversation, payee: Payee) -> str:
    name = "phrase_transfer_payee_row_alias" if payee.alias else "phrase_transfer_payee_row"
    return talk.say.phrase(name, name=payee.name, alias=payee.alias, bank=payee.bank, tail=payee.tail)


def _payee_item(talk: Conversation, payee: Payee) -> Item:
    account = talk.say.phrase("phrase_transfer_payee_item", bank=payee.bank, tail=payee.tail)
    return Item(payee.name, account, note=payee.alias or "")


class ActionCheckTransferLimit(BankAction):
    """Limits and what is left of them today."""

    capability = "transfer"

    def name(self) -> str:
        return "action_check_transfer_limit"

    async def serve(self, talk: Conversation) -> None:
        limits: Limits = await ask("limits", talk.session)
        talk.say.say(
            "utter_transfer_limits",
            (),
            _limits_card(talk, limits),
            daily=yuan(limits.daily_fen),
            used=yuan(limits.used_today_fen),
            remaining=yuan(limits.remaining_today_fen),
            single_review=yuan(limits.single_review_fen),
        )


def _limits_card(talk: Conversation, limits: Limits) -> Panel:
    amounts = {
        "daily": limits.daily_fen,
        "used": limits.used_today_fen,
        "remaining": limits.remaining_today_fen,
        "review": limits.single_review_fen,
    }
    rows = [Line(talk.say.phrase(f"phrase_transfer_limits_{name}"), money(fen)) for name, fen in amounts.items()]
    return Panel(talk.say.phrase("phrase_transfer_limits_title"), rows, framed=False)
