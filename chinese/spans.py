"""Positions of a text that are taken already, so that one character belongs to one quantity."""

import re
from collections.abc import Iterable

BLANK = "\x00"


class Spans:
    """A set of taken positions over a text of fixed length; `[start, end)` like every span here."""

    def __init__(self, length: int) -> None:
        self._taken = bytearray(length)

    def add(self, start: int, end: int) -> None:
        self._taken[start:end] = b"\x01" * (min(end, len(self._taken)) - start)

    def is_free(self, start: int, end: int) -> bool:
        return self._taken.find(1, start, end) < 0

    def claim(self, start: int, end: int) -> bool:
        """Take `[start, end)` if all of it is free; say whether it was."""
        if not self.is_free(start, end):
            return False
        self.add(start, end)
        return True

    def add_matches(self, matches: Iterable["re.Match[str]"]) -> None:
        for match in matches:
            self.add(*match.span())

    def copy(self) -> "Spans":
        other = Spans(0)
        other._taken = bytearray(self._taken)
        return other

    def blank(self, text: str) -> str:
        """`text` with every taken character replaced by NUL, which no pattern here matches."""
        if 1 not in self._taken:
            return text
        return "".join(BLANK if taken else char for char, taken in zip(text, self._taken))
