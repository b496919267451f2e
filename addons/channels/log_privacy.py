"""No card number, ID number, phone number or one-time code in Rasa's logs.

Rasa Open Source asks a plugin hook for an "anonymization pipeline" and puts 25 keys of its structured logs through it,
but neither plain `logging` calls nor tracebacks. Those are masked where records are made, so that handlers added later
(a log file, syslog) see masked records as well.
"""

import logging
import re
from typing import Any

import pluggy
from rasa.plugin import plugin_manager

_PLUGIN = "zhanggui-log-privacy"
# Runs of digits as people write them: in groups, and with the X of an ID number.
_LONG = re.compile(r"(?<![\d.])\d(?:[ -]?\d){9,17}[\dXx](?!\d)")
_SIX = re.compile(r"(?<![\d.])\d{6}(?!\d)")
_formatter = logging.Formatter()
_hook = pluggy.HookimplMarker("rasa")


def mask_line(text: str) -> str:
    """`text` with 11 to 19 digits in a row cut to the last four, and groups of exactly six digits starred."""
    return _SIX.sub("******", _LONG.sub(lambda run: "*" * 6 + run.group()[-4:], text))


def mask_value(value: Any) -> Any:
    """The same for whatever Rasa logs: text inside lists and mappings, anything else by its `repr`."""
    if isinstance(value, str):
        return mask_line(value)
    if isinstance(value, dict):
        return {mask_value(key): mask_value(held) for key, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [mask_value(held) for held in value]
    return value if value is None or isinstance(value, (bool, float)) else mask_line(str(value))


class _Pipeline:
    """What Rasa expects of an anonymization pipeline."""

    def log_run(self, value: Any) -> Any:
        """Value as it may be logged."""
        return mask_value(value)

    def run(self, body: dict[str, Any]) -> None:
        """Called with each new tracker event, for export to a broker of anonymised events; we have none."""


class _Plugin:
    def __init__(self) -> None:
        self._pipeline = _Pipeline()

    @_hook
    def get_anonymization_pipeline(self) -> _Pipeline:
        return self._pipeline


def install() -> None:
    """Mask this process's logs from now on; a second call does nothing."""
    if plugin_manager().has_plugin(_PLUGIN):
        return
    plugin_manager().register(_Plugin(), name=_PLUGIN)
    make = logging.getLogRecordFactory()

    def masked_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
        return _mask_record(make(*args, **kwargs))

    logging.setLogRecordFactory(masked_record)


def _mask_record(record: logging.LogRecord) -> logging.LogRecord:
    try:
        record.msg, record.args = mask_line(record.getMessage()), None
    except (TypeError, ValueError, KeyError):
        return record  # a wrong format string: logging reports it itself when it formats
    if record.exc_info and record.exc_info[0] is not None:
        record.exc_text = mask_line(_formatter.formatException(record.exc_info))
    return record
