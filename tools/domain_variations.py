"""Other ways of saying a response: domain/<manner>.yml, whose `variations` belong to responses of other files.

Such a file states one `condition` (slot: value) for all of its variations, so that a translator works in one file and
no condition is written twice. In domain.yml they stand below the response itself, with Rasa's own conditions.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML

CONDITION, VARIATIONS = "condition", "variations"
SECTIONS = (CONDITION, VARIATIONS)

Variation = dict[str, Any]


def conditions(wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """{language: en} -> [{type: slot, name: language, value: en}]"""
    return [{"type": "slot", "name": name, "value": value} for name, value in wanted.items()]


def collected(files: Sequence[Mapping[str, Any]]) -> dict[str, list[Variation]]:
    """Variations by response, with their conditions, in the order of the files."""
    found: dict[str, list[Variation]] = {}
    for data in files:
        wanted = conditions(data.get(CONDITION) or {})
        for name, variation in (data.get(VARIATIONS) or {}).items():
            found.setdefault(str(name), []).append({"condition": wanted, **variation})
    return found


def insert(body: str, extra: Mapping[str, Sequence[Variation]], writer: YAML) -> str:
    """The text of a `responses` section with the variations below the responses that they belong to."""
    lines: list[str] = []
    for block in _blocks(body.split("\n")):
        name = block[0].strip().removesuffix(":").strip("'\"")
        own = [line for variation in extra.get(name, ()) for line in _text(variation, writer)]
        comments = next((i for i in range(len(block), 0, -1) if not block[i - 1].lstrip().startswith("#")), 0)
        lines += [*block[:comments], *own, *block[comments:]]
    return "\n".join(lines)


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Lines from one response to the next; comments before the first come by themselves."""
    block: list[str] = []
    for line in lines:
        if line.startswith("  ") and line[2:3] not in (" ", "-", "#", "") and block:
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _text(variation: Variation, writer: YAML) -> list[str]:
    text = io.StringIO()
    writer.dump([variation], text)
    return [f"  {line}" for line in text.getvalue().rstrip("\n").split("\n")]
