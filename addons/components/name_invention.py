"""Names that nobody has, put into annotated sentences so that a CRF learns the places where names stand."""

from __future__ import annotations

import random

from addons.components import name_tables

Span = tuple[int, int]

_SURNAMES = sorted(name_tables.SURNAMES)
_LONG_SURNAMES = sorted(name_tables.LONG_SURNAMES)
_LATIN_NAMES = sorted(name_tables.LATIN_NAMES)


def _surname(draw: random.Random) -> str:
    return draw.choice(_LONG_SURNAMES) if draw.random() < 0.1 else draw.choice(_SURNAMES)


def _given(draw: random.Random, lengths: tuple[int, ...]) -> str:
    return "".join(draw.choices(name_tables.GIVEN_CHARACTERS, k=draw.choice(lengths)))


def _full(draw: random.Random) -> str:
    return _surname(draw) + _given(draw, (1, 2, 2))


def _title(draw: random.Random) -> str:
    return _surname(draw) + draw.choice(name_tables.TITLES)


def _relative(draw: random.Random) -> str:
    return draw.choice(name_tables.RELATIVES)


def _trade(draw: random.Random) -> str:
    return draw.choice(name_tables.TRADES)


def _nickname(draw: random.Random) -> str:
    return draw.choice(name_tables.NICKNAME_HEADS) + draw.choice((*_SURNAMES, *name_tables.PET_CHARACTERS))


def _pet(draw: random.Random) -> str:
    character = draw.choice(name_tables.PET_CHARACTERS)
    return character + draw.choice((character, character, *name_tables.PET_ENDINGS[:3]))


def _familiar(draw: random.Random) -> str:
    return draw.choice(name_tables.GIVEN_CHARACTERS) + draw.choice(name_tables.PET_ENDINGS)


def _foreign(draw: random.Random) -> str:
    if draw.random() < 0.5:
        return draw.choice(_LATIN_NAMES)
    return "".join(draw.choices(name_tables.SOUND_CHARACTERS, k=draw.choice((2, 3, 3, 4))))


def _given_alone(draw: random.Random) -> str:
    return _given(draw, (2,))


_FORMS = (_full, _title, _relative, _trade, _nickname, _pet, _familiar, _foreign, _given_alone)
_SHARES = (6, 3, 2, 2, 2, 2, 1, 2, 2)


def invented_name(draw: random.Random) -> str:
    return draw.choices(_FORMS, _SHARES)[0](draw)


def renamed(text: str, spans: list[Span], draw: random.Random) -> tuple[str, list[Span]]:
    """The sentence with an invented name in each span, and where the names are now."""
    result, places, done = "", [], 0
    for start, end in spans:
        result += text[done:start]
        name = invented_name(draw)
        places.append((len(result), len(result) + len(name)))
        result, done = result + name, end
    return result + text[done:], places
