import subprocess
import sys
from pathlib import Path

import pytest

from tools import console


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        (
            "2026-11-22 04:20:45 INFO     rasa.validator  - fine\n",
            "2026-11-22 04:20:45 INFO     rasa.validator  - fine",
        ),
        ("Processed rules:   0%|\rProcessed rules: 100%|###| 2/2\n", None),
        ("/v/site-packages/jax.py:52: DeprecationWarning: old\n", None),
        (
            "/v/site-packages/io.py:100: UserWarning: Misaligned\n",
            "/v/site-packages/io.py:100: UserWarning: Misaligned",
        ),
        ("/v/site-packages/io.py:100: UserWarning: The utterance 'utter_a' is not used in any story or rule.\n", None),
        ("fatal: bad revision 'HEAD'\n", None),
        ("\x1b[92mYour model\x1b[0m\n", "Your model"),
        ("\n", None),
    ],
)
def test_noise_is_dropped_and_the_rest_is_plain(raw: str, seen: str | None) -> None:
    assert console.clean(raw) == seen


def test_follow_hands_on_lines_keeps_a_log_and_returns_the_code(tmp_path: Path) -> None:
    lines: list[str] = []
    code = console.follow(
        [sys.executable, "-c", "print('一'); print(); raise SystemExit(3)"], tmp_path / "log" / "x", lines.append
    )
    assert (code, lines, (tmp_path / "log" / "x").read_text(encoding="utf-8")) == (3, ["一"], "一\n\n")


def test_follow_leaves_no_process_behind(tmp_path: Path) -> None:
    script = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    pids: list[int] = []

    def stop(line: str) -> None:
        pids.append(int(line))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        console.follow([sys.executable, "-c", script], tmp_path / "x", stop)
    assert subprocess.run(["ps", "-p", str(pids[0])], capture_output=True, check=False).returncode == 1


def test_the_heartbeat_breaks_silence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(console, "SAY_EVERY", 0.0)
    with console.Heartbeat("x", "thinking") as beat:
        while "... thinking" not in capsys.readouterr().out:
            assert beat.elapsed < 5
