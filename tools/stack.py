"""The processes of the sandbox together, for conversation tests, the benchmark and whatever wants the real thing.

    with Stack(var=Path("var/e2e"), model=ensure_model()) as stack:
        requests.get(stack.rasa_url + "/webhooks/local/")

The commands are those of Procfile. Each Stack has its own ports, folder and secrets, so several can run side by side.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType, TracebackType

import requests
from honcho.environ import parse_procfile

from tools import environment
from tools.console import ROOT, Heartbeat, say
from tools.local_client import ChannelRefused, LocalChannelDown, LocalClient
from tools.sandbox import ensure_secrets

START_LIMIT = 120.0  # seconds; Rasa needs about 15 on two cores
STOP_LIMIT = 10.0  # seconds between SIGTERM and SIGKILL
CANARY = "你好"
WECHAT = "wechat_sandbox"


class StackError(Exception):
    """A process did not start or died; the text names it and its log."""


def free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def procfile() -> dict[str, str]:
    """Name and shell command of each process; the stand-in for Tencent in the sandbox only."""
    processes = dict(parse_procfile((ROOT / "Procfile").read_text(encoding="utf-8")).processes)
    return {name: command for name, command in processes.items() if name != WECHAT or environment.sandbox()}


def process_environment(model: Path, base: dict[str, str]) -> dict[str, str]:
    """`base` completed from the table, this Python first on the path, and the exact model.

    Given a path that does not exist, Rasa would quietly load whatever else is in models/.
    """
    if not model.is_file():
        raise StackError(f"{model} does not exist: run make train")
    env = {**base, "ZHANGGUI_MODEL": str(model), "PYTHONUNBUFFERED": "1"}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{base.get('PATH', os.defpath)}"
    environment.fill(env)
    return env


def health_urls(env: dict[str, str]) -> dict[str, str]:
    """What answers 200 once a process is up."""
    return {
        "core_bank": f"{env['CORE_BANK_URL']}/health",
        "actions": env["ACTION_SERVER_URL"].removesuffix("/webhook") + "/health",
        "rasa": f"{env['RASA_URL']}/webhooks/local/",
        WECHAT: f"{env['WECHAT_SANDBOX_URL']}/health",
    }


def answers(url: str) -> bool:
    with requests.Session() as http:
        http.trust_env = False  # a proxy of the machine has no business on loopback
        try:
            return http.get(url, timeout=(1, 5)).status_code == 200
        except requests.RequestException:
            return False


def canary(rasa_url: str) -> str:
    """Say hello as a visitor, return the answer. Raises StackError when a turn does not work from end to end."""
    client = LocalClient(rasa_url)
    try:
        client.open()
        reply = client.say(CANARY)
        client.close()
    except (LocalChannelDown, ChannelRefused) as error:
        raise StackError(f"the first message was not answered ({error}), see the log of Rasa") from None
    if reply.incident or not reply.text:
        raise StackError(f"the first message failed (incident {reply.incident}), see the log of Rasa")
    return reply.text


class Stack:
    """Core bank, actions, Rasa and WeChat stand-in on free ports; a context manager that leaves no process behind.

    `var` holds databases, secrets and `log/<process>.log`; whether it starts empty is the caller's business.
    `commands` replaces those of Procfile.
    """

    def __init__(self, var: Path, model: Path, commands: dict[str, str] | None = None) -> None:
        self.var, self._commands = var.absolute(), commands
        core, actions, rasa, wechat = free_ports(4)
        places = {
            "ZHANGGUI_SANDBOX": "1",
            "ZHANGGUI_VAR": str(self.var),
            "CORE_BANK_PORT": str(core),
            "ACTION_SERVER_PORT": str(actions),
            "RASA_PORT": str(rasa),
            "WECHAT_SANDBOX_PORT": str(wechat),
        }
        ours = {row.name for row in environment.TABLE}
        inherited = {name: value for name, value in os.environ.items() if name not in ours}
        self.environment = process_environment(model, {**inherited, **places, **ensure_secrets(self.var)})
        self.core_bank_url = self.environment["CORE_BANK_URL"]
        self.rasa_url = self.environment["RASA_URL"]
        self.wechat_url = self.environment["WECHAT_SANDBOX_URL"]
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.seconds_to_ready = 0.0
        self._sigterm: object = None

    def log(self, name: str) -> Path:
        return self.var / "log" / f"{name}.log"

    def start(self) -> None:
        """Start all at once, return when a message is answered. Raises StackError; nothing runs after an error."""
        self._stop_on_sigterm()
        try:
            self.log("").parent.mkdir(parents=True, exist_ok=True)
            with Heartbeat("stack", "starting the core bank, the action server and Rasa") as beat:
                for name, command in (self._commands or procfile()).items():
                    self._spawn(name, command)
                self._await_health(beat)
                beat.stage("first message")
                canary(self.rasa_url)
                self.seconds_to_ready = beat.elapsed
        except BaseException:
            self.stop()
            raise
        say("stack", f"ready after {self.seconds_to_ready:.0f} s, logs in {self.var / 'log'}")

    def kill(self, name: str) -> None:
        """End one process as a crash does."""
        process = self.processes.pop(name)
        _signal_group(process, signal.SIGKILL)
        process.wait()

    def restart(self, name: str) -> None:
        """Start a process that was killed; returns when all are up. Raises StackError."""
        with Heartbeat("stack", f"starting {name} again") as beat:
            self._spawn(name, (self._commands or procfile())[name])
            self._await_health(beat)

    def _spawn(self, name: str, command: str) -> None:
        with open(self.log(name), "ab") as log:
            self.processes[name] = subprocess.Popen(
                ["/bin/sh", "-c", command],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _await_health(self, beat: Heartbeat) -> None:
        started = self._commands or procfile()
        waiting = {name: url for name, url in health_urls(self.environment).items() if name in started}
        while waiting:
            self.check_alive()
            for name in [name for name, url in waiting.items() if answers(url)]:
                del waiting[name]
                beat.stage(f"{name} is up" + (f", waiting for {', '.join(waiting)}" if waiting else ""))
            if waiting and beat.elapsed > START_LIMIT:
                raise StackError(
                    f"{', '.join(waiting)} did not answer within {START_LIMIT:.0f} s, see {self.var / 'log'}"
                )
            time.sleep(0.1)

    def check_alive(self) -> None:
        """Raise StackError for a process that has ended, with the end of its log."""
        for name, process in self.processes.items():
            if (code := process.poll()) is not None:
                raise StackError(f"{name} ended with exit code {code}, see {self.log(name)}\n{tail(self.log(name))}")

    def stop(self) -> None:
        """Stop all process groups; at once for those that do not follow SIGTERM in time."""
        for process in self.processes.values():
            _signal_group(process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_LIMIT
        try:
            while time.monotonic() < deadline and any(process.poll() is None for process in self.processes.values()):
                time.sleep(0.05)
        finally:  # also when a second Ctrl-C comes in between
            for process in self.processes.values():
                _signal_group(process, signal.SIGKILL)
                process.wait()
        self.processes.clear()
        if self._sigterm is not None:
            signal.signal(signal.SIGTERM, self._sigterm)  # type: ignore[arg-type]
            self._sigterm = None

    def _stop_on_sigterm(self) -> None:
        if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            self._sigterm = signal.signal(signal.SIGTERM, _leave)

    def __enter__(self) -> "Stack":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _leave(signum: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + signum)


def _signal_group(process: "subprocess.Popen[bytes]", signum: signal.Signals) -> None:
    try:
        os.killpg(process.pid, signum)  # start_new_session: the group has the pid of its first process
    except ProcessLookupError:
        return


def tail(log: Path, lines: int = 8) -> str:
    """End of a log, indented, for an error message."""
    text = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(f"  {line}" for line in text[-lines:])
