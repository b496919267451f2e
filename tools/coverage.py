"""`python -m tools coverage`: what the conversation tests of the last `make e2e` never met.

Intents and topics, actions, the seven paths of every form, and the errors of the port as the customer hears them. What
cannot be met is named with its reason in tests/coverage.yml, and fails here when it is met all the same.
"""

import os
import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from banking import port
from tools.console import ROOT, CommandError
from tools.coverage_paths import PATHS, Seen, read

EXCEPTIONS = ROOT / "tests" / "coverage.yml"


def main() -> int:
    """Print what is missing; 1 when something is. Raises CommandError."""
    database = Path(os.environ["ZHANGGUI_VAR"]) / "e2e" / "tracker.db"
    try:
        seen = read(database)
    except sqlite3.Error as error:
        raise CommandError(f"{database}: {error}: run `make e2e` first") from None
    domain = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
    excused = yaml.safe_load(EXCEPTIONS.read_text("utf-8"))
    missing = gaps(domain, topics(), seen, excused)
    print("\n".join(missing) if missing else "every intent, action, form path and port error has a case")
    print(f"{len(seen.intents)} intents and topics, {len(seen.actions)} actions, {len(seen.replies)} replies were met")
    return 1 if missing else 0


def gaps(domain: dict[str, Any], faq: Iterable[str], seen: Seen, excused: dict[str, Any]) -> list[str]:
    """A line for each thing without a case, and for each excuse that is not needed."""
    intents = {_name(intent) for intent in domain["intents"]} - {"faq"} | set(faq)
    actions = {name for name in domain["actions"] if not name.startswith(("validate_", "action_ask_", "utter_"))}
    errors = {error for error in port_errors() if any(_tells(reply, error) for reply in seen.replies)}
    wanted_paths = {(form, path) for form in domain["forms"] for path in PATHS}
    met_paths = {(form, path) for form, paths in seen.paths.items() for path in paths}
    excused_paths = {(form, path) for form, paths in (excused.get("paths") or {}).items() for path in paths}
    missing = wanted_paths - met_paths - excused_paths
    return [
        *_compare("intent", intents, seen.intents, excused.get("intents")),
        *_compare("action", actions, seen.actions, excused.get("actions")),
        *_compare("port error", set(port_errors()), errors, excused.get("errors")),
        *(f"form {form}: no case where {PATHS[path]}" for form, path in sorted(missing)),
        *(f"form {form}: {path} is excused and was met" for form, path in sorted(excused_paths & met_paths)),
    ]


def topics() -> list[str]:
    """The FAQ topics of the training data."""
    files = sorted((ROOT / "data" / "nlu").glob("*.yml"))
    found = re.compile(r"^- intent: (faq/\w+)", re.MULTILINE)
    return sorted({topic for path in files for topic in found.findall(path.read_text("utf-8"))})


def port_errors() -> list[str]:
    """The errors that the core bank's port can raise, as they are called in responses."""
    leaves = [error for error in vars(port).values() if isinstance(error, type) and issubclass(error, port.BankError)]
    leaves = [error for error in leaves if not error.__subclasses__()]
    return sorted(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", error.__name__).lower().removeprefix("bank_") for error in leaves)


def _tells(reply: str, error: str) -> bool:
    return reply.startswith("utter_") and reply.endswith(f"_{error}")


def _compare(what: str, wanted: set[str], met: set[str], excused: dict[str, str] | None) -> list[str]:
    reasons = set(excused or {})
    return [
        *(f"{what} {name}: no case" for name in sorted(wanted - met - reasons)),
        *(f"{what} {name}: excused and was met" for name in sorted(reasons & met)),
        *(f"{what} {name}: excused and unknown" for name in sorted(reasons - wanted)),
    ]


def _name(intent: Any) -> str:
    return str(next(iter(intent)) if isinstance(intent, dict) else intent)
