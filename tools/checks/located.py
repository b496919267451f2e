"""YAML values that know their line; read with libyaml, so that the whole project takes a moment."""

from pathlib import Path
from typing import Any

import yaml


class Text(str):
    """A string scalar; `line` is 1-based and points at the first line of its content."""

    line: int


class Mapping(dict[Any, Any]):
    """A mapping; `line` is that of its first key, keys are Text."""

    line: int


class Sequence(list[Any]):
    """A sequence; `lines` are those of its items."""

    line: int
    lines: list[int]


def load(path: Path) -> Any:
    """Value of a YAML file, an empty Mapping for an empty file. Raises yaml.MarkedYAMLError."""
    with open(path, encoding="utf-8") as file:
        loader = yaml.CSafeLoader(file)
        try:
            node: yaml.Node | None = loader.get_single_node()
            return _empty() if node is None else _value(node, loader)
        finally:
            loader.dispose()


def _empty() -> Mapping:
    empty = Mapping()
    empty.line = 1
    return empty


def _value(node: yaml.Node, loader: yaml.CSafeLoader) -> Any:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        mapping = Mapping((_value(key, loader), _value(value, loader)) for key, value in node.value)
        mapping.line = line
        return mapping
    if isinstance(node, yaml.SequenceNode):
        sequence = Sequence(_value(item, loader) for item in node.value)
        sequence.line, sequence.lines = line, [item.start_mark.line + 1 for item in node.value]
        return sequence
    value = loader.construct_object(node)
    if not isinstance(value, str):
        return value
    text = Text(value)
    text.line = line + (isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"))
    return text
