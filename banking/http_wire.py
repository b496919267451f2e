"""JSON of the core bank to our model, strictly: one missing field or one of another type makes the whole unreadable."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


class WireError(ValueError):
    """The JSON does not have the agreed shape; the text names the place."""


def parse_object(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`. Raises WireError for anything else."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise WireError(f"not JSON: {error}") from error
    if not isinstance(value, dict):
        raise WireError("not a JSON object")
    return value


def decode(shape: type[T], value: object) -> T:
    """`value` (parsed JSON) as the dataclass `shape`. Unknown fields are ignored. Raises WireError."""
    return _decode_record(shape, value, shape.__name__)  # type: ignore[no-any-return]


def json_name(field_name: str, metadata: Mapping[str, Any]) -> str:
    """The JSON name of a dataclass field."""
    return str(metadata.get("json", field_name))


@cache
def _members(shape: type) -> tuple[tuple[str, str, Any], ...]:
    hints = get_type_hints(shape)
    return tuple((f.name, json_name(f.name, f.metadata), hints[f.name]) for f in fields(shape))


def _decode_record(shape: type, value: object, place: str) -> Any:
    if not isinstance(value, dict):
        raise WireError(f"{place}: not an object")
    arguments = {}
    for name, wire_name, hint in _members(shape):
        if wire_name not in value:
            raise WireError(f"{place}.{wire_name}: missing")
        arguments[name] = _decode(hint, value[wire_name], f"{place}.{wire_name}")
    return shape(**arguments)


def _decode(hint: Any, value: object, place: str) -> Any:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        if value is None and NoneType in get_args(hint):
            return None
        (hint,) = (option for option in get_args(hint) if option is not NoneType)
        return _decode(hint, value, place)
    if origin is Literal:
        if not isinstance(value, str) or value not in get_args(hint):
            raise WireError(f"{place}: unknown value {str(value)[:40]!r}")
        return value
    if origin is tuple:
        if not isinstance(value, list):
            raise WireError(f"{place}: not a list")
        return tuple(_decode(get_args(hint)[0], item, f"{place}[{index}]") for index, item in enumerate(value))
    if origin is dict:
        return _decode_mapping(value, place)
    if isinstance(hint, type) and is_dataclass(hint):
        return _decode_record(hint, value, place)
    return _decode_scalar(hint, value, place)


def _decode_mapping(value: object, place: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise WireError(f"{place}: not an object")
    return value


def _decode_scalar(hint: type, value: object, place: str) -> Any:
    if hint in (date, datetime):
        return _decode_time(hint, value, place)
    if type(value) is not hint:  # exact: a bool is not an int, 1.0 is not an amount of money
        raise WireError(f"{place}: {type(value).__name__} instead of {hint.__name__}")
    return value


def _decode_time(hint: type, value: object, place: str) -> date | datetime:
    if not isinstance(value, str):
        raise WireError(f"{place}: not a time")
    try:
        if hint is date:
            return date.fromisoformat(value)
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError as error:
        raise WireError(f"{place}: {error}") from error
    if moment.tzinfo is None:
        raise WireError(f"{place}: time without offset")
    return moment
