"""Labelled sentences: the held-out YAML of tests/nlu, and `intent,text` CSV files of anybody."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from tools.checks.located import load
from tools.checks.project import Example, Place
from tools.console import CommandError

COLUMNS = ("intent", "text")
NAMED_AT_MOST = 10  # lines with one mistake
Span = tuple[str, int, int]


@dataclass(frozen=True)
class Sentence:
    """`label`: what it means, `faq/topic` for a topic; `spans`: (entity, start, end), end exclusive."""

    text: str
    label: str
    spans: frozenset[Span] = frozenset()


def held_out(folder: Path) -> list[Sentence]:
    """Sentences of the YAML files directly in `folder`. Raises CommandError."""
    found = [sentence for path in sorted(folder.glob("*.yml")) for sentence in _sentences(path)]
    if not found:
        raise CommandError(f"no held-out sentences in {folder}/*.yml")
    return found


def held_out_sets(folder: Path) -> dict[str, list[Sentence]]:
    """Sentences by file name (without .yml). Raises CommandError."""
    return {path.stem: list(_sentences(path)) for path in sorted(folder.glob("*.yml"))}


def _sentences(path: Path) -> Iterator[Sentence]:
    try:
        blocks = load(path).get("nlu") or []
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CommandError(f"{path}:{line}: {error.problem or 'not YAML'}") from None
    for block in blocks:
        if "intent" not in block or not isinstance(block.get("examples"), str):
            continue
        for line in block["examples"].splitlines():
            if annotated := line.strip().removeprefix("-").strip():
                example = Example(Place(path.name, 0), str(block["intent"]), annotated)
                spans = frozenset((span.entity, span.start, span.end) for span in example.spans)
                yield Sentence(example.plain, example.intent, spans)


def read_csv(path: Path, known: set[str]) -> list[Sentence]:
    """Rows of a CSV with the columns `intent` and `text`, in any order, others ignored; UTF-8, with or without BOM.

    Raises CommandError that names the bad rows by line: those with an empty cell, or with an intent not in `known`.
    """
    try:
        # newline="": the csv module's own rule, or a quoted line break would be counted wrong
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or [])]
            if missing:
                raise CommandError(f"{path}:1: no column {' and '.join(missing)}; the first line must say intent,text")
            rows = [(reader.line_num, row["intent"] or "", row["text"] or "") for row in reader]
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CommandError(f"{path} is not UTF-8: in Excel, save it as “CSV UTF-8”") from None
    except csv.Error as error:
        raise CommandError(f"{path}: not CSV: {error}") from None
    _refuse_bad_rows(path, rows, known)
    return [Sentence(text.strip(), intent.strip()) for _, intent, text in rows]


def _refuse_bad_rows(path: Path, rows: list[tuple[int, str, str]], known: set[str]) -> None:
    if not rows:
        raise CommandError(f"{path}: no row below the first line")
    lines: dict[str, list[int]] = defaultdict(list)
    for line, intent, text in rows:
        if not intent.strip() or not text.strip():
            lines[f"empty {'text' if intent.strip() else 'intent'}"].append(line)
        elif intent.strip() not in known:
            lines[f"unknown intent {intent.strip()}"].append(line)
    if lines:
        raise CommandError("\n".join(f"{path}: {mistake}: {_shown(places)}" for mistake, places in lines.items()))


def _shown(lines: list[int]) -> str:
    more = f" and {len(lines) - NAMED_AT_MOST} more" if len(lines) > NAMED_AT_MOST else ""
    return f"line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines[:NAMED_AT_MOST]))}{more}"
