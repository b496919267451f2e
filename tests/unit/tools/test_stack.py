"""Stack with stand-ins for the three processes: what it waits for, what it says, what it leaves behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from tools import stack
from tools.stack import Stack, StackError

SERVER = """\
import http.server, json, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def do_POST(self):
        self.send_response(200); self.end_headers()
        self.wfile.write(json.dumps({answer}).encode())
    def do_DELETE(self):
        self.send_response(204); self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(os.environ[sys.argv[1]])), Handler).serve_forever()
"""
BODY = '{"conversation": "c", "customer": None, "token": "t", "messages": [%s]}'
ANSWER = BODY % '{"text": "hello", "buttons": []}'
APOLOGY = BODY.replace("}", ', "incident": "AB12"}') % '{"text": "sorry", "buttons": []}'
PORTS = {"core_bank": "CORE_BANK_PORT", "actions": "ACTION_SERVER_PORT", "rasa": "RASA_PORT"}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.tar.gz"
    path.write_text("")
    return path


def stand_ins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str = ANSWER, **commands: str) -> None:
    (tmp_path / "server.py").write_text(SERVER.replace("{answer}", answer))
    serve = {name: f"exec {sys.executable} {tmp_path}/server.py {port}" for name, port in PORTS.items()}
    monkeypatch.setattr(stack, "procfile", lambda: {**serve, **commands})


def children() -> list[int]:
    return [child.pid for child in psutil.Process().children(recursive=True) if child.status() != psutil.STATUS_ZOMBIE]


def test_a_stack_answers_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: Path) -> None:
    stubborn = f"sleep 99 & trap '' TERM; exec {sys.executable} {tmp_path}/server.py CORE_BANK_PORT"
    stand_ins(tmp_path, monkeypatch, core_bank=stubborn)
    monkeypatch.setattr(stack, "STOP_LIMIT", 0.5)
    before = children()
    with Stack(tmp_path / "var", model) as running:
        assert stack.canary(running.rasa_url) == "hello"
        assert running.environment["ZHANGGUI_MODEL"] == str(model)
        assert running.environment["CORE_BANK_DATABASE_URL"].endswith(f"{tmp_path}/var/core_bank.db")
        assert len(children()) > len(before)
    assert children() == before


def test_a_killed_process_can_be_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: Path) -> None:
    stand_ins(tmp_path, monkeypatch)
    before = children()
    with Stack(tmp_path / "var", model) as running:
        running.log("rasa").write_text("before")
        running.kill("rasa")
        assert not stack.answers(running.rasa_url)
        running.restart("rasa")
        assert stack.canary(running.rasa_url) == "hello"
        assert running.log("rasa").read_text().startswith("before")
    assert children() == before


def test_secrets_and_places_of_the_caller_do_not_leak_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: Path
) -> None:
    monkeypatch.setenv("CONTEXT_KEY", "the caller's")
    monkeypatch.setenv("TRACKER_DB", "/the/callers.db")
    made = Stack(tmp_path / "var", model)
    assert made.environment["CONTEXT_KEY"] != "the caller's"
    assert made.environment["TRACKER_DB"] == f"{tmp_path}/var/tracker.db"


@pytest.mark.parametrize(
    ("answer", "commands", "message"),
    [
        (ANSWER, {"actions": "echo no such module; exit 7"}, r"actions ended with exit code 7, see .*\.log\n  no such"),
        (APOLOGY, {}, r"the first message failed \(incident AB12\)"),
        (BODY % "", {}, "the first message failed"),
        ("[]", {}, "the first message was not answered"),
    ],
)
def test_a_failed_start_says_who_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: Path, answer: str, commands: dict[str, str], message: str
) -> None:
    stand_ins(tmp_path, monkeypatch, answer, **commands)
    before = children()
    with pytest.raises(StackError, match=message):
        Stack(tmp_path / "var", model).start()
    assert children() == before


def test_silence_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: Path) -> None:
    stand_ins(tmp_path, monkeypatch, rasa="exec sleep 99")
    monkeypatch.setattr(stack, "START_LIMIT", 1.0)
    with pytest.raises(StackError, match="rasa did not answer within 1 s"):
        Stack(tmp_path / "var", model).start()


def test_the_exact_model_must_exist(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"nowhere.tar.gz does not exist: run make train"):
        Stack(tmp_path / "var", tmp_path / "nowhere.tar.gz")


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_killed_caller_takes_its_stack_along(tmp_path: Path, model: Path, signum: signal.Signals) -> None:
    (tmp_path / "server.py").write_text(SERVER.replace("{answer}", ANSWER))
    script = textwrap.dedent(f"""
        import sys, time
        from pathlib import Path
        from tools import stack
        server = "exec {sys.executable} {tmp_path}/server.py "
        stack.procfile = lambda: {{name: server + port for name, port in {PORTS!r}.items()}}
        with stack.Stack(Path({str(tmp_path / "var")!r}), Path({str(model)!r})) as running:
            print(*(process.pid for process in running.processes.values()), flush=True)
            time.sleep(60)
    """)
    # A shell's background job is born deaf to Ctrl-C, and so would be its children.
    deaf = signal.signal(signal.SIGINT, signal.SIG_DFL)
    caller = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, deaf)
    assert caller.stdout is not None
    pids = next(line for line in caller.stdout if not line.startswith("[")).split()
    os.kill(caller.pid, signum)
    caller.wait(20)
    caller.stdout.close()
    assert len(pids) == 3
    deadline = time.monotonic() + 5
    while any(psutil.pid_exists(int(pid)) for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.05)
