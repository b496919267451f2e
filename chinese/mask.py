"""Masking: what must not be shown or stored in full."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from chinese.digit_groups import (
    ID_WRITTEN,
    Group,
    card_end,
    chains,
    date_end,
    digit_view,
    is_date_pair,
    is_id_number,
    phone_end,
    split_chain,
    without_separators,
)
from chinese.passwords import find_passwords
from chinese.spans import Spans

SECRET_MASK = "******"

_OLD_ID = re.compile(r"(?<![0-9])[1-9][0-9]{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}(?![0-9])")
_LONG = 15


@dataclass(frozen=True)
class Secret:
    """Something in a text that may not be stored: kind is card_number, id_number, phone_number, password or code."""

    kind: str
    start: int
    end: int
    value: str


class Masked(NamedTuple):
    """A text fit to be stored, and the sorted kinds of what was hidden in it."""

    text: str
    kinds: tuple[str, ...]


def mask_secrets(text: str) -> Masked:
    """Replace card, identity and mobile numbers, passwords and one-time codes, whatever their digits look like.

    A card number keeps its last four digits, a phone number its first three and last four, so that the customer
    recognises them. A figure of 15 digits or more is hidden as a card number even where its check digit is wrong.
    """
    secrets = find_secrets(text)
    pieces, position = [], 0
    for secret in secrets:
        pieces += [text[position : secret.start], _mask(secret)]
        position = secret.end
    return Masked("".join([*pieces, text[position:]]), tuple(sorted({secret.kind for secret in secrets})))


def find_secrets(text: str) -> list[Secret]:
    """The secrets of a text in order, without overlaps; `value` in plain digits without separators."""
    view = digit_view(text)
    taken = Spans(len(text))
    secrets = [secret for secret in _candidates(view) if taken.claim(secret.start, secret.end)]
    return sorted(secrets, key=lambda secret: secret.start)


def mask_card(number: str) -> str:
    """6222021234567890128 -> ****0128; nothing is kept of a piece of a number."""
    return "****" + (number[-4:] if len(number) >= _LONG else "")


def mask_phone(number: str) -> str:
    """13800010001 -> 138****0001."""
    return f"{number[:3]}****{number[-4:]}"


def mask_id(number: str) -> str:
    """11010519491231002X -> 1****************X."""
    return number[0] + "*" * (len(number) - 2) + number[-1]


def _mask(secret: Secret) -> str:
    masks = {"card_number": mask_card, "phone_number": mask_phone, "id_number": mask_id}
    return masks[secret.kind](secret.value) if secret.kind in masks else SECRET_MASK


def _candidates(view: str) -> Iterator[Secret]:
    for password in find_passwords(view):
        yield Secret(password.kind, password.start, password.end, password.value)
    for match in ID_WRITTEN.finditer(view):
        number = without_separators(match.group())
        if is_id_number(number) or number[-1] in "Xx":
            yield Secret("id_number", match.start(), match.end(), number.upper())
    for match in _OLD_ID.finditer(view):
        yield Secret("id_number", match.start(), match.end(), match.group())
    for chain in chains(view):
        yield from _numbers(chain)


def _numbers(groups: list[Group]) -> Iterator[Secret]:
    """Cards and phones of a chain; what is left of it goes as well where it could be a mistyped card number."""
    long = [group for group in groups if len(group.digits) >= _LONG]
    for group in long:
        if not is_date_pair(group.digits):
            yield _secret("card_number", [group])
    cards, rest = split_chain([group for group in groups if group not in long], card_end)
    phones, rest = split_chain(rest, phone_end)
    _, rest = split_chain(rest, date_end)
    for kind, windows in (("card_number", cards), ("phone_number", phones)):
        for window in windows:
            yield _secret(kind, window)
    if sum(len(group.digits) for group in rest) >= _LONG:
        for run in _neighbours(groups, rest):
            yield _secret("card_number", run)


def _neighbours(groups: list[Group], chosen: list[Group]) -> list[list[Group]]:
    """`chosen` in runs that nothing else of the chain interrupts."""
    runs: list[list[Group]] = [[]]
    for group in groups:
        if group in chosen:
            runs[-1].append(group)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _secret(kind: str, groups: list[Group]) -> Secret:
    return Secret(kind, groups[0].start, groups[-1].end, "".join(group.digits for group in groups))
