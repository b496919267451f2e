"""What a person sees while a command works: who is speaking, what is being done, and that it goes on."""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parent.parent
SAY_EVERY = 5.0  # seconds

NOISE = re.compile(
    r"Processed (rules|trackers|actions|story blocks):|^fatal: (bad revision|not a git repo)|^\s*$|^\[2K$"
    r"|site-packages/.*DeprecationWarning: |Registered function for '(action|validate)_"
    # Rasa knows its own components only, not that ours extract entities and apply rules ...
    r"|does not include an entity extractor trained on your training data|'RulePolicy' is not included in the model's"
    # ... and looks for uses in stories and rules only; tools/checks looks into forms and code as well
    r"|The (utterance|intent) '\S+' is not used in any story"
    # ... nor that LinearIntentClassifier reads the topics of retrieval intents, and Gazetteer the lookups and synonyms
    r"|training a response selector, but|consisting of lookup tables, but|defined synonyms in your training data, but"
    # ... nor that topics are answered by utter_faq_<topic> (tools/checks sees to it that each has one)
    r"|Your training data contains an example '.*' for the 'faq/\S+' intent\. You either need to add a response phrase"
    # Rasa itself defines every retrieval intent a second time, and an action for it; ours is action_answer_faq
    r"|duplicated intents have been found across multiple domain files: faq$|Action 'utter_faq' is listed as a response"
)
USER_WARNING = re.compile(r"site-packages/\S+: (?:User|Future|Runtime)Warning: (.*)")
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\([A-Z0]")
STAMPED = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (\w+)\s+([\w.]+)\s+- (.*)")


class CommandError(Exception):
    """A command cannot go on; the text is one line (or a short list) that says what is wrong and how to mend it."""


def say(who: str, text: str) -> None:
    print(f"[{who}] {text}", flush=True)


class Heartbeat:
    """Repeats `stage` with the elapsed time as long as nothing else was said for SAY_EVERY seconds."""

    def __init__(self, who: str, stage: str) -> None:
        self.who, self.started = who, time.monotonic()
        self._stage, self._spoken = stage, time.monotonic()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.started

    def stage(self, text: str) -> None:
        self._stage, self._spoken = text, time.monotonic()
        say(self.who, f"{self.elapsed:4.0f} s  {text}")

    def _beat(self) -> None:
        while not self._done.wait(0.5):
            if time.monotonic() - self._spoken >= SAY_EVERY:
                self._spoken = time.monotonic()
                say(self.who, f"{self.elapsed:4.0f} s  ... {self._stage}")

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()


def clean(raw: str) -> str | None:
    """One line of a tool's output without colours and rewritten progress bars; None when it is noise."""
    text = ANSI.sub("", raw.rstrip("\n").split("\r")[-1])
    return None if NOISE.search(text) else text


def follow(
    command: Sequence[str],
    log: Path,
    on_line: Callable[[str], None],
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
) -> int:
    """Run a command, hand each line that is not noise to `on_line`, keep all in `log`; returns the exit code."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "w", encoding="utf-8") as file:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            text=True,
            encoding="utf-8",
            errors="replace",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert process.stdout is not None
        try:
            for raw in process.stdout:
                file.write(raw)
                if (text := clean(raw)) is not None:
                    on_line(text)
            return process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise


def fail(who: str, error: object) -> int:
    """Print why a command stopped; returns the exit code 1."""
    print(f"{who}: {error}", file=sys.stderr, flush=True)
    return 1
