"""Identifiers, crash points, the table of errors: the small pure things."""

import re
from datetime import datetime, timezone

import pytest

from services.core_bank import crash, errors, identifiers


def test_ids_look_like_no_card_number_and_no_code() -> None:
    made = {identifiers.new_id("dr") for _ in range(200)}
    assert len(made) == 200 and all(re.fullmatch(r"dr_[a-p]{24}", one) for one in made)


def test_receipt_numbers_carry_the_day_in_shanghai() -> None:
    late = datetime(2026, 11, 22, 16, 30, tzinfo=timezone.utc)
    assert re.fullmatch(r"ZG261123-[A-Z2-9]{8}", identifiers.new_receipt_number("ZG", late))


def test_crash_points_are_known_by_name() -> None:
    with pytest.raises(ValueError, match="before_lunch"):
        crash.arm("before_lunch")
    for point in crash.POINTS:
        crash.crash_point(point)  # nothing is armed: nothing happens


def test_every_error_has_a_status_and_an_english_message() -> None:
    for code, (status, message) in errors.CATALOGUE.items():
        assert 400 <= status < 600 and message.isascii() and errors.BankError(code).body()["error"]["code"] == code
