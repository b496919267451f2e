"""What must not be in logs is not, whichever way it was logged."""

import io
import json
import logging

import pytest
from rasa.plugin import plugin_manager
from rasa.utils.log_utils import _anonymizer

from addons.channels import log_privacy

log_privacy.install()


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("卡6222020200112233445", "卡******3445"),
        ("6222-0202-0011-2233", "******2233"),
        ("手机13800010001", "手机******0001"),
        ("身份证11010519491231002X", "身份证******002X"),
        ("code=123456;", "code=******;"),
        ('"timestamp": 1795321634.5455484', '"timestamp": 1795321634.5455484'),
        ("2026-11-22 04:27:14 12345 尾号6789", "2026-11-22 04:27:14 12345 尾号6789"),
    ],
)
def test_mask_line(line: str, masked: str) -> None:
    assert log_privacy.mask_line(line) == masked


def test_rasas_structured_logs_go_through_the_hook() -> None:
    event = {"text": "卡6222020200112233445", "slot_values": {"card": ["6222020200112233445", 1, None, True]}, "n": 1}
    masked = _anonymizer(None, "debug", event)  # type: ignore[arg-type]
    assert "6222020200112233445" not in json.dumps(masked, ensure_ascii=False)


def test_plain_logs_and_tracebacks_on_handlers_added_later() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.getLogger("late")
    logger.addHandler(handler)
    try:
        logger.error("user %s typed %s", "13800010001", "123456")
        try:
            raise ValueError("code 123456")
        except ValueError:
            logger.exception("failed for 6222020200112233445")
        logger.error("%d%%", 5)
    finally:
        logger.removeHandler(handler)
    written = stream.getvalue()
    assert "123456" not in written and "1380001" not in written and "62220202" not in written
    assert "ValueError" in written and "5%" in written


def test_installed_once() -> None:
    before = logging.getLogRecordFactory()
    log_privacy.install()
    assert logging.getLogRecordFactory() is before
    assert plugin_manager().hook.get_anonymization_pipeline() is not None
