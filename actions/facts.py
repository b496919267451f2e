"""Facts that change (data/facts.yml): telephones, fees, limits, hours. Sentences name them and hold none."""

import logging
import re
from collections.abc import Mapping
from pathlib import Path

import yaml

FILE = Path(__file__).parent.parent / "data" / "facts.yml"
PLACEHOLDER = re.compile(r"\{(\w+)\}")
UNREADABLE = (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError)
logger = logging.getLogger(__name__)


class Facts:
    """The facts of one file. It is read again when it changes; while it cannot be read, the last good state holds."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_at: int | None = None
        self._values: Mapping[str, str] = {}

    def values(self) -> Mapping[str, str]:
        """Every fact by name. Raises one of UNREADABLE when there never was a good state."""
        try:
            changed = self._path.stat().st_mtime_ns
            if changed != self._read_at:
                self._values, self._read_at = _read(self._path), changed
        except UNREADABLE as error:
            if self._read_at is None:
                raise
            logger.error("%s cannot be read, its last good state holds: %s", self._path, error)
        return self._values

    def named_in(self, text: str) -> dict[str, str]:
        """The facts whose placeholders stand in a text."""
        names = PLACEHOLDER.findall(text)
        values = self.values() if names else {}
        return {name: values[name] for name in names if name in values}


def _read(path: Path) -> Mapping[str, str]:
    loaded = yaml.safe_load(path.read_text("utf-8"))
    return {name: str(fact["value"]) for name, fact in loaded.items()}


FACTS = Facts(FILE)
