"""Normalisation that keeps every character in its place, so that positions in the result are positions in the raw text.

Compatibility forms (full-width, no-break, mathematical digits) become plain ones where NFKC maps one character to one,
and the traditional characters of money and time words become simplified ones. The full-width comma stays: between
digits it may separate thousands or clauses, and only the reader of amounts may decide that.
"""

import unicodedata
from collections.abc import Iterable

from chinese.characters import TRADITIONAL_TO_SIMPLIFIED, VARIANTS

_COMPATIBILITY_BLOCKS = (
    range(0x00A0, 0x00A1),  # no-break space
    range(0x2000, 0x2016),  # spaces, non-breaking hyphen
    range(0x2F00, 0x2FE0),  # Kangxi radicals
    range(0x3000, 0x3001),  # ideographic space
    range(0xF900, 0xFB00),  # compatibility ideographs
    range(0xFE50, 0xFE70),  # small forms
    range(0xFF00, 0xFFF0),  # full-width and half-width forms
    range(0x1D7CE, 0x1D800),  # mathematical digits
)
_KEPT = "，"


def _one_to_one(code_points: Iterable[int]) -> dict[int, int]:
    table = {}
    for code in code_points:
        char = chr(code)
        plain = unicodedata.normalize("NFKC", char)
        if len(plain) == 1 and plain != char and char not in _KEPT:
            table[code] = ord(plain)
    return table


_TABLE = {
    **{code: plain for block in _COMPATIBILITY_BLOCKS for code, plain in _one_to_one(block).items()},
    **TRADITIONAL_TO_SIMPLIFIED,
    **VARIANTS,
}


def normalise(text: str) -> str:
    """Return `text` in plain forms, of exactly the same length."""
    return text.translate(_TABLE)
