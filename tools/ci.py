"""`make test`: everything CI runs, two steps at a time; the last line is that of the conversation tests.

A step is a process. What it prints is kept and shown whole when it ends; only the conversation tests, which have the
machine for themselves, are shown as they come. A step that needs others waits until they have ended, well or not: a
failed one does not hide the rest.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import IO

from tools.console import ROOT, SAY_EVERY, fail, say

AT_ONCE = 2
POLL_SECONDS = 0.2
STOP_LIMIT = 60.0  # seconds
PROGRESS = re.compile(rb"\[ *(\d+)%\]\s*$", re.MULTILINE)
HEARTBEAT = re.compile(rb"^\[\w+\] +\d+ s  \.\.\. .*\n", re.MULTILINE)  # said to who waited for it


@dataclass(frozen=True)
class Step:
    """One process of Python: its name, its arguments, and the steps that must have ended before."""

    name: str
    arguments: tuple[str, ...]
    needs: tuple[str, ...] = ()


def tools(command: str, *options: str) -> tuple[str, ...]:
    return ("-m", "tools", command, *options)


def pytest(*suites: str) -> tuple[str, ...]:
    color = "yes" if sys.stdout.isatty() else "no"
    return ("-m", "pytest", "-q", f"--color={color}", *(f"tests/{suite}" for suite in suites))


def steps() -> list[Step]:
    """What is ready starts in this order. A suite that waits a lot runs beside one that computes a lot."""
    checks, page, model = "checks", "chat page", "training"
    beside = [
        Step(checks, tools("check")),
        Step(page, tools("web", "--check")),
        Step(model, tools("train"), (checks,)),  # which would bring a stale domain.yml up to date
        Step("tests in a browser", pytest("browser"), (page, model)),
        Step("unit tests", pytest("unit")),
        Step("WeChat tests", pytest("wechat"), (model,)),
        Step("contract, data, dialogue and smoke tests", pytest("contract", "data", "dialogue", "smoke")),
        Step("ledger tests", pytest("ledger")),
    ]
    return [*beside, Step("conversation tests", tools("e2e"), tuple(step.name for step in beside))]


def main() -> int:
    """Run all steps, also after one has failed; returns 1 when any did."""
    board = Board(steps())
    try:
        board.run()
    finally:
        board.stop()
    return fail("test", f"failed: {'; '.join(board.failed)}") if board.failed else 0


@dataclass
class Running:
    """A step on its way; `output` is what it printed, None when that went to the screen."""

    step: Step
    process: "subprocess.Popen[bytes]"
    output: IO[bytes] | None
    started: float

    def said(self) -> bytes:
        """Everything printed so far."""
        if self.output is None:
            return b""
        # The step writes where this file stands: to read without moving there, its place is named.
        return os.pread(self.output.fileno(), os.fstat(self.output.fileno()).st_size, 0)

    def progress(self) -> str:
        """Name, and how far pytest has come."""
        percent = PROGRESS.findall(self.said())
        return self.step.name + (f" {percent[-1].decode()} %" if percent else "")


class Board:
    """Which steps wait, run and have failed."""

    def __init__(self, steps: list[Step]) -> None:
        self._steps, self._waiting, self._running = steps, list(steps), list[Running]()
        self._started = self._spoken = time.monotonic()
        self.failed: list[str] = []

    def run(self) -> None:
        """Until all have ended."""
        while self._waiting or self._running:
            self._start_what_is_ready()
            time.sleep(POLL_SECONDS)
            for one in [one for one in self._running if one.process.poll() is not None]:
                self._running.remove(one)
                self._end(one)
            self._break_silence()

    def stop(self) -> None:
        """Ctrl-C for what still runs: pytest takes down what its fixtures started, which SIGTERM would leave behind."""
        going_on = [one.process for one in self._running if one.process.poll() is None]
        for process in going_on:
            os.killpg(process.pid, signal.SIGINT)
        for process in going_on:
            try:
                process.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)

    def _start_what_is_ready(self) -> None:
        for step in list(self._waiting):
            unfinished = {other.name for other in [*self._waiting, *(one.step for one in self._running)]}
            if len(self._running) < AT_ONCE and not unfinished.intersection(step.needs):
                self._waiting.remove(step)
                self._start(step)

    def _start(self, step: Step) -> None:
        self._say(self._place(step))
        output = None if step is self._steps[-1] else tempfile.TemporaryFile()  # noqa: SIM115 (closed when it ends)
        command = [sys.executable, *step.arguments]
        stderr = subprocess.STDOUT if output else None
        # A session of its own: a Ctrl-C comes from stop() alone, once. The second one would break off the taking down.
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=stderr, start_new_session=True)
        self._running.append(Running(step, process, output, time.monotonic()))

    def _end(self, one: Running) -> None:
        code = one.process.returncode
        if code:
            self.failed.append(one.step.name)
        sys.stdout.buffer.write(HEARTBEAT.sub(b"", one.said()))
        sys.stdout.flush()
        if one.output:
            one.output.close()
        if one.step is not self._steps[-1] or self.failed:  # else the last line is the verdict of the conversations
            outcome = "FAILED" if code else "ok"
            self._say(f"{self._place(one.step)}: {outcome} ({time.monotonic() - one.started:.0f} s)")

    def _break_silence(self) -> None:
        heard = any(one.output is None for one in self._running)
        if self._running and not heard and time.monotonic() - self._spoken >= SAY_EVERY:
            doing = ", ".join(one.progress() for one in self._running)
            self._say(f"{time.monotonic() - self._started:4.0f} s  ... {doing}")

    def _place(self, step: Step) -> str:
        return f"{self._steps.index(step) + 1}/{len(self._steps)} {step.name}"

    def _say(self, text: str) -> None:
        self._spoken = time.monotonic()
        say("test", text)


def screenshots() -> int:
    """`python -m tools screenshots`: the pictures of docs/screenshots, from the real thing."""
    pictures = ["tests/browser/test_screenshots.py", "--screenshots", "docs/screenshots"]
    return subprocess.run([sys.executable, "-m", "pytest", "-q", *pictures], cwd=ROOT, check=False).returncode
