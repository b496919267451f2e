"""What a character CRF sees of a text: neighbours, bigrams, and whether they can be part of a person's name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import zhconv

from addons.components.name_tables import (
    LATIN_NAMES,
    LONG_SURNAMES,
    NICKNAME_HEADS,
    NOBODY,
    RELATIVES,
    SURNAMES,
    TITLE_CHARACTERS,
    TITLES,
    TRADES,
)

_REACH = 3
_LATIN = re.compile("[a-z]+")
_ROLE = re.compile("|".join(word for word in (*RELATIVES, *TRADES, *TITLES) if len(word) > 1))


class _Lexicon:
    """Finds the longest word that starts leftmost."""

    def __init__(self, name: str, words: Iterable[str]):
        self.name = name
        self._words = frozenset(words)
        self._longest = max(map(len, self._words))

    def marks(self, plain: str) -> list[str]:
        """Per character: "" or its place (first, inner, last, whole) in a word of this lexicon."""
        marks = [""] * len(plain)
        start = 0
        while start < len(plain):
            longest = min(self._longest, len(plain) - start)
            length = next((n for n in range(longest, 0, -1) if plain[start : start + n] in self._words), 0)
            marks[start : start + length] = _places(length)
            start += length or 1
        return marks


def _places(length: int) -> list[str]:
    return ["whole"] if length == 1 else (["first"] + ["inner"] * (length - 2) + ["last"])[:length]


_LEXICONS = (
    _Lexicon("relative", RELATIVES),
    _Lexicon("trade", TRADES),
    _Lexicon("title", TITLES),
    _Lexicon("nobody", NOBODY),
)


@lru_cache(maxsize=20_000)
def _plain(character: str) -> str:
    plain = zhconv.convert(unicodedata.normalize("NFKC", character).lower(), "zh-hans")
    return str(plain) if len(plain) == 1 else character


def folded(text: str) -> str:
    """Same length as `text`: half width, lower case, simplified, so that positions stay those of the raw text."""
    return "".join(map(_plain, text))


def _kind(character: str) -> str:
    if character.isdigit():
        return "digit"
    if not character.isalpha():
        return "sign"
    return "letter" if character.isascii() else "han"


def speaks_of_role(text: str) -> bool:
    """Whether a word for a relative or a trade is in `text`, be it a person's name or not: 师傅你好."""
    return _ROLE.search(folded(text)) is not None


def _latin_words(plain: str) -> list[str]:
    """Per character: "" or the Latin word around it."""
    words = [""] * len(plain)
    for run in _LATIN.finditer(plain):
        words[run.start() : run.end()] = [run.group()] * len(run.group())
    return words


def _features_at(plain: str, marks: dict[str, list[str]], at: int) -> list[str]:
    around = range(-_REACH, _REACH + 1)
    near = range(-2, 3)
    found = ["bias"]
    found += [f"{offset}={plain[at + offset]}" for offset in around]
    found += [f"{offset}:{_kind(plain[at + offset])}" for offset in near]
    pairs = {offset: plain[at + offset : at + offset + 2] for offset in range(-_REACH, _REACH)}
    found += [f"{offset}+={pair}" for offset, pair in pairs.items()]
    found += [f"{offset}:surname" for offset, pair in pairs.items() if pair[0] in SURNAMES]
    found += [f"{offset}:long_surname" for offset, pair in pairs.items() if pair in LONG_SURNAMES]
    found += [f"{offset}:head" for offset, pair in pairs.items() if pair[0] in NICKNAME_HEADS]
    found += [f"{offset}:twice" for offset in (-1, 0) if pairs[offset][0] == pairs[offset][1]]
    found += [f"{offset}:title" for offset in (-1, 0, 1, 2) if plain[at + offset] in TITLE_CHARACTERS]
    for name, places in marks.items():
        found += [f"{offset}:{name}_{places[at + offset]}" for offset in (-1, 0, 1, 2) if places[at + offset]]
    return found


def _latin_features(words: list[str], at: int) -> list[str]:
    word = words[at]
    if not word:
        return []
    found = [f"latin={word}"] + ["latin_name"] * (word in LATIN_NAMES)
    return found + ["latin_first"] * (words[at - 1] != word) + ["latin_last"] * (words[at + 1] != word)


def features(text: str) -> list[list[str]]:
    """One list of crfsuite features per character of `text`."""
    plain = "<" * _REACH + folded(text) + ">" * _REACH
    marks = {lexicon.name: lexicon.marks(plain) for lexicon in _LEXICONS}
    words = _latin_words(plain)
    inside = range(_REACH, len(plain) - _REACH)
    return [_features_at(plain, marks, at) + _latin_features(words, at) for at in inside]
