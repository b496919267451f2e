"""Reading all quantities of a sentence."""

from datetime import datetime

from chinese.digit_groups import digit_view
from chinese.identifiers import find_identifiers
from chinese.money import compose
from chinese.money_values import money_and_numbers
from chinese.normalise import normalise
from chinese.number_tokens import find_numbers
from chinese.ordinary_words import take_ordinary_words
from chinese.quantity import Found, Quantity
from chinese.scope import find_scopes
from chinese.time_context import TimeContext, direction
from chinese.times import find_times

PREFERENCES = ("auto", "past", "future", "nearest")


def extract(text: str, now: datetime, prefer: str = "auto") -> list[Quantity]:
    """All quantities of `text`, in order, without overlaps; never raises on any text.

    now: the moment the customer speaks, with its time zone; dates come back in that zone.
    prefer: where a date without a year or month lies: "past" (queries), "future" (appointments), "nearest", or "auto",
        which guesses from the words.

    Values, JSON-serialisable, as Duckling has them and with some keys more:
    amount-of-money: {"type": "value", "value": 500.5, "unit": "CNY", "minor": 50050} or {"type": "interval",
        "from": {...}, "to": {...}} with such a side missing where it is open; `minor` is hundredths of the unit (分).
        Also "implied_unit": True when the text names no currency, "precision": "approx", and always "unsafe": the
        reasons for which the amount may not be used before the customer confirmed it (approximate, interval, negative,
        zero, ambiguous, single_digit_implied, foreign_currency); empty when it is plain. "negated": True marks the
        500 of 不是500，是300, which is ambiguous too.
    amount-scope: {"value": "all"} or {"value": "ratio", "ratio": 0.5}.  percent: {"type", "value": 3.5, "unit": "%"}.
    number, ordinal: {"type": "value", "value": 3}.
    time: {"type": "value", "value": ISO 8601, "grain"} or {"type": "interval", "from": {"value", "grain"},
        "to": {...}}, `to` exclusive, a side missing where it is open; "precision": "approx" for 这几天 and the like.
    duration: {"value", "unit", "normalized": {"value": seconds, "unit": "second"}}.
    set: {"type": "set", "period": "P1M", "day": 10} or "weekday" 1-7.
    phone-number, card-number, id-number, card-tail, phone-tail: {"value": digits}.

    Raises ValueError for a `now` without a time zone or an unknown `prefer`.
    """
    if now.tzinfo is None or prefer not in PREFERENCES:
        raise ValueError(f"now must carry a time zone and prefer be one of {PREFERENCES}: {now!r}, {prefer!r}")
    plain = normalise(text)
    accepted = sorted(_found(plain, digit_view(text), now, prefer), key=lambda found: found.start)
    return [Quantity(f.dim, f.start, f.end, text[f.start : f.end], f.value) for f in accepted]


def _found(text: str, view: str, now: datetime, prefer: str) -> list[Found]:
    """Layer by layer, each over what the ones before left free: identifiers, words, shares, times, amounts."""
    found, taken = find_identifiers(text, view)
    take_ordinary_words(text, taken)
    scopes = [scope for scope in find_scopes(text) if taken.claim(scope.start, scope.end)]
    times = find_times(TimeContext(taken.blank(text), now, direction(text, prefer)))
    times = [time for time in times if taken.claim(time.start, time.end)]
    amounts = money_and_numbers(text, compose(text, find_numbers(text, taken)))
    amounts = [amount for amount in amounts if taken.claim(amount.start, amount.end)]
    return [*found, *scopes, *times, *amounts]
