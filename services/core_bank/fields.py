"""Types of single fields in requests and responses."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, ClassVar

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORLD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


class Text(str):
    """One line of text. Control characters and lone surrogates are refused: no database and no screen wants them."""

    shortest: ClassVar[int] = 0
    longest: ClassVar[int] = 256

    @classmethod
    def __get_validators__(cls) -> Iterator[Callable[[Any], str]]:
        yield cls.validate

    @classmethod
    def __modify_schema__(cls, schema: dict[str, Any]) -> None:
        schema.update(type="string", minLength=cls.shortest, maxLength=cls.longest)

    @classmethod
    def validate(cls, value: Any) -> str:
        if not isinstance(value, str):
            raise TypeError("not a string")
        if any(ord(char) < 32 or ord(char) == 127 or 0xD800 <= ord(char) <= 0xDFFF for char in value):
            raise ValueError("control characters are not allowed")
        if not cls.shortest <= len(value) <= cls.longest:
            raise ValueError(f"not {cls.shortest} to {cls.longest} characters")
        return value


class Name(Text):
    shortest, longest = 1, 64


class Note(Text):
    longest = 30


class Words(Text):
    """A customer's own words."""

    shortest = 1


class WorldName(Name):
    @classmethod
    def validate(cls, value: Any) -> str:
        if not _WORLD.fullmatch(super().validate(value)):
            raise ValueError("letters, digits, and . _ - after the first")
        return str(value)


class BankDay(date):
    """A day in Shanghai, YYYY-MM-DD and nothing else (pydantic would take a number for a timestamp)."""

    @classmethod
    def __get_validators__(cls) -> Iterator[Callable[[Any], date]]:
        yield cls.validate

    @classmethod
    def __modify_schema__(cls, schema: dict[str, Any]) -> None:
        schema.update(type="string", format="date")

    @classmethod
    def validate(cls, value: Any) -> date:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise ValueError("not a YYYY-MM-DD day")
        day = date.fromisoformat(value)
        if not 1990 <= day.year <= 2200:
            raise ValueError("day out of range")
        return day


class Moment(str):
    """ISO 8601 with offset."""

    @classmethod
    def __modify_schema__(cls, schema: dict[str, Any]) -> None:
        schema.update(type="string", format="date-time")
