"""Run a process of the stack with stopwatches around its parts: `python -m benchmarks.timed rasa run ...`.

Wall seconds and calls of each part since the start are written to `$ZHANGGUI_VAR/timing/<module>.json` twice a second.
Only `make bench` runs processes this way; nothing in the product knows of it.
"""

import functools
import importlib
import inspect
import json
import os
import runpy
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

WRITE_EVERY = 0.5  # seconds
PARTS = {  # process -> part -> functions whose time it is
    "rasa": {
        "nlu": ["rasa.core.processor:MessageProcessor.parse_message"],
        "policy": ["rasa.core.processor:MessageProcessor.predict_next_with_tracker_if_should"],
        "action": ["rasa.core.actions.action:RemoteAction.run"],
        "stores": [
            "rasa.core.tracker_store:SQLTrackerStore.save",
            "rasa.core.tracker_store:SQLTrackerStore.retrieve",
        ],
    },
    "rasa_sdk": {"core": ["banking.http_transport:Transport.exchange"]},
}


class Stopwatches:
    """Seconds and calls by part; safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parts: dict[str, dict[str, float]] = {}

    def add(self, part: str, seconds: float) -> None:
        with self._lock:
            found = self._parts.setdefault(part, {"seconds": 0.0, "calls": 0})
            found["seconds"] += seconds
            found["calls"] += 1

    def wrap(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, timed; a coroutine function stays one."""
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def timed_coroutine(*args: Any, **kwargs: Any) -> Any:
                started = time.perf_counter()
                try:
                    return await function(*args, **kwargs)
                finally:
                    self.add(part, time.perf_counter() - started)

            return timed_coroutine

        @functools.wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            started = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                self.add(part, time.perf_counter() - started)

        return timed

    def snapshot(self) -> dict[str, dict[str, float]]:
        """Seconds and calls by part, so far."""
        with self._lock:
            return {part: dict(found) for part, found in self._parts.items()}

    def keep_writing(self, path: Path) -> None:
        """Replace `path` twice a second for as long as the process lives."""
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".new")
        while True:
            draft.write_text(json.dumps(self.snapshot()), encoding="ascii")
            draft.replace(path)
            time.sleep(WRITE_EVERY)


def install(module: str, watches: Stopwatches) -> None:
    """Put a stopwatch around each function of PARTS[module]."""
    for part, functions in PARTS[module].items():
        for function in functions:
            place, _, name = function.partition(":")
            owner, _, method = name.partition(".")
            holder = getattr(importlib.import_module(place), owner)
            setattr(holder, method, watches.wrap(part, getattr(holder, method)))


def main() -> None:
    module, *arguments = sys.argv[1:]
    watches = Stopwatches()
    install(module, watches)
    path = Path(os.environ["ZHANGGUI_VAR"]) / "timing" / f"{module}.json"
    threading.Thread(target=watches.keep_writing, args=(path,), daemon=True).start()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
