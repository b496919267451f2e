"""Which transactions a message means, at any time of the day."""

from datetime import datetime

import pytest

from actions import finding
from actions.replies import BANK_ZONE
from actions.turn import Turn
from chinese.extract import extract


@pytest.mark.parametrize("time_of_day", ["00:00", "00:20", "12:00", "23:59"])
@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("刚才那笔扣款是什么", None),
        ("今天最后一笔是什么", None),
        ("昨天最后一笔是什么", "2026-12-31"),
        ("昨天那笔是什么", "2026-12-31"),
    ],
)
def test_the_last_one_is_the_last_one_whenever_it_was(
    monkeypatch: pytest.MonkeyPatch, time_of_day: str, text: str, since: str | None
) -> None:
    now = datetime.fromisoformat(f"2027-01-01T{time_of_day}").replace(tzinfo=BANK_ZONE)
    monkeypatch.setattr(finding, "today", now.date)
    entities = [{"entity": heard.dim, "additional_info": heard.value} for heard in extract(text, now)]
    clues = finding.clues_of(Turn({"text": text, "entities": entities}))
    assert (str(clues.since) if clues.since else None) == since
