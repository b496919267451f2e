"""Foreign currency at a bank's board (外汇牌价): yuan per 100 units of foreign currency.

The bank buys at 现汇买入价 (money in an account) or 现钞买入价 (banknotes) and sells at 卖出价. Money is an integer
of the currency's smallest unit: 分 for yuan, cents for USD, whole yen for JPY. Rounded half up, once per conversion.
Sources: the board's layout, 中国银行外汇牌价 (boc.cn/sourcedb/whpj); the decimals of a currency, ISO 4217.
"""

from dataclasses import dataclass
from decimal import Decimal

from finance import checks
from finance.rounding import to_fen

PER_UNITS = 100
FEN_OF_YUAN = 100
DECIMALS = {
    **dict.fromkeys(("JPY", "KRW", "VND"), 0),
    **dict.fromkeys(("AED", "AUD", "BRL", "CAD", "CHF", "DKK", "EUR", "GBP", "HKD", "IDR", "INR", "MOP", "MYR"), 2),
    **dict.fromkeys(("NOK", "NZD", "PHP", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "USD", "ZAR"), 2),
    "KWD": 3,
}


@dataclass(frozen=True)
class Quote:
    """One line of the board.

    currency: ISO 4217. spot_buy (现汇买入价), cash_buy (现钞买入价), sell (卖出价): yuan per 100 units.
    Raises ValueError for a currency not in DECIMALS, a price that is not above 0, buying prices above the selling
    price.
    """

    currency: str
    spot_buy: Decimal
    cash_buy: Decimal
    sell: Decimal

    def __post_init__(self) -> None:
        if self.currency not in DECIMALS:
            raise ValueError(f"currency {self.currency} is not one of {', '.join(sorted(DECIMALS))}")
        for name in ("spot_buy", "cash_buy", "sell"):
            checks.price(name, getattr(self, name))
        if max(self.spot_buy, self.cash_buy) > self.sell:
            raise ValueError(f"sell {self.sell} is below a buying price of {self.currency}")

    @property
    def minor_units(self) -> int:
        """Smallest units in one unit: 100 for USD, 1 for JPY."""
        return int(10 ** DECIMALS[self.currency])

    def buying(self, cash: bool) -> Decimal:
        """The price at which the bank buys: banknotes or money in an account."""
        return self.cash_buy if cash else self.spot_buy


def sell_to_bank(amount: int, quote: Quote, cash: bool = False) -> int:
    """结汇: 分 received for `amount` smallest units of foreign currency. ValueError for an amount below 1."""
    checks.amount("amount", amount)
    return to_fen(amount * quote.buying(cash) * FEN_OF_YUAN / (PER_UNITS * quote.minor_units))


def cost_of(amount: int, quote: Quote) -> int:
    """购汇: 分 paid for `amount` smallest units of foreign currency. ValueError for an amount below 1."""
    checks.amount("amount", amount)
    return to_fen(amount * quote.sell * FEN_OF_YUAN / (PER_UNITS * quote.minor_units))


def bought_with(fen: int, quote: Quote) -> int:
    """购汇: smallest units of the foreign currency that `fen` buy. ValueError for an amount below 1."""
    checks.amount("fen", fen)
    return to_fen(fen * PER_UNITS * quote.minor_units / (quote.sell * FEN_OF_YUAN))


def cross(amount: int, source: Quote, target: Quote, cash: bool = False) -> int:
    """套汇 through yuan: sell `amount` of `source`, spend the proceeds on `target`; smallest units of `target`.

    The yuan between are not rounded. Raises ValueError for an amount below 1 and for twice the same currency.
    """
    checks.amount("amount", amount)
    if source.currency == target.currency:
        raise ValueError(f"source and target are both {source.currency}")
    return to_fen(amount * source.buying(cash) * target.minor_units / (target.sell * source.minor_units))
