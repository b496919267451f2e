"""Train a model unless one in models/ fits the data.

A model is named after the fingerprint of everything that shapes it: config.yml, domain.yml (a model carries the
responses, so their wording counts), what Rasa reads below data/, the code of our components and of `chinese/`, and the
versions of the libraries that learn. Rasa's own cache then decides how much has to be computed; it looks at a
component's class body only and would miss a change in `chinese/` or in a helper, so each state of that code has its own
cache folder.
"""

import hashlib
import os
import re
import shutil
import sys
import time
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import yaml

from tools import domain
from tools.console import ROOT, STAMPED, USER_WARNING, CommandError, Heartbeat, follow, say

KEPT_MODELS = 3
LEARNT = ("nlu", "rules", "stories")
LEARNING = "Starting to train component "
RAISED = re.compile(r"(\w+\.)*\w*(Error|Exception|NotFound|InvalidRule|Interrupt): ")
LIBRARIES = ("rasa", "scikit-learn", "spacy", "tensorflow")


def _digest(paths: Iterable[Path], *more: str) -> str:
    whole = hashlib.sha256()
    for path in paths:
        whole.update(f"{path.relative_to(ROOT).as_posix()}\0".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    whole.update("\0".join(more).encode())
    return whole.hexdigest()[:12]


def code_fingerprint() -> str:
    """State of the code that learns."""
    folders = (ROOT / "addons" / "components", ROOT / "chinese")
    sources = sorted(path for folder in folders for path in folder.rglob("*.py"))
    return _digest(sources, *(f"{name}=={version(name)}" for name in LIBRARIES))


def fingerprint() -> str:
    """State of everything that shapes a model; domain.yml must be up to date. Other files of data/ shape none."""
    data = sorted(path for folder in LEARNT for path in (ROOT / "data" / folder).rglob("*.yml"))
    return _digest([ROOT / "config.yml", ROOT / "domain.yml", *data], code_fingerprint())


def model_path() -> Path:
    """Where the model that fits the present data is, or would be."""
    return ROOT / "models" / f"zhanggui-{fingerprint()}.tar.gz"


def refuse_broken_yaml() -> None:
    """Name file and line of the first YAML mistake; Rasa says it in a page of traceback."""
    for path in [ROOT / "config.yml", *sorted((ROOT / "data").rglob("*.yml"))]:
        try:
            list(yaml.parse(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise CommandError(f"{path.relative_to(ROOT)}:{line}: {error.problem or 'not YAML'}") from None
        except FileNotFoundError:
            raise CommandError(f"{path.relative_to(ROOT)} does not exist: run this in a complete checkout") from None


def ensure_model(force: bool = False) -> Path:
    """Build domain.yml, then return the model that fits the data, training it when there is none.

    Raises CommandError when the data is broken or the training fails; the whole output is in var/log/train.log.
    """
    try:
        if domain.write(ROOT):
            say("domain", "domain.yml was out of date: joined again from domain/")
    except domain.DomainError as error:
        raise CommandError(str(error)) from None
    refuse_broken_yaml()
    path = model_path()
    if path.exists() and not force:
        os.utime(path)  # plain `rasa run` and `rasa shell` take the newest file
        say("train", f"{path.relative_to(ROOT)} fits the data")
        return path
    _train(path, force)
    _forget_old(path)
    return path


def _train(path: Path, force: bool) -> None:
    started, tail = time.monotonic(), list[str]()
    cache = ROOT / ".rasa" / f"cache-{code_fingerprint()}"
    for old in (ROOT / ".rasa").glob("cache-*"):
        if old != cache:
            shutil.rmtree(old, ignore_errors=True)
    name = path.name.removesuffix(".tar.gz")
    command = [sys.executable, "-m", "rasa", "train", "--skip-validation", "--fixed-model-name", name]
    command += ["--force"] if force else []
    log = Path(os.environ["ZHANGGUI_VAR"]) / "log" / "train.log"
    with Heartbeat("train", "starting Rasa") as beat:
        beat.stage("starting Rasa (rasa train)")
        code = follow(
            command, log, lambda line: _show(line, beat, tail), {**os.environ, "RASA_CACHE_DIRECTORY": str(cache)}
        )
    if code or not path.exists():
        reason = "\n  ".join(reasons(tail)) or "no message"
        raise CommandError(f"rasa train failed (exit code {code}); all of its output is in {log}\n  {reason}")
    say("train", f"{path.relative_to(ROOT)} trained in {time.monotonic() - started:.0f} s")


def _show(line: str, beat: Heartbeat, tail: list[str]) -> None:
    """Turn a line of Rasa into a stage or a warning; keep it for the reason of a failure."""
    tail.append(line)
    if raised := USER_WARNING.search(line):
        say("train", f"warning: {raised[1]}")
    elif stamped := STAMPED.match(line):
        level, _, message = stamped.groups()
        if level not in ("INFO", "DEBUG"):
            say("train", f"{level.lower()}: {message}")
        elif message.startswith(LEARNING):
            component = message.removeprefix(LEARNING).strip("'.")
            beat.stage(f"learning: {component}")


def reasons(output: list[str]) -> list[str]:
    """What a failed run said last: the messages of its exceptions without their tracebacks, else its last lines."""
    raised = [line for line in output if RAISED.match(line)]
    return raised[-3:] or output[-6:]


def _forget_old(newest: Path) -> None:
    ours = sorted((ROOT / "models").glob("zhanggui-*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in [path for path in ours if path != newest][KEPT_MODELS - 1 :]:
        path.unlink(missing_ok=True)


def main(force: bool = False) -> int:
    """`python -m tools train`; raises CommandError."""
    ensure_model(force)
    return 0
