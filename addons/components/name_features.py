"""What a character CRF sees of a text: neighbours, bigrams, and whether they can be part of a person's name."""

from __future__ import annotations

import unicodedata

import zhconv

from addons.components.name_tables import LONG_SURNAMES, NICKNAME_HEADS, RELATIONS, SURNAMES, TITLE_CHARACTERS

_RELATIONS = frozenset(RELATIONS)
_LONGEST_RELATION = max(map(len, RELATIONS))
_REACH = 2


def folded(text: str) -> str:
    """Same length as `text`: half width, lower case, simplified, so that positions stay those of the raw text."""
    characters = []
    for character in text:
        plain = zhconv.convert(unicodedata.normalize("NFKC", character).lower(), "zh-hans")
        characters.append(plain if len(plain) == 1 else character)
    return "".join(characters)


def _kind(character: str) -> str:
    if character.isdigit():
        return "digit"
    if not character.isalpha():
        return "sign"
    return "letter" if character.isascii() else "han"


def _relation_marks(plain: str) -> list[str]:
    """Per character: "" or its place (first, inner, last, whole) in the longest relation word that starts leftmost."""
    marks = [""] * len(plain)
    start = 0
    while start < len(plain):
        longest = min(_LONGEST_RELATION, len(plain) - start)
        length = next((n for n in range(longest, 0, -1) if plain[start : start + n] in _RELATIONS), 0)
        if length == 1:
            marks[start] = "whole"
        elif length:
            marks[start : start + length] = ["first"] + ["inner"] * (length - 2) + ["last"]
        start += length or 1
    return marks


def _features_at(plain: str, marks: list[str], at: int) -> list[str]:
    around = range(-_REACH, _REACH + 1)
    found = ["bias"]
    found += [f"{offset}={plain[at + offset]}" for offset in around]
    found += [f"{offset}:{_kind(plain[at + offset])}" for offset in around]
    pairs = {offset: plain[at + offset : at + offset + 2] for offset in range(-_REACH, _REACH)}
    found += [f"{offset}+={pair}" for offset, pair in pairs.items()]
    found += [f"{offset}:surname" for offset, pair in pairs.items() if pair[0] in SURNAMES]
    found += [f"{offset}:long_surname" for offset, pair in pairs.items() if pair in LONG_SURNAMES]
    found += [f"{offset}:head" for offset, pair in pairs.items() if pair[0] in NICKNAME_HEADS]
    found += [f"{offset}:twice" for offset in (-1, 0) if pairs[offset][0] == pairs[offset][1]]
    found += [f"{offset}:title" for offset in (-1, 0, 1, 2) if plain[at + offset] in TITLE_CHARACTERS]
    found += [f"{offset}:relation_{marks[at + offset]}" for offset in (-1, 0, 1) if marks[at + offset]]
    return found


def features(text: str) -> list[list[str]]:
    """One list of crfsuite features per character of `text`."""
    plain = "<" * _REACH + folded(text) + ">" * _REACH
    marks = _relation_marks(plain)
    return [_features_at(plain, marks, position) for position in range(_REACH, len(plain) - _REACH)]
