"""What the customer said in this turn: the intent, and quantities and references ready for use."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

Entity = Mapping[str, Any]

DIALOGUE_INTENTS = frozenset({"inform", "correct_value", "affirm", "deny"})
"""Dialogue acts that mean something only inside the service at hand."""

UNSURE_INTENTS = frozenset({"nlu_fallback", "out_of_scope"})
"""Readings that a form may overrule when the text holds just what it asked for."""

ANOTHER_ACCOUNT = re.compile(
    r"换(?:另?[一个张]|另外|别的|其他|其它)(?:[一个张的])*(?:银行|付款)?[卡账帐]|[用从](?:别的|其他|其它|另外|另一)(?:[一个张的])*(?:银行)?[卡账帐]"
)
RESEND = re.compile(
    r"重发|再发|重新发|补发|没收到|收不到|没有收到|没來|没来|resend|send (?:it|the code) again|(?:new|another) code"
    r"|(?:didn.?t|haven.?t|not) (?:get|got|receive)",
    re.IGNORECASE,
)
MONTHS = {"month": 1, "quarter": 3, "year": 12}
NUMBERS = frozenset({"number", "ordinal", "amount-of-money"})
BARE_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[A-Za-z]{2,}(?: [A-Za-z]{2,}){0,2}")
FOUR_DIGITS = re.compile(r"(?<!\d)\d{4}(?!\d)")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money as it was said. `unsafe` names why it must not be used unasked (chinese/money.py)."""

    fen: int | None
    said: str
    unsafe: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Period:
    """Bank days, `end` exclusive; None is open. `just_now` is 刚才, which shortly after midnight began yesterday."""

    start: date | None
    end: date | None
    just_now: bool = False


class Turn:
    """One user message of a tracker."""

    def __init__(self, message: Mapping[str, Any]) -> None:
        self.text: str = message.get("text") or ""
        self.intent: str = (message.get("intent") or {}).get("name") or ""
        self.entities: list[Entity] = list(message.get("entities") or [])
        ranking = [reading.get("name") for reading in message.get("intent_ranking") or []]
        self.second_reading: str | None = ranking[1] if len(ranking) > 1 else None
        self.code_result: str | None = (message.get("metadata") or {}).get("code")
        self.account_number: str | None = (message.get("metadata") or {}).get("account_number")

    @property
    def is_button(self) -> bool:
        """Only the channel can make a text that begins with a slash."""
        return self.text.startswith("/")

    def values(self, name: str) -> list[Any]:
        """Values of all entities of one type, in the order they were said."""
        found = sorted((e for e in self.entities if e.get("entity") == name), key=lambda e: e.get("start") or 0)
        return [e.get("value") for e in found]

    def reference(self, name: str) -> str | None:
        """What a button of ours carried; typed text cannot hold it."""
        values = self.values(name) if self.is_button else []
        return str(values[0]) if values else None

    def amounts(self) -> list[Amount]:
        """All amounts of money that were said; not the 500 of 「不是500,是300」."""
        found = [e for e in self.entities if e.get("entity") == "amount-of-money" and not _is_negated(e)]
        return [_amount(e, self.text) for e in sorted(found, key=lambda e: e.get("start") or 0)]

    def is_just_an_amount(self) -> bool:
        """Nothing but an amount was said ("88块8"): an answer, whatever else such a short text can mean."""
        return any(len(self.text.strip()) - (amount.end - amount.start) <= 1 for amount in self.amounts())

    def scope(self) -> str | None:
        """全部 -> "all", 一半 -> "0.5" (share of the balance as a decimal)."""
        for entity in self.entities:
            if entity.get("entity") == "amount-scope":
                info = entity.get("additional_info") or {}
                return "all" if entity.get("value") == "all" else str(info.get("ratio"))
        return None

    def tails(self, known: frozenset[str] = frozenset(), amounts_first: bool = False) -> list[str]:
        """Four-digit tails that name a card or account: said as such, or equal to a tail in `known`.

        "那就6789" can be money too. With `amounts_first` it is; otherwise only an explicit amount ("6789元") is.
        """
        said = [str(value) for value in self.values("card-tail")]
        runs = [match for match in FOUR_DIGITS.finditer(self.text) if match.group() in known]
        plain = [match.group() for match in runs if not self._is_money(match, amounts_first)]
        return list(dict.fromkeys(said + plain))

    def _is_money(self, run: re.Match[str], amounts_first: bool) -> bool:
        covering = [amount for amount in self.amounts() if amount.start <= run.start() < amount.end]
        return any(amounts_first or amount.said != run.group() for amount in covering)

    def persons(self) -> list[str]:
        """Names and nicknames, as said."""
        return [str(value) for value in self.values("person")]

    def bare_name(self) -> str | None:
        """The whole message when it can be a name, Chinese or in Latin letters, as an answer to "to whom?"."""
        text = self.text.strip()
        return text if BARE_NAME.fullmatch(text) and self.intent in (*UNSURE_INTENTS, "inform") else None

    def period(self) -> Period | None:
        """The first stretch of time that was said, as bank days."""
        for entity in self.entities:
            if entity.get("entity") == "time":
                return _period(entity)
        return None

    def months(self) -> int | None:
        """The first stretch of whole months or years that was said, in months."""
        for entity in self.entities:
            info = entity.get("additional_info") or {}
            if entity.get("entity") == "duration" and info.get("unit") in MONTHS and isinstance(info.get("value"), int):
                return int(info["value"]) * MONTHS[info["unit"]]
        return None

    def whole_number(self) -> int | None:
        """The only number of the message ("24", "12期", "第3"), when it is whole."""
        found = [entity for entity in self.entities if entity.get("entity") in NUMBERS]
        value = (found[0].get("additional_info") or {}).get("value") if len(found) == 1 else None
        return value if isinstance(value, int) else None

    def moment(self) -> datetime | None:
        """The first point of time that was said, with the bank's offset."""
        for entity in self.entities:
            info = entity.get("additional_info") or {}
            if entity.get("entity") == "time" and info.get("type") == "value" and info.get("value"):
                return datetime.fromisoformat(str(info["value"]))
        return None

    def said(self, *names: str) -> str:
        """The longest piece of text that is an entity of one of these names, or nothing."""
        found = [e for e in self.entities if e.get("entity") in names and e.get("end") is not None]
        return max((self.text[e["start"] : e["end"]] for e in found), key=len, default="")

    def wants_another_account(self) -> bool:
        """换一张卡, 用别的账户, without saying which."""
        return bool(ANOTHER_ACCOUNT.search(self.text))

    def asks_for_new_code(self) -> bool:
        """没收到 / 重新发, or the button of that name."""
        return self.reference("code_request") == "resend" or bool(RESEND.search(self.text))


def _is_negated(entity: Entity) -> bool:
    return bool((entity.get("additional_info") or {}).get("negated"))


def _amount(entity: Entity, text: str) -> Amount:
    info = entity.get("additional_info") or {}
    start, end = entity.get("start") or 0, entity.get("end") or 0
    unsafe = tuple(info.get("unsafe") or ())
    minor = info.get("minor")
    return Amount(minor if isinstance(minor, int) else None, text[start:end], unsafe, start, end)


def _period(entity: Entity) -> Period:
    info = entity.get("additional_info") or {}
    if info.get("type") == "interval":
        start, end = info.get("from") or {}, info.get("to") or {}
        if start.get("grain") == "minute" and info.get("precision") == "approx":
            return Period(_day(start.get("value")), None, just_now=True)
        return Period(_day(start.get("value")), _day(end.get("value"), up=True))
    start_day = _day(info.get("value"))
    return Period(start_day, _after(start_day, str(info.get("grain"))) if start_day else None)


def _day(value: str | None, up: bool = False) -> date | None:
    if not value:
        return None
    moment = datetime.fromisoformat(value)
    part_of_day = moment.hour or moment.minute or moment.second
    return moment.date() + timedelta(days=1) if up and part_of_day else moment.date()


def _after(start: date, grain: str) -> date:
    """The day after a calendar unit that begins on `start`."""
    if grain == "week":
        return start + timedelta(days=7)
    months = {"month": 1, "quarter": 3, "year": 12}.get(grain)
    if months is None:
        return start + timedelta(days=1)
    year, month = divmod(start.month - 1 + months, 12)
    return date(start.year + year, month + 1, 1)
