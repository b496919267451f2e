"""23: what responses tell rich channels beside their text (`custom`), and that every variation tells it."""

import re
from collections.abc import Iterator
from typing import Any

from tools.checks.project import Finding, Place, Project, at

FIELDS: dict[str, frozenset[str]] = {
    "confirm": frozenset(),
    "one_time_code": frozenset({"digits"}),
    "rating": frozenset(),
    "sign_in": frozenset(),
}
MADE_BY_ACTIONS = ("card", "list")
ASKS_FOR_CODE = re.compile(r"utter_ask_\w+_code")
ASKS_TO_CONFIRM = re.compile(r"utter_ask_\w+_confirmed")
DIGITS = range(4, 9)


def payloads_are_known(project: Project) -> Iterator[Finding]:
    """An unknown one would be dropped in silence by every channel."""
    for name, place, variation in project.wordings:
        if "custom" in variation:
            custom = variation["custom"]
            for wrong in _wrong(custom):
                yield at(Place(place.path, getattr(custom, "line", place.line)), f"response {name}: {wrong}")


def _wrong(custom: Any) -> Iterator[str]:
    kind = custom.get("type") if isinstance(custom, dict) else None
    if kind in MADE_BY_ACTIONS:
        yield f"a {kind} holds figures: an action makes it (actions/panels.py)"
    elif kind not in FIELDS:
        yield f"there is no custom type {kind}, only {', '.join(FIELDS)}"
    elif custom.keys() - {"type"} != FIELDS[kind]:
        yield f"custom {kind} needs {', '.join(sorted(FIELDS[kind])) or 'no fields'} beside its type"
    elif "digits" in custom and (type(custom["digits"]) is not int or custom["digits"] not in DIGITS):
        yield f"custom {kind}: digits is a number from {DIGITS[0]} to {DIGITS[-1]}"


def variations_tell_the_same(project: Project) -> Iterator[Finding]:
    """A customer who reads English is to get the button 登录 too."""
    wanted: dict[str, Any] = {}
    for name, _, variation in project.wordings:
        wanted[name] = variation.get("custom") or wanted.get(name) or _expected(project, name)
    for name, place, variation in project.wordings:
        if variation.get("custom") != wanted[name]:
            shown = ", ".join(f"{key}: {value}" for key, value in wanted[name].items())
            yield at(place, f"response {name}: this wording needs custom {{{shown}}}")


def _expected(project: Project, name: str) -> dict[str, Any] | None:
    """What a response must tell because of what it asks for."""
    if ASKS_FOR_CODE.fullmatch(name):
        return {"type": "one_time_code", "digits": 6}
    services = ("service", *project.defined("intents"))
    if ASKS_TO_CONFIRM.fullmatch(name) or name in {f"utter_{service}_confirm" for service in services}:
        return {"type": "confirm"}
    return None
