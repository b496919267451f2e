"""Wealth products and funds: a range to expect, what redemption pays, what a subscription buys.

Amounts are integer 分, net values (净值) yuan per share, shares Decimal with two places; rounded half up.
Sources: a benchmark (业绩比较基准) is annualised over 365 days by the usual product contract and promises nothing,
《理财公司理财产品销售管理暂行办法》 (银保监会令2021年第4号); front fees by 外扣法, 证监会基金部通知〔2007〕10号.
"""

from dataclasses import dataclass
from decimal import Decimal

from finance import checks
from finance.rounding import to_fen, to_places

DAYS_OF_BENCHMARK = 365
SHARE_PLACES = 2


@dataclass(frozen=True)
class ReturnRange:
    """What a term would bring in 分 if the product met its benchmark. Never a promise, the principal is not either."""

    low: int
    high: int


def expected_return(principal: int, low_rate: Decimal, high_rate: Decimal, days: int) -> ReturnRange:
    """The range of returns over `days`: principal x benchmark x days / 365. A single benchmark is low == high.

    Raises ValueError for a principal below 1, rates outside 0..1 or in the wrong order, days outside 1..14600.
    """
    checks.amount("principal", principal)
    checks.count("days", days, 1, 40 * DAYS_OF_BENCHMARK)
    if checks.rate("low_rate", low_rate) > checks.rate("high_rate", high_rate):
        raise ValueError(f"low_rate {low_rate} is above high_rate {high_rate}")
    low, high = (to_fen(principal * rate * days / DAYS_OF_BENCHMARK) for rate in (low_rate, high_rate))
    return ReturnRange(low, high)


@dataclass(frozen=True)
class Redemption:
    """What selling shares pays, 分: gross = fee + net."""

    gross: int
    fee: int
    net: int


def redeem(shares: Decimal, net_value: Decimal, fee_rate: Decimal = Decimal(0)) -> Redemption:
    """Sell `shares` at `net_value` yuan: gross = 份额 x 净值, fee = gross x fee_rate, each rounded to the 分.

    Raises ValueError for shares or a net value that are not above 0 and a fee rate outside 0..1.
    """
    checks.shares("shares", shares)
    checks.price("net_value", net_value)
    checks.rate("fee_rate", fee_rate)
    gross = to_fen(shares * net_value * 100)
    fee = to_fen(gross * fee_rate)
    return Redemption(gross, fee, gross - fee)


@dataclass(frozen=True)
class Subscription:
    """What a subscription buys: net and fee in 分 (together the amount paid), shares with two decimals."""

    net: int
    fee: int
    shares: Decimal


def subscribe(amount: int, net_value: Decimal, fee_rate: Decimal = Decimal(0)) -> Subscription:
    """外扣法: net = amount / (1 + fee_rate), fee = amount - net, shares = net / net_value.

    Raises ValueError for an amount below 1, a net value that is not above 0 and a fee rate outside 0..1.
    """
    checks.amount("amount", amount)
    checks.price("net_value", net_value)
    net = to_fen(amount / (1 + checks.rate("fee_rate", fee_rate)))
    shares = to_places(Decimal(net) / 100 / net_value, SHARE_PLACES)
    return Subscription(net, amount - net, shares)


def cost_of_rest(cost: int, shares: Decimal, rest: Decimal) -> int:
    """What `rest` of a holding of `shares` cost, 分, when all of it cost `cost`: 0 when nothing is left.

    Raises ValueError for a cost below 1, shares that are not above 0 and a rest outside 0..shares.
    """
    checks.amount("cost", cost)
    checks.shares("shares", shares)
    if not 0 <= rest <= shares:
        raise ValueError(f"rest must be 0 to {shares}, got {rest}")
    return to_fen(cost * rest / shares)
