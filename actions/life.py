"""Bills: pay one, top up a mobile number, let bills be debited or stop it."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from actions.conversation import Conversation
from actions.forms import FormOver
from actions.replies import Button, yuan
from actions.service_answers import ChoiceField, named_in
from actions.service_fields import OPTION, AccountField, AmountField, Field, Values, option
from actions.service_form import ServiceForm
from actions.session import ask
from actions.turn import Turn
from banking.life import BillAccount, ManageAutoDebit, PayBill

NOT_ASKED = ""
"""The value of a field that this kind of order does not have."""

OWN, OTHER = "本人", "other"
ALIASES = {"妈妈": re.compile("妈|母亲|老娘"), "家里": re.compile("家")}
NUMBER_TAIL = re.compile(r"\d{4}(?!\d)")
PAYING_TAIL = re.compile(r"[用从拿]\s*(?:尾号)?\s*(\d{4})(?!\d)")
TOP_UPS_OFFERED_FEN = (50_00, 100_00, 200_00)


class BillField(Field):
    """A saved account at a biller, by what it is for and whose it is. Value: its id."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        chosen = turn.reference(OPTION) if asked else None
        if chosen is not None:
            return {"id": chosen}
        categories = [] if turn.is_button else _categories(turn.text)
        tails = NUMBER_TAIL.findall(turn.text) if asked else []
        if not categories and not tails:
            return None
        return {"category": categories[0] if len(categories) == 1 else None, "tails": tails, "text": turn.text}

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if not said:
            return None
        if said.get("category") == OTHER:
            talk.say.say("utter_life_other_bills")
            return None
        candidates = await self.candidates(talk, values)
        found = _named(candidates, said)
        if not found:
            talk.say.say("utter_life_bill_not_saved")
        return found[0].id if len(found) == 1 else None

    async def candidates(self, talk: Conversation, values: Values) -> list[BillAccount]:
        """What this service can be about. Raises BankError."""
        return list(await ask("bill_accounts", talk.session))

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        return [option(bill_title(talk, bill), bill.id) for bill in await self.candidates(talk, values)]


class PayingAccountField(AccountField):
    """「用6789交电费」 names the account that pays, though nothing was asked yet."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        named = PAYING_TAIL.search(turn.text)
        heard = super().hear(turn, asked)
        return {"tails": [named.group(1)], "kind": None, "asked": True} if named and not turn.is_button else heard


class BillAmountField(AmountField):
    """How much: what is owed unless something else was said."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        named = PAYING_TAIL.search(turn.text)
        amounts = turn.amounts()
        only_a_tail = named and amounts and all(amount.said == named.group(1) for amount in amounts)
        return None if only_a_tail and not turn.is_button else super().hear(turn, asked)

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if said:
            return await super().settle(talk, said, values)
        owed_fen = (await _bill(talk, values)).owed_fen or 0
        return owed_fen if owed_fen > 0 else None

    async def share(self, talk: Conversation, scope: str, values: Values) -> int | None:
        owed_fen = (await _bill(talk, values)).owed_fen or 0
        return owed_fen if scope == "all" and owed_fen > 0 else None

    async def wording(self, talk: Conversation, values: Values) -> dict[str, Any]:
        bill = await _bill(talk, values)
        if bill.category == "mobile":
            return {"standing": talk.say.phrase("phrase_life_top_up", number=bill.number)}
        return {"standing": _owed(talk, bill)}

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        return [option(f"¥{yuan(fen)}", fen) for fen in TOP_UPS_OFFERED_FEN]


class BillPayerField(PayingAccountField):
    """The question says what will be paid: many who ask want to know just that first."""

    async def wording(self, talk: Conversation, values: Values) -> dict[str, Any]:
        return {"bill": bill_title(talk, await _bill(talk, values)), "amount": yuan(values["amount_fen"])}


class PayBillForm(ServiceForm):
    """生活缴费."""

    capability = "life"
    intent = "pay_bill"
    fields: ClassVar[tuple[Field, ...]] = (
        BillField("bill_account_id"),
        BillAmountField("amount_fen"),
        BillPayerField("from_account_id"),
    )
    mends: ClassVar[dict[str, str]] = {
        "top_up_amount": "amount_fen",
        "above_bill_limit": "amount_fen",
        "bill_unknown": "bill_account_id",
    }

    def order(self, values: Values) -> PayBill:
        return PayBill(values["bill_account_id"], values["amount_fen"], values["from_account_id"])


class AgreementField(ChoiceField):
    """Sign, cancel, or see what was signed. To see is answered at once."""

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if said != "list":
            return said
        bills: tuple[BillAccount, ...] = await ask("bill_accounts", talk.session)
        signed = [_agreement(talk, bill) for bill in bills if bill.auto_debit]
        talk.say.say("utter_life_agreements" if signed else "utter_life_no_agreements", rows="\n".join(signed))
        raise FormOver

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        return [option(talk.say.phrase(f"phrase_{self._group}_{value}"), value) for value in ("sign", "cancel", "list")]


class DebitedBillField(BillField):
    """Only what was signed can be cancelled; the only one is taken unasked."""

    async def candidates(self, talk: Conversation, values: Values) -> list[BillAccount]:
        bills = await super().candidates(talk, values)
        return [bill for bill in bills if bill.auto_debit] if values["wish"] == "cancel" else bills

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if values["wish"] == "cancel":
            signed = await self.candidates(talk, values)
            if not signed:
                talk.say.say("utter_life_no_agreements")
                raise FormOver
            if not said and len(signed) == 1:
                return signed[0].id
            if said and not _named(signed, said):
                talk.say.say("utter_life_not_signed")
                return None
        return await super().settle(talk, said, values)


class DebitedAccountField(PayingAccountField):
    """The account that pays from now on; nothing to know when an agreement is cancelled."""

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        return NOT_ASKED if values["wish"] == "cancel" else await super().settle(talk, said, values)


class ManageAutoDebitForm(ServiceForm):
    """代扣签约、取消、查看."""

    capability = "life"
    intent = "manage_auto_debit"
    fields: ClassVar[tuple[Field, ...]] = (
        AgreementField("wish", "auto_debit", ("cancel", "list", "sign")),
        DebitedBillField("bill_account_id"),
        DebitedAccountField("account_id"),
    )
    mends: ClassVar[dict[str, str]] = {
        "bill_unknown": "bill_account_id",
        "not_signed": "bill_account_id",
        "already_signed": "account_id",
    }

    def order(self, values: Values) -> ManageAutoDebit:
        return ManageAutoDebit(values["bill_account_id"], values["wish"] == "sign", values["account_id"] or None)


def _categories(text: str) -> list[str]:
    """What the bills are for. 手机 alone is a mobile bill, but 手机上交电费 is not."""
    named = named_in("bill_category", text)
    return [one for one in named if one != "mobile"] or named


async def _bill(talk: Conversation, values: Values) -> BillAccount:
    bills: tuple[BillAccount, ...] = await ask("bill_accounts", talk.session)
    return next(bill for bill in bills if bill.id == values["bill_account_id"])


def _named(candidates: Sequence[BillAccount], said: dict[str, Any]) -> list[BillAccount]:
    """Those that were meant; of several mobile numbers the customer's own, unless another's was named."""
    if "id" in said:
        return [bill for bill in candidates if bill.id == said["id"]]
    found = [bill for bill in candidates if said["category"] in (None, bill.category)]
    tails = said["tails"]
    by_number = [bill for bill in found if any(bill.number.endswith(tail) for tail in tails)]
    by_alias = [bill for bill in found if bill.alias in ALIASES and ALIASES[bill.alias].search(said["text"])]
    own = [bill for bill in found if bill.alias == OWN]
    return by_number or by_alias or (own if said["category"] == "mobile" and own else found)


def bill_title(talk: Conversation, bill: BillAccount) -> str:
    """电费（尾号8217）欠 ¥186.32"""
    category = talk.say.phrase(f"phrase_bill_category_{bill.category}")
    whose = bill.number if bill.category != "mobile" else f"{bill.alias} {bill.number}"
    owed = f"　{_owed(talk, bill)}" if bill.owed_fen is not None else ""
    return talk.say.phrase("phrase_life_bill", category=category, number=whose, owed=owed)


def _owed(talk: Conversation, bill: BillAccount) -> str:
    owed_fen = bill.owed_fen or 0
    if owed_fen > 0:
        return talk.say.phrase("phrase_life_owed", amount=yuan(owed_fen))
    if owed_fen < 0:
        return talk.say.phrase("phrase_life_paid_ahead", amount=yuan(-owed_fen))
    return talk.say.phrase("phrase_life_nothing_owed")


def _agreement(talk: Conversation, bill: BillAccount) -> str:
    category = talk.say.phrase(f"phrase_bill_category_{bill.category}")
    tail = bill.auto_debit.account_tail if bill.auto_debit else ""
    return talk.say.phrase("phrase_life_agreement", category=category, number=bill.number, tail=tail)
