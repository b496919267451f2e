import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools import ci
from tools.console import ROOT


def does(script: str) -> tuple[str, ...]:
    return ("-c", script)


def run(monkeypatch: pytest.MonkeyPatch, *steps: ci.Step) -> int:
    monkeypatch.setattr(ci, "steps", lambda: list(steps))
    return ci.main()


def test_every_suite_is_run_and_each_step_needs_others_of_the_list() -> None:
    steps = ci.steps()
    asked = {argument for step in steps for argument in step.arguments}
    suites = {f"tests/{path.name}" for path in (ROOT / "tests").iterdir() if any(path.rglob("test_*.py"))}
    assert suites <= asked
    names = [step.name for step in steps]
    for number, step in enumerate(steps):
        assert set(step.needs) <= set(names[:number])


def test_the_conversations_come_last_and_alone() -> None:
    *others, last = ci.steps()
    assert last.arguments == ("-m", "tools", "e2e") and set(last.needs) == {step.name for step in others}


def test_two_run_at_a_time_what_needs_one_waits_and_the_last_line_is_that_of_the_last(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    met, note = "import pathlib, time; here = pathlib.Path({!r}); ", "(here / '{}').touch(); "
    wait = "\nwhile not (here / '{}').exists(): time.sleep(0.02)"
    first = (met + note).format(str(tmp_path), "one") + wait.format("two")
    second = (met + note).format(str(tmp_path), "two") + wait.format("one")
    third = met.format(str(tmp_path)) + "assert (here / 'one').exists(); print('三')"
    last = "print('4 passed, 0 failed')"
    code = run(
        monkeypatch,
        ci.Step("one", does(first)),
        ci.Step("two", does(second)),
        ci.Step("three", does(third), ("one", "two")),
        ci.Step("four", does(last), ("three",)),
    )
    lines = capfd.readouterr().out.splitlines()
    assert code == 0
    assert lines[:2] == ["[test] 1/4 one", "[test] 2/4 two"]
    assert lines.index("[test] 3/4 three") < lines.index("三") < lines.index("[test] 4/4 four")
    assert lines[-1] == "4 passed, 0 failed"


def test_a_failed_step_is_shown_in_full_and_does_not_hide_the_others(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = "import sys; print('what was printed\\n[train]   5 s  ... learning'); sys.exit('why it failed')"
    code = run(
        monkeypatch,
        ci.Step("broken", does(broken)),
        ci.Step("after it", does("print('done all the same')"), ("broken",)),
        ci.Step("last", does("print('1 passed, 0 failed')"), ("broken", "after it")),
    )
    out, err = capfd.readouterr()
    lines = out.splitlines()
    assert code == 1
    assert {"what was printed", "why it failed", "done all the same", "1 passed, 0 failed"} <= set(lines)
    assert not any(line.endswith("... learning") for line in lines)
    assert any(line.startswith("[test] 1/3 broken: FAILED (") for line in lines)
    assert any(line.startswith("[test] 2/3 after it: ok (") for line in lines)
    assert err.splitlines() == ["test: failed: broken"]


def test_what_two_print_at_once_is_not_mixed_and_a_silence_is_broken_with_the_progress(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(ci, "SAY_EVERY", 0.2)
    chatter = (
        f"import pathlib, time; here = pathlib.Path({str(tmp_path)!r})\n"
        "for line in range(8):\n"
        "    print('{0}', line, '[ 4{0}%]', flush=True); time.sleep(0.2)\n"
        "    (here / '{0}').touch()\n"
        "    while len(list(here.iterdir())) < 2: time.sleep(0.02)"  # each has begun before the other ends
    )
    run(
        monkeypatch,
        ci.Step("one", does(chatter.format(1))),
        ci.Step("two", does(chatter.format(2))),
        ci.Step("last", does(""), ("one", "two")),
    )
    out = capfd.readouterr().out
    for name in "12":
        assert "".join(f"{name} {line} [ 4{name}%]\n" for line in range(8)) in out
    assert "... one 41 %, two 42 %" in out


def test_who_is_stopped_takes_the_steps_along_and_what_they_started(tmp_path: Path) -> None:
    """A fixture of pytest is taken down, and its process with it."""
    marker, test = tmp_path / "pid", tmp_path / "test_long.py"
    test.write_text(
        "import pathlib, pytest, subprocess, time\n"
        "@pytest.fixture\n"
        "def server():\n"
        "    process = subprocess.Popen(['sleep', '60'], start_new_session=True)\n"
        f"    pathlib.Path({str(marker)!r}).write_text(str(process.pid))\n"
        "    yield\n"
        "    process.kill()\n"
        "    process.wait()\n"
        "def test_long(server):\n"
        "    time.sleep(60)\n"
    )
    script = (
        "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))\n"
        f"from tools import ci; ci.steps = lambda: [ci.Step('long', ('-m', 'pytest', {str(test)!r})),"
        " ci.Step('last', ('-c', ''), ('long',))]; ci.main()"
    )
    process = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not (marker.exists() and marker.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 143
    assert not Path(f"/proc/{marker.read_text()}").exists()


def test_who_looks_how_far_a_step_is_disturbs_nothing(tmp_path: Path) -> None:
    """The file is the step's own: where the one reads is where the other writes."""
    lines = "for number in range(20_000): print(number, flush=True)"
    with (tmp_path / "output").open("w+b") as output:
        process = subprocess.Popen([sys.executable, "-c", lines], stdout=output)
        running = ci.Running(ci.Step("one", does(lines)), process, output, time.monotonic())
        while process.poll() is None:
            running.progress()
        assert running.said().decode().split() == [str(number) for number in range(20_000)]
