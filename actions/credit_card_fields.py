"""What the services of credit cards have to know, beside the fields that all services share."""

import re
from decimal import Decimal
from typing import Any

from actions.conversation import Conversation
from actions.forms import FormOver
from actions.payees import place
from actions.replies import Button, yuan
from actions.service_answers import ChoiceField, DayOfMonthField, said_choice
from actions.service_fields import OPTION, AccountField, AmountField, Values, option
from actions.session import ask
from actions.turn import Turn
from banking.credit_card import CreditCard
from chinese.numbers import read_numeral

SHARES = ("full", "minimum", "off")
REPAYMENTS = ("minimum", "half", "all")
DAYS_TO_DUE = 20
LONGEST_ANSWER = 12
PLACES = 9
QUESTION = re.compile(r"[吗嗎？?]|多少|什么|怎么|哪|几")
NUMERAL = r"(\d{1,2}|[一二两三四五六七八九十廿]{1,3})"
DAY = re.compile(r"(到|至|成|为|定|(?<!现)在)?\s*(?:每个?月)?的?" + NUMERAL + r"\s*[号日號]")
DAYS_BY_NAME = {"月初": 1, "月中": 15, "中旬": 15, "月底": 28, "月末": 28}
NOT_WANTED = re.compile(r"工资|发薪|薪水|退休金|发钱|现在|目前|原来|太早|太晚")
PAYING_TAIL = re.compile(r"(?:用|从|拿|走|换成|改成|改用)(?:尾号)?(?:是|为)?(\d{4})(?![\d.元块万千])")
MORE = re.compile(r"(?:加|多|涨|升|再高|调高|提高|增加|补)(?:了|个|我|给)?\s*$")


def is_brief(turn: Turn) -> bool:
    """Short enough to be nothing but an answer."""
    return not turn.is_button and len(turn.text.strip()) <= LONGEST_ANSWER and not QUESTION.search(turn.text)


async def credit_card(talk: Conversation, values: Values) -> CreditCard:
    """The card that the service is about."""
    cards: tuple[CreditCard, ...] = await ask("credit_cards", talk.session)
    return next(card for card in cards if card.account_id == values["account_id"])


class CreditCardField(AccountField):
    """The credit card; a customer without one is told so."""

    def __init__(self) -> None:
        super().__init__("account_id", ("credit_card",))

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if not await self.candidates(talk, values):
            talk.say.say("utter_credit_card_none")
            raise FormOver
        return await super().settle(talk, said, values)


class PayingField(AccountField):
    """The debit account that pays; 「用6789」 names it as well as 「尾号6789」, and 「第二个」 when it is asked for."""

    def __init__(self) -> None:
        super().__init__("from_account_id")

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        heard = super().hear(turn, asked)
        if turn.is_button or (asked and heard):
            return heard
        named = PAYING_TAIL.search(turn.text)
        if named:
            return {"tails": [named.group(1)], "kind": None, "asked": True}
        position = place(turn.text, PLACES) if asked else None
        return heard if position is None else {"place": position}

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if not said or "place" not in said:
            return await super().settle(talk, said, values)
        shown = await self.candidates(talk, values)
        return shown[said["place"]].id if said["place"] < len(shown) else None


class RepaymentField(AmountField):
    """How much to pay back: an amount, the whole bill, a share of it, or the minimum."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        heard = super().hear(turn, asked)
        share = None if turn.is_button else said_choice(turn, "repayment", REPAYMENTS)
        return {"scope": share[0]} if share and "fen" not in (heard or {}) else heard

    def claims(self, turn: Turn) -> bool:
        share = said_choice(turn, "repayment", REPAYMENTS)
        return super().claims(turn) or bool(share and is_brief(turn))

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        card = await credit_card(talk, values)
        if not card.owed_fen:
            overpaid = "overpaid" if card.overpaid_fen else "nothing_owed"
            talk.say.say(f"utter_repay_credit_card_{overpaid}", amount=yuan(card.overpaid_fen))
            raise FormOver
        if (said or {}).get("fen") == int(card.tail) * 100:  # 「还8812」: the card, not the amount
            return None
        return await super().settle(talk, said, values)

    async def share(self, talk: Conversation, scope: str, values: Values) -> int | None:
        card = await credit_card(talk, values)
        if scope == "minimum":
            if not card.bill.minimum_left_fen:
                talk.say.say("utter_repay_credit_card_minimum_paid")
            return card.bill.minimum_left_fen or None
        whole_fen = card.bill.left_fen or card.owed_fen
        return whole_fen if scope == "all" else int(whole_fen * Decimal("0.5" if scope == "half" else scope))

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        card, phrase = await credit_card(talk, values), talk.say.phrase
        if not card.bill.left_fen:
            return [option(phrase("phrase_repay_debt", amount=yuan(card.owed_fen)), "all")]
        found = [option(phrase("phrase_repay_all", amount=yuan(card.bill.left_fen)), "all")]
        if card.bill.minimum_left_fen:
            found.append(option(phrase("phrase_repay_minimum", amount=yuan(card.bill.minimum_left_fen)), "minimum"))
        return found


class LimitTermField(ChoiceField):
    """For good, or for a while."""

    def __init__(self) -> None:
        super().__init__("term", "limit_term", ("permanent", "temporary"))

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        return None if "冻" in turn.text or "挂失" in turn.text else super().hear(turn, asked)

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        return [option(talk.say.phrase(f"phrase_limit_term_{term}"), term) for term in ("permanent", "temporary")]


class LimitField(AmountField):
    """The whole limit that is wanted; 「加一万」 counts from the present one."""

    def __init__(self) -> None:
        super().__init__("limit_fen")

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        amounts = [amount for amount in turn.amounts() if amount.fen and not amount.unsafe]
        if not amounts:
            return super().hear(turn, asked)
        last = amounts[-1]
        return {"fen": last.fen, "more": bool(MORE.search(turn.text[: last.start]))}

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        wanted = await super().settle(talk, said, values)
        if wanted is None or not (said or {}).get("more"):
            return wanted
        return (await credit_card(talk, values)).limit_fen + wanted

    async def share(self, talk: Conversation, scope: str, values: Values) -> int | None:
        return await self._most(talk, values) if scope == "all" else None

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        most_fen = await self._most(talk, values)
        return [option(talk.say.phrase("phrase_credit_limit", amount=yuan(most_fen)), most_fen)]

    async def wording(self, talk: Conversation, values: Values) -> dict[str, Any]:
        card = await credit_card(talk, values)
        return {"limit": yuan(card.limit_fen), "most": yuan(await self._most(talk, values))}

    async def _most(self, talk: Conversation, values: Values) -> int:
        card = await credit_card(talk, values)
        return card.permanent_most_fen if values["term"] == "permanent" else card.temporary_most_fen


class BillDayField(DayOfMonthField):
    """The new bill day; who names a new due day means the day twenty days before it."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        chosen = turn.reference(OPTION) if asked else None
        if chosen is not None:
            return int(chosen)
        day = _day(turn, asked)
        if day is None or "账单" in turn.text or "還款日" not in turn.text.replace("还款日", "還款日"):
            return day
        return day - DAYS_TO_DUE if day > DAYS_TO_DUE else day + 30 - DAYS_TO_DUE

    def claims(self, turn: Turn) -> bool:
        return super().claims(turn) or bool(is_brief(turn) and _day(turn, asked=True))


def _day(turn: Turn, asked: bool) -> int | None:
    names = [(turn.text.rfind(name), day) for name, day in DAYS_BY_NAME.items() if name in turn.text]
    named = max(names)[1] if names else None
    found = list(DAY.finditer(turn.text))
    aimed = [match for match in found if match.group(1)]
    if NOT_WANTED.search(turn.text) or (len(found) > 1 and not asked):
        found = []
    if aimed or found:
        numeral = read_numeral((aimed or found)[-1].group(2))
        return int(numeral.value) if numeral else None
    return named if named is not None or not asked else turn.whole_number()


class AutopayShareField(ChoiceField):
    """Everything, the minimum, or no longer."""

    def __init__(self) -> None:
        super().__init__("share", "autopay", ("minimum", "off", "full"))

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        if turn.is_button or not asked or self.said(turn):
            return super().hear(turn, asked)
        position = place(turn.text, len(SHARES))
        return None if position is None else SHARES[position]

    def claims(self, turn: Turn) -> bool:
        return turn.intent != "cancel" and super().claims(turn)

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        present = (await credit_card(talk, values)).autopay
        if said is None and present and "from_account_id" in (talk.memory["service_said"] or {}):
            return present.share  # only the account is to change
        return said

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        present = (await credit_card(talk, values)).autopay
        offered = SHARES if present else SHARES[:2]
        return [option(talk.say.phrase(f"phrase_autopay_{share}"), share) for share in offered]


class AutopayAccountField(PayingField):
    """Where the money is taken from; nothing to know when it is to end."""

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        return "" if values["share"] == "off" else await super().settle(talk, said, values)
