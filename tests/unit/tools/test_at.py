"""Commands at another moment."""

from pathlib import Path

import pytest

from tools.at import main
from tools.console import CommandError

A_TEST = """
import subprocess, sys, time
from datetime import datetime
from zoneinfo import ZoneInfo

NOW = "from datetime import datetime; print(datetime.now().astimezone().isoformat())"

def test_the_clock():
    printed = subprocess.run([sys.executable, "-c", NOW], capture_output=True, text=True).stdout.strip()
    for now in (datetime.now().astimezone(), datetime.fromisoformat(printed)):
        assert now.astimezone(ZoneInfo("Asia/Shanghai")).isoformat().startswith("2028-02-29T23:5")
    began, at = time.monotonic(), time.time()
    time.sleep(0.2)
    assert 0.1 < time.monotonic() - began < 60 and 0.1 < time.time() - at < 60
"""


def test_the_clocks_of_a_command_and_of_what_it_starts_are_moved(tmp_path: Path) -> None:
    (tmp_path / "test_clock.py").write_text(A_TEST)
    assert main("2028-02-29 23:50", ["pytest", "-q", str(tmp_path / "test_clock.py")]) == 0


def test_the_exit_code_is_that_of_the_command(tmp_path: Path) -> None:
    assert main("2028-02-29 23:50", ["pytest", "-q", str(tmp_path / "none.py")]) == 4


@pytest.mark.parametrize("moment", ["tomorrow", "2027-02-29 10:00", ""])
def test_what_is_no_moment(moment: str) -> None:
    with pytest.raises(CommandError, match="is no moment"):
        main(moment, ["pytest"])
