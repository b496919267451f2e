"""What customers ask about their credit cards: the bill, the limit, whether a repayment came in."""

from abc import abstractmethod
from collections.abc import Sequence

from actions.conversation import Conversation
from actions.forms import BankAction
from actions.panels import Card, money
from actions.replies import full_day, yuan
from actions.session import ask
from banking.credit_card import Bill, CreditCard, CreditEntry, CreditStatement
from banking.model import Line
from chinese.days_text import short_day

ROWS = 10
REPAYMENTS = 3


class CreditCardAction(BankAction):
    """Answers for each credit card of the customer, or says that there is none."""

    capability = "credit_card"

    async def serve(self, talk: Conversation) -> None:
        cards: tuple[CreditCard, ...] = await ask("credit_cards", talk.session)
        if not cards:
            talk.say.say("utter_credit_card_none")
        for card in cards:
            await self.tell(talk, card)

    @abstractmethod
    async def tell(self, talk: Conversation, card: CreditCard) -> None:
        """Answer for one card. Raises BankError."""

    @abstractmethod
    def name(self) -> str:
        """Abstract here, so that rasa-sdk does not register this base."""


class ActionCheckCreditBill(CreditCardAction):
    """The bill, what is left of it, until when, and what it is made of."""

    def name(self) -> str:
        return "action_check_credit_bill"

    async def tell(self, talk: Conversation, card: CreditCard) -> None:
        statement: CreditStatement = await ask("credit_statement", talk.session, card.account_id)
        bill = card.bill
        purchases = statement.purchases[:ROWS]
        talk.say.say(
            "utter_credit_card_bill",
            (),
            _bill_card(talk, card, purchases),
            tail=card.tail,
            since=full_day(bill.since),
            until=full_day(bill.until),
            bill=yuan(bill.bill_fen),
            minimum=yuan(bill.minimum_fen),
            bill_day=card.bill_day,
            due=full_day(bill.due_on),
            state=_state(talk, bill),
            notes=_notes(talk, card),
            rows=_rows(talk, purchases),
        )


class ActionCheckCreditLimit(CreditCardAction):
    """The limit, what of it is used, what is temporary."""

    def name(self) -> str:
        return "action_check_credit_limit"

    async def tell(self, talk: Conversation, card: CreditCard) -> None:
        temporary = ""
        if card.temporary:
            extra, until = yuan(card.temporary.extra_fen), full_day(card.temporary.until)
            temporary = talk.say.phrase("phrase_credit_card_temporary", extra=extra, until=until)
        talk.say.say(
            "utter_credit_card_limit",
            tail=card.tail,
            limit=yuan(card.limit_fen),
            used=yuan(card.owed_fen),
            available=yuan(card.available_fen),
            temporary=temporary,
        )


class ActionCheckCreditRepayment(CreditCardAction):
    """What came in for the bill, and the repayments before it."""

    def name(self) -> str:
        return "action_check_credit_repayment"

    async def tell(self, talk: Conversation, card: CreditCard) -> None:
        statement: CreditStatement = await ask("credit_statement", talk.session, card.account_id)
        bill = card.bill
        came_in = sum(entry.amount_fen for entry in statement.repayments if entry.on >= bill.billed_on)
        response = "utter_credit_card_repaid" if came_in else "utter_credit_card_not_repaid"
        talk.say.say(
            response,
            tail=card.tail,
            bill=yuan(bill.bill_fen),
            due=full_day(bill.due_on),
            came_in=yuan(came_in),
            state=_state(talk, bill) if came_in or bill.overdue else "",
            rows=_rows(talk, statement.repayments[:REPAYMENTS]),
        )


def _state(talk: Conversation, bill: Bill) -> str:
    """Overdue, paid, partly paid or not at all."""
    if bill.overdue:
        name = "overdue"
    elif not bill.left_fen:
        name = "paid"
    else:
        name = "part" if bill.left_fen < bill.bill_fen else "open"
    return talk.say.phrase(f"phrase_credit_card_bill_{name}", left=yuan(bill.left_fen))


def _notes(talk: Conversation, card: CreditCard) -> str:
    """What else is set for the bill: instalments, autopay."""
    notes = []
    if card.bill.converted_fen:
        notes.append(talk.say.phrase("phrase_credit_card_converted", amount=yuan(card.bill.converted_fen)))
    if card.autopay:
        share = talk.say.phrase(f"phrase_autopay_{card.autopay.share}")
        notes.append(talk.say.phrase("phrase_credit_card_autopay", share=share, tail=card.autopay.account_tail))
    return "".join(notes)


def _bill_card(talk: Conversation, card: CreditCard, purchases: Sequence[CreditEntry]) -> Card:
    """The bill with its days, then what it is made of and how it is paid."""
    bill, phrase = card.bill, talk.say.phrase
    period = phrase("phrase_credit_card_bill_days", since=full_day(bill.since), until=full_day(bill.until))
    rows = [
        Line(phrase("phrase_credit_card_label_period"), period),
        Line(phrase("phrase_credit_card_label_minimum"), money(bill.minimum_fen)),
        Line(phrase("phrase_credit_card_label_due"), full_day(bill.due_on)),
        Line(phrase("phrase_credit_card_label_bill_day"), phrase("phrase_credit_card_day", day=card.bill_day)),
    ]
    rows += [Line(_purchase(talk, entry), money(entry.amount_fen)) for entry in purchases]
    title, footer = phrase("phrase_credit_card_bill_title", tail=card.tail), _state(talk, bill) + _notes(talk, card)
    return Card(title, rows, bill.bill_fen, footer=footer.strip(), framed=False)


def _purchase(talk: Conversation, entry: CreditEntry) -> str:
    names = {"counterparty": entry.counterparty, "summary": entry.summary}
    return talk.say.phrase("phrase_credit_card_item", on=short_day(entry.on), **names)


def _rows(talk: Conversation, entries: Sequence[CreditEntry]) -> str:
    return "\n".join(
        talk.say.phrase(
            "phrase_credit_card_entry",
            on=short_day(entry.on),
            counterparty=entry.counterparty,
            summary=entry.summary,
            amount=yuan(entry.amount_fen),
        )
        for entry in entries
    )
