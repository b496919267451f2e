"""`kill -9` in the middle of a transfer, at each of six points, with 25 seeds each.

A forked child makes a random stream of transfers and writes down each answer before it goes on, as a customer would
remember it; at the seed's fatal transfer the process is killed. Replay one seed: `pytest tests/ledger -k seed7`.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.core_bank import crash
from services.core_bank.errors import BankError
from services.core_bank.idempotency import Answer
from tests.ledger.campaign import ROUTES, Campaign, Order, open_bank

SEEDS = 25
LONGEST_STREAM = 3
CHILD_SECONDS = 60


@dataclass(frozen=True)
class Stream:
    """What one seed does: transfers that are acknowledged, then the fatal one."""

    orders: tuple[Order, ...]
    repeats: tuple[bool, ...]  # after which transfers the client sends the confirmation again


def stream_of(point: str, seed: int) -> Stream:
    choose = random.Random(f"{point} {seed}")
    length = choose.randint(1, LONGEST_STREAM)
    # At most 20 yuan each: three of them never exceed the funds of the poorest payer.
    orders = tuple(Order(*choose.choice(ROUTES), choose.randint(1, 20_00)) for _ in range(length))
    return Stream(orders, tuple(choose.random() < 0.3 for _ in orders))


@pytest.mark.parametrize("seed", range(SEEDS), ids=lambda seed: f"seed{seed}")
@pytest.mark.parametrize("point", crash.POINTS)
def test_kill_9(campaign: Campaign, tmp_path: Path, point: str, seed: int) -> None:
    stream, journal = stream_of(point, seed), tmp_path / "journal"

    _run_until_killed(campaign, stream, point, journal)

    drafts, receipts = _read(journal)
    assert (len(drafts), len(receipts)) == (len(stream.orders), len(stream.orders) - 1)
    assert campaign.faults() == []
    for order, draft, remembered in zip(stream.orders, drafts, receipts):
        _check_acknowledged(campaign, order, draft, remembered)
    _resolve(campaign, stream.orders[-1], drafts[-1], committed=point == "after_commit")
    assert campaign.faults() == []


def _check_acknowledged(campaign: Campaign, order: Order, draft: str, remembered: str) -> None:
    assert campaign.state(order, draft) == "DONE"
    assert campaign.posting_pairs(draft) == 1
    assert campaign.confirm(order, draft).body == remembered
    assert campaign.posting_pairs(draft) == 1


def _resolve(campaign: Campaign, order: Order, draft: str, committed: bool) -> None:
    """The client knows nothing of its last transfer: the query tells, and the same key ends in one posting pair."""
    assert campaign.state(order, draft) == ("DONE" if committed else "AUTHORISED")
    assert campaign.posting_pairs(draft) == committed
    if not committed:
        with pytest.raises(BankError, match="idempotency_in_flight"):
            campaign.confirm(order, draft)  # for all the bank knows, the first request still runs
        campaign.outlive_in_flight_mark()
    answer = campaign.confirm(order, draft)
    assert campaign.state(order, draft) == "DONE"
    assert campaign.confirm(order, draft) == answer
    assert campaign.posting_pairs(draft) == 1


def _run_until_killed(campaign: Campaign, stream: Stream, point: str, journal: Path) -> None:
    campaign.bank.db.close()  # connections must not be shared with a child
    child = multiprocessing.get_context("fork").Process(
        target=_customer, args=(campaign, stream, point, journal), daemon=True
    )
    child.start()
    child.join(CHILD_SECONDS)
    if child.is_alive():
        child.kill()
        child.join()
        pytest.fail(f"the child hung:\n{journal.read_text()}")
    assert child.exitcode == -signal.SIGKILL, f"the child was not killed at {point} but ended by itself"


def _customer(shared: Campaign, stream: Stream, point: str, journal: Path) -> None:
    """Runs in the child."""
    campaign = Campaign(shared.url, shared.scene, open_bank(shared.url))
    pen = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for order, repeat in zip(stream.orders, stream.repeats):
        draft = campaign.draft(order)
        os.write(pen, f"draft {draft}\n".encode())
        if order is stream.orders[-1]:
            crash.arm(point)
        answer: Answer = campaign.confirm(order, draft)
        os.write(pen, f"answer {answer.body}\n".encode())
        if repeat:
            assert campaign.confirm(order, draft) == answer


def _read(journal: Path) -> tuple[list[str], list[str]]:
    """The drafts that were to be confirmed, and the answers that arrived."""
    lines = [line.split(" ", 1) for line in journal.read_text().splitlines()]
    drafts = [rest for word, rest in lines if word == "draft"]
    return drafts, [rest for word, rest in lines if word == "answer"]
