"""Chinese text of a bank: amounts, dates, identifiers, masking. Standard library only, no state, no I/O.

extract        `extract(text, now, prefer="auto")`: every quantity of a sentence, layer by layer
quantity       Quantity, the one result type, and `to_duckling`
mask           `mask_secrets`, `find_secrets`, `mask_card`, `mask_phone`, `mask_id`
amounts_text   `format_fen` (12,345.00) and `upper` (大写)

Reading, each module one kind:
normalise      full-width and traditional forms to plain ones, every character in its place
characters     tables: digits, units, traditional characters
spans          which positions of a text are taken
numbers        one numeral to its value; number_tokens finds numerals in running text
money          numeral + currency, sign, 角, 分; currencies is the table of names
money_context  is a bare number an amount?  money_values: ranges, bounds, what makes an amount unsafe
scope          全部, 一半, 三分之一, percent
identifiers    phones, cards, identity numbers, tails; digit_groups and passwords are shared with mask
ordinary_words what looks like a number and is none: 万一, 1e5, 7日年化
times          points, ranges, bounds, repetitions, out of:
    dates, periods, windows, clock, durations, holidays
    date_patterns (shared patterns), moments (calendar arithmetic), time_context (now, direction)
"""

from chinese.amounts_text import format_fen, upper
from chinese.extract import extract
from chinese.mask import Masked, Secret, find_secrets, mask_card, mask_id, mask_phone, mask_secrets
from chinese.quantity import Quantity, to_duckling

__all__ = [
    "Masked",
    "Quantity",
    "Secret",
    "extract",
    "find_secrets",
    "format_fen",
    "mask_card",
    "mask_id",
    "mask_phone",
    "mask_secrets",
    "to_duckling",
    "upper",
]
