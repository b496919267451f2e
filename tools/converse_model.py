"""Conversation test files: the form of design §7, read with file and line for every mistake."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import yaml

from tools.converse_days import spoken_days
from tools.converse_nodes import CaseError, Field, Place, entries, items, mapping, scalar, text_list

CHANNELS = ("web", "wechat", "cli")
FAULTS = ("core_down", "core_slow", "core_drop_reply", "core_500", "core_garbage")
CARD_STATES = ("frozen", "lost", "inactive", "active")
ACTIONS = ("user", "press", "code", "wait")
BANK_ZONE = ZoneInfo("Asia/Shanghai")
LONGEST_WAIT = 365 * 24 * 3600
_Value = TypeVar("_Value")
_ACCOUNT = re.compile(r"[a-z0-9_]+/[A-Za-z0-9_]+")


@dataclass(frozen=True)
class Expectation:
    """What an answer must be like; None is not looked at, an empty `buttons` means none."""

    text: tuple[str, ...] = ()
    not_text: tuple[str, ...] = ()
    buttons: tuple[str, ...] | None = None
    intent: str | None = None


@dataclass(frozen=True)
class Turn:
    """One step: exactly one of `user` (texts sent in quick succession), `press`, `code`, `wait` (seconds) is set."""

    place: Place
    user: tuple[str, ...] = ()
    press: str | None = None
    code: str | None = None
    wait: Decimal | None = None
    fault: str | None = None
    expect: Expectation | None = None


@dataclass(frozen=True)
class Case:
    """One conversation and what the bank must show after it.

    `bank` is in fen, `orders` the kinds of all drafts carried out, oldest first.
    """

    place: Place
    name: str
    turns: tuple[Turn, ...]
    customer: str | None = None
    channel: str = "cli"
    bank: tuple[tuple[str, int], ...] = ()
    cards: tuple[tuple[str, str], ...] = ()
    orders: tuple[str, ...] | None = None
    never_stored: tuple[str, ...] = ()


def read_cases(path: Path) -> list[Case]:
    """Cases of one file. Raises CaseError ("file:line: what is wrong")."""
    try:
        loader = yaml.SafeLoader(path.read_text("utf-8"))
        try:
            root = loader.get_single_node()
        finally:
            loader.dispose()
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(Place(path, 0), str(error)) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise CaseError(
            Place(path, mark.line + 1 if mark else 0), getattr(error, "problem", None) or str(error)
        ) from error
    if root is None:
        raise CaseError(Place(path, 0), "no case in this file")
    return [_case(field) for field in items(Field(path, root), "a list of cases")]


def _case(field: Field) -> Case:
    keys = ("case", "customer", "channel", "turns", "bank", "cards", "orders", "never_stored")
    given = mapping(field, keys, required=("case", "turns"))
    customer = scalar(given["customer"]) if "customer" in given else None
    turns = _turns(given["turns"])
    case = Case(
        place=field.place,
        name=scalar(given["case"]),
        turns=turns,
        customer=customer,
        channel=_one_of(given["channel"], CHANNELS) if "channel" in given else "cli",
        bank=_by_account(given, "bank", _fen),
        cards=_by_account(given, "cards", lambda value: _one_of(value, CARD_STATES)),
        orders=text_list(given["orders"], may_be_empty=True) if "orders" in given else None,
        never_stored=text_list(given["never_stored"]) if "never_stored" in given else (),
    )
    _require_customer(case)
    return case


def _require_customer(case: Case) -> None:
    if case.customer is not None:
        return
    for turn in case.turns:
        if turn.code in ("sent", "wrong"):
            raise CaseError(turn.place, f"code: {turn.code} needs a customer, and the case names none")
    if "sent-code" in case.never_stored:
        raise CaseError(case.place, "never_stored: sent-code needs a customer, and the case names none")


def _turns(field: Field) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    fault: str | None = None
    for item in items(field, "a list of turns"):
        given = mapping(item, (*ACTIONS, "fault", "expect"))
        if "fault" in given:
            if fault:
                raise CaseError(item.place, f"fault {fault} of the item before has no turn")
            fault = _one_of(given["fault"], FAULTS)
        done = [key for key in ACTIONS if key in given]
        if not done and "fault" in given and "expect" not in given:
            continue
        if len(done) != 1:
            raise CaseError(
                item.place,
                f"a turn has exactly one of {', '.join(ACTIONS)}; this one has {' and '.join(done) or 'none'}",
            )
        turns.append(_turn(item.place, given, fault))
        fault = None
    if fault:
        raise CaseError(field.place, f"fault {fault} is not followed by a turn")
    if not turns:
        raise CaseError(field.place, "turns is empty")
    return tuple(turns)


def _turn(place: Place, given: dict[str, Field], fault: str | None) -> Turn:
    if "wait" in given and ("expect" in given or fault):
        raise CaseError(place, "a wait has no answer: put expect and fault beside user, press or code")
    return Turn(
        place=place,
        user=_said(given["user"]) if "user" in given else (),
        press=scalar(given["press"]) if "press" in given else None,
        code=_code(given["code"]) if "code" in given else None,
        wait=_seconds(given["wait"]) if "wait" in given else None,
        fault=fault,
        expect=_expectation(given["expect"]) if "expect" in given else None,
    )


def _said(field: Field) -> tuple[str, ...]:
    try:
        return tuple(spoken_days(text, datetime.now(BANK_ZONE).date()) for text in text_list(field))
    except ValueError as error:
        raise CaseError(field.place, str(error)) from error


def _expectation(field: Field) -> Expectation:
    given = mapping(field, ("text", "not_text", "buttons", "intent"))
    return Expectation(
        text=text_list(given["text"]) if "text" in given else (),
        not_text=text_list(given["not_text"]) if "not_text" in given else (),
        buttons=text_list(given["buttons"], may_be_empty=True) if "buttons" in given else None,
        intent=scalar(given["intent"]) if "intent" in given else None,
    )


def _by_account(given: dict[str, Field], key: str, read: Callable[[Field], _Value]) -> tuple[tuple[str, _Value], ...]:
    found = []
    for name, value in entries(given[key]) if key in given else ():
        if not _ACCOUNT.fullmatch(name):
            raise CaseError(value.place, f"{key}: {name!r} is not of the form login/tail")
        found.append((name, read(value)))
    return tuple(found)


def _one_of(field: Field, allowed: tuple[str, ...]) -> str:
    value = scalar(field)
    if value not in allowed:
        raise CaseError(field.place, f"{value!r} is none of {', '.join(allowed)}")
    return value


def _code(field: Field) -> str:
    value = scalar(field)
    if value not in ("sent", "wrong") and not re.fullmatch(r"\d+", value):
        raise CaseError(field.place, f"code: {value!r} is neither sent, wrong nor digits")
    return value


def _seconds(field: Field) -> Decimal:
    value = _decimal(field)
    if not 0 < value <= LONGEST_WAIT:
        raise CaseError(field.place, f"wait: {value} is not between 0 and a year of seconds")
    return value


def _fen(field: Field) -> int:
    fen = _decimal(field) * 100
    if fen != fen.to_integral_value():
        raise CaseError(field.place, f"{scalar(field)} is not a whole number of fen")
    return int(fen)


def _decimal(field: Field) -> Decimal:
    try:
        value = Decimal(scalar(field).replace(",", ""))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise CaseError(field.place, f"{scalar(field)!r} is not a number")
    return value
