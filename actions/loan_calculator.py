"""What a loan would cost a month: the two standard formulas, for everybody."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from actions.calculations import CalculationForm
from actions.conversation import Conversation
from actions.loan_terms import LoanAmountField, RateField, YearsField, term_title
from actions.replies import BANK_ZONE, yuan
from actions.service_answers import ChoiceField
from actions.service_fields import Field, Values
from chinese.rates_text import percent
from finance.loans import Loan, Method, monthly_payment, schedule, total_interest

BOTH = "both"


class CalculateLoanForm(CalculationForm):
    """算月供: amount and term, a rate when one is named; both methods compared unless one is named."""

    capability = "loan"
    intent = "calculate_loan"
    fields: ClassVar[tuple[Field, ...]] = (
        LoanAmountField("amount_fen"),
        YearsField("months", (60, 120, 240, 360)),
        RateField("rate"),
        ChoiceField("method", "loan_method", ("equal_principal", "equal_payment"), default=BOTH),
    )

    def tell(self, talk: Conversation, values: Values) -> None:
        methods = [Method.EQUAL_PAYMENT, Method.EQUAL_PRINCIPAL]
        if values["method"] != BOTH:
            methods = [Method(values["method"])]
        rows = "".join(_row(talk, values, method) for method in methods)
        talk.say.say(
            "utter_loan_calculated",
            amount=yuan(values["amount_fen"]),
            term=term_title(talk, values["months"]),
            rate=percent(values["rate"]),
            source="" if (talk.memory["service_said"] or {}).get("rate") else talk.say.phrase("phrase_loan_own_rate"),
            rows=rows,
        )
        difference = _difference(values)
        if len(methods) == 2 and difference:
            talk.say.say("utter_loan_compared", difference=yuan(difference))


def _row(talk: Conversation, values: Values, method: Method) -> str:
    amount_fen, months, rate = values["amount_fen"], values["months"], Decimal(values["rate"])
    interest = total_interest(amount_fen, rate, months, method)
    shown = {"interest": yuan(interest), "total": yuan(amount_fen + interest)}
    if method is Method.EQUAL_PAYMENT:
        payment = yuan(monthly_payment(amount_fen, rate, months))
        return talk.say.phrase("phrase_loan_equal_payment", payment=payment, **shown)
    rows = schedule(Loan(amount_fen, rate, months, datetime.now(BANK_ZONE).date(), method))
    first, last = yuan(rows[0].payment), yuan(rows[-1].payment)
    return talk.say.phrase("phrase_loan_equal_principal", first=first, last=last, **shown)


def _difference(values: Values) -> int:
    """How much more interest equal payments cost."""
    amount_fen, months, rate = values["amount_fen"], values["months"], Decimal(values["rate"])
    equal_payment, equal_principal = (
        total_interest(amount_fen, rate, months, method) for method in (Method.EQUAL_PAYMENT, Method.EQUAL_PRINCIPAL)
    )
    return equal_payment - equal_principal
