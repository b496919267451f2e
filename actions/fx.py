"""Exchange rates: the bank's board, and what an amount comes to, both ways. Arithmetic is finance/fx's."""

from dataclasses import dataclass
from decimal import Decimal

from actions.conversation import Conversation
from actions.forms import BankAction
from actions.replies import BANK_ZONE, yuan
from actions.session import ask
from actions.turn import Turn
from banking.fx import Board, BoardLine
from finance import fx

YUAN = "CNY"
USUAL = ("USD", "EUR", "HKD", "JPY", "GBP")
LARGEST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount in a currency, as it was said."""

    value: Decimal
    currency: str


class ActionAskExchangeRate(BankAction):
    """Prices of the currencies that were named, or what an amount comes to in them. Visitors may ask."""

    capability = "fx"

    def name(self) -> str:
        return "action_ask_exchange_rate"

    async def serve(self, talk: Conversation) -> None:
        board: Board = await ask("exchange_rates", talk.visitor_session)
        quotes = {line.currency: _quote(line) for line in board.quotes}
        named, amount = _currencies(talk.turn), _amount(talk.turn)
        foreign = [currency for currency in named if currency != YUAN]
        unknown = [currency for currency in foreign if currency not in quotes]
        if unknown:
            known = "、".join(_name(talk, currency) for currency in quotes)
            talk.say.say("utter_fx_unknown", names="、".join(_name(talk, one) for one in unknown), known=known)
        asked = [quotes[currency] for currency in foreign if currency in quotes]
        if unknown and not asked:
            return
        moment = board.quoted_at.astimezone(BANK_ZONE)
        if amount and asked:
            rows = "\n".join(_conversions(talk, amount, asked, quotes))
            response = "utter_fx_conversion"
        else:
            shown = asked or [quotes[currency] for currency in USUAL]
            rows = "\n".join(_price(talk, quote) for quote in shown)
            response = "utter_fx_prices"
        talk.say.say(response, rows=rows, time=f"{moment.month}月{moment.day}日 {moment:%H:%M}")


def _quote(line: BoardLine) -> fx.Quote:
    return fx.Quote(line.currency, Decimal(line.spot_buy), Decimal(line.cash_buy), Decimal(line.sell))


def _currencies(turn: Turn) -> list[str]:
    """ISO codes in the order they were said, each once; those of amounts included."""
    found = [entity for entity in turn.entities if entity.get("entity") in ("currency", "amount-of-money")]
    codes = []
    for entity in sorted(found, key=lambda entity: entity.get("start") or 0):
        is_name = entity.get("entity") == "currency"
        codes.append(entity.get("value") if is_name else (entity.get("additional_info") or {}).get("unit"))
    return list(dict.fromkeys(str(code) for code in codes if code))


def _amount(turn: Turn) -> Sum | None:
    """The first amount that was said; 「一百日元」 has its unit, a bare number is yuan."""
    for entity in turn.entities:
        info = entity.get("additional_info") or {}
        if entity.get("entity") == "amount-of-money" and info.get("value") and info.get("unit"):
            value = Decimal(str(info["value"]))
            return Sum(value, str(info["unit"])) if 0 < value <= LARGEST else None
    return None


def _conversions(talk: Conversation, amount: Sum, asked: list[fx.Quote], quotes: dict[str, fx.Quote]) -> list[str]:
    if amount.currency == YUAN:
        fen = int(amount.value * fx.FEN_OF_YUAN)
        return [_bought(talk, fen, quote) for quote in asked if fen]
    source = quotes.get(amount.currency)
    if source is None:
        return []
    units = max(1, int(amount.value * source.minor_units))
    targets = [quote for quote in asked if quote.currency != source.currency]
    if targets:
        return [_crossed(talk, units, source, target) for target in targets]
    values = {"amount": _money(talk, units, source), "spot": yuan(fx.sell_to_bank(units, source))}
    values |= {"cash": yuan(fx.sell_to_bank(units, source, cash=True)), "cost": yuan(fx.cost_of(units, source))}
    return [talk.say.phrase("phrase_fx_both_ways", **values)]


def _bought(talk: Conversation, fen: int, quote: fx.Quote) -> str:
    bought = _money(talk, fx.bought_with(fen, quote), quote)
    return talk.say.phrase("phrase_fx_bought", fen=yuan(fen), amount=bought, price=quote.sell)


def _crossed(talk: Conversation, units: int, source: fx.Quote, target: fx.Quote) -> str:
    received = _money(talk, fx.cross(units, source, target), target)
    return talk.say.phrase("phrase_fx_crossed", amount=_money(talk, units, source), received=received)


def _price(talk: Conversation, quote: fx.Quote) -> str:
    values = {"spot": quote.spot_buy, "cash": quote.cash_buy, "sell": quote.sell}
    return talk.say.phrase("phrase_fx_price", name=_name(talk, quote.currency), **values)


def _money(talk: Conversation, units: int, quote: fx.Quote) -> str:
    """1,234.50 美元"""
    decimals = fx.DECIMALS[quote.currency]
    return f"{Decimal(units) / quote.minor_units:,.{decimals}f} {_name(talk, quote.currency)}"


def _name(talk: Conversation, currency: str) -> str:
    name = f"phrase_currency_{currency.lower()}"
    return talk.say.phrase(name) if talk.say.knows(name) else currency
