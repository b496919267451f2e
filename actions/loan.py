"""Loans: what is offered, how an application stands, the schedule, and help for who cannot pay."""

from actions import pending
from actions.conversation import Conversation
from actions.forms import BankAction
from actions.panels import Item, Listing, money
from actions.replies import day, full_day, yuan
from actions.session import ask
from actions.words import named
from banking.loan import Loan, LoanApplication, LoanPayment, LoanProduct, NegotiateOverdue
from banking.model import Draft
from banking.port import OutcomeUnknown
from chinese.rates_text import percent

DEBTS = ("mortgage", "credit_card")


class ActionBrowseLoans(BankAction):
    """What is offered, for visitors too."""

    capability = "loan"

    def name(self) -> str:
        return "action_browse_loans"

    async def serve(self, talk: Conversation) -> None:
        products: tuple[LoanProduct, ...] = await ask("loan_products", talk.visitor_session)
        panel = Listing(talk.say.phrase("phrase_loan_title"), [_product_item(talk, product) for product in products])
        rows = "".join(_product_row(talk, product) for product in products)
        talk.say.say("utter_loan_products", (), panel, rows=rows)


def _product_row(talk: Conversation, product: LoanProduct) -> str:
    return talk.say.phrase(
        "phrase_loan_product",
        name=product.name,
        rate=percent(product.annual_rate),
        least=yuan(product.least_fen),
        most=yuan(product.most_fen),
        months=product.months_most,
        note=product.note,
    )


def _product_item(talk: Conversation, product: LoanProduct) -> Item:
    terms = {"least": yuan(product.least_fen), "most": yuan(product.most_fen), "months": product.months_most}
    rate = talk.say.phrase("phrase_loan_item_rate", rate=percent(product.annual_rate))
    return Item(product.name, talk.say.phrase("phrase_loan_item", **terms), rate, product.note)


class ActionCheckLoanProgress(BankAction):
    """Applications and where they stand."""

    capability = "loan"

    def name(self) -> str:
        return "action_check_loan_progress"

    async def serve(self, talk: Conversation) -> None:
        found: tuple[LoanApplication, ...] = await ask("loan_applications", talk.session)
        if not found:
            talk.say.say("utter_loan_no_application")
            return
        talk.say.say("utter_loan_progress", rows="\n".join(_application_row(talk, item) for item in found))


def _application_row(talk: Conversation, item: LoanApplication) -> str:
    return talk.say.phrase(
        "phrase_loan_application",
        number=item.number,
        name=item.product_name,
        amount=yuan(item.amount_fen),
        months=item.months,
        applied=day(item.applied_at),
        state=talk.say.phrase(f"phrase_loan_state_{item.state}"),
    )


class ActionCheckLoanSchedule(BankAction):
    """What is still owed, the next payments and the end."""

    capability = "loan"

    def name(self) -> str:
        return "action_check_loan_schedule"

    async def serve(self, talk: Conversation) -> None:
        loans: tuple[Loan, ...] = await ask("loans", talk.session)
        if not loans:
            talk.say.say("utter_loan_none")
        for loan in loans:
            _say_schedule(talk, loan)


def _say_schedule(talk: Conversation, loan: Loan) -> None:
    following = loan.payments[0]
    title = talk.say.phrase("phrase_loan_schedule_title", name=loan.name)
    talk.say.say(
        "utter_loan_schedule",
        (),
        Listing(title, [_payment_item(talk, payment) for payment in loan.payments]),
        name=loan.name,
        principal=yuan(loan.principal_fen),
        rate=percent(loan.annual_rate),
        method=talk.say.phrase(f"phrase_loan_method_{loan.method}"),
        months=loan.months_left,
        ends=full_day(loan.ends_on),
        interest=yuan(loan.interest_left_fen),
        due=full_day(following.due_on),
        payment=yuan(following.payment_fen),
        rows="".join(_payment_row(talk, payment) for payment in loan.payments),
    )


def _payment_row(talk: Conversation, payment: LoanPayment) -> str:
    return talk.say.phrase(
        "phrase_loan_payment",
        due=full_day(payment.due_on),
        payment=yuan(payment.payment_fen),
        principal=yuan(payment.principal_fen),
        interest=yuan(payment.interest_fen),
    )


def _payment_item(talk: Conversation, payment: LoanPayment) -> Item:
    parts = {"principal": yuan(payment.principal_fen), "interest": yuan(payment.interest_fen)}
    note = talk.say.phrase("phrase_loan_payment_item", **parts)
    return Item(full_day(payment.due_on), value=money(payment.payment_fen), note=note)


class ActionNegotiateOverdue(BankAction):
    """One turn: a call back is recorded and what the bank can offer is said; a visitor gets the hotline."""

    capability = "loan"

    def name(self) -> str:
        return "action_negotiate_overdue"

    async def serve(self, talk: Conversation) -> None:
        session = talk.visitor_session
        if session is None:
            talk.say.say("utter_negotiate_overdue_visitor")
            return
        debt = named("accounts", talk.turn.text)
        order = NegotiateOverdue(debt if debt in DEBTS else "any")  # type: ignore[arg-type]
        draft: Draft | None = await ask("prepare", session, order)
        assert draft is not None
        draft = await _confirm(talk, session, draft.id)
        if draft is None:
            talk.say.say("utter_negotiate_overdue_visitor")
        else:
            pending.tell(talk, draft)


async def _confirm(talk: Conversation, session: str, draft_id: str) -> Draft | None:
    """The order carried out; None when nobody can tell."""
    try:
        confirmed: Draft = await ask("confirm", session, draft_id)
    except OutcomeUnknown as error:
        talk.say.error(error)
        return await pending.find_out(session, draft_id)
    return confirmed
