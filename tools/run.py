"""`make run`: the whole assistant in one terminal, under honcho; Ctrl-C stops it."""

import contextlib
import fcntl
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from honcho.manager import Manager
from honcho.printer import Message, Printer
from rich.console import Console
from rich.panel import Panel

from tools import environment, preflight
from tools.console import SAY_EVERY, CommandError, clean, fail, say
from tools.sandbox import ensure_secrets
from tools.stack import START_LIMIT, StackError, answers, canary, health_urls, process_environment, procfile
from tools.train import ensure_model
from tools.web_build import ensure_page

STOPPED = re.compile(r"(\w+) stopped \(rc=(-?\d+)\)")
DEMO_CUSTOMERS = ("zhangwei 张伟", "lina 李娜", "wangfang 王芳 (elder mode)", "zhaolei 赵磊 (restricted account)")


@contextmanager
def only_one(var: Path) -> Iterator[None]:
    """Hold var/run.lock; a lock left by a crash is free, because the kernel lets go of it."""
    var.mkdir(parents=True, exist_ok=True)
    var.chmod(0o700)  # conversations and the ledger are in it
    with open(var / "run.lock", "a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            pid = lock.read().strip() or "unknown"
            raise CommandError(
                f"already running (pid {pid} in {var}/run.lock): stop that (`kill {pid}`), or set ZHANGGUI_VAR"
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


class Terminal(Printer):
    """honcho's printer that also writes var/log/<process>.log and remembers which process stopped first, and how."""

    def __init__(self, logs: Path) -> None:
        super().__init__(sys.stdout)
        logs.mkdir(parents=True, exist_ok=True)
        self.logs = {name: logs / f"{name}.log" for name in procfile()}
        for log in self.logs.values():
            log.write_text("")
        self.first_stopped: tuple[str, int] | None = None
        self.started = threading.Event()
        self._pids = 0

    def write(self, message: Message) -> None:
        text = message.data.decode("utf-8", "replace") if isinstance(message.data, bytes) else message.data
        if message.name in self.logs:
            with open(self.logs[message.name], "a", encoding="utf-8") as log:
                log.write(text)
            lines = [line for line in map(clean, text.splitlines()) if line is not None]
        else:
            lines = [text.rstrip()]
            self._notice(text)
        with contextlib.suppress(OSError):  # the terminal window was closed: the logs go on, and so does stopping
            for line in lines:
                super().write(message._replace(data=line))

    def _notice(self, text: str) -> None:
        self._pids += "started (pid=" in text
        if self._pids == len(self.logs):
            self.started.set()
        if (stopped := STOPPED.match(text)) and self.first_stopped is None:
            self.first_stopped = (stopped[1], int(stopped[2]))


class Announcer(threading.Thread):
    """Waits for the processes and the canary message, then says where everything is; stops everything if that fails."""

    def __init__(self, env: dict[str, str], terminal: Terminal) -> None:
        super().__init__(daemon=True)
        self.env, self.terminal, self.problem = env, terminal, ""

    def run(self) -> None:
        started = time.monotonic()
        self.terminal.started.wait()
        try:
            self._await(started)
            canary(self.env["RASA_URL"])
            give_menu(self.env)
        except (StackError, CommandError) as error:
            if self.terminal.first_stopped is None:
                self.problem = str(error)
                os.kill(os.getpid(), signal.SIGTERM)
            return
        Console().print(box(self.env, time.monotonic() - started))

    def _await(self, started: float) -> None:
        waiting, said = {name: url for name, url in health_urls(self.env).items() if name in procfile()}, started
        while waiting and self.terminal.first_stopped is None:
            waiting = {name: url for name, url in waiting.items() if not answers(url)}
            if waiting and time.monotonic() - said > SAY_EVERY:
                said = time.monotonic()
                say("run", f"{said - started:4.0f} s  waiting for {', '.join(waiting)}")
            if waiting and time.monotonic() - started > START_LIMIT:
                raise StackError(f"{', '.join(waiting)} did not answer within {START_LIMIT:.0f} s")
            time.sleep(0.2)


def give_menu(env: dict[str, str]) -> None:
    """Give the stand-in's account its menu; an account at Tencent gets it from `python -m tools wechat_menu` only."""
    from tools import wechat_menu  # half a second to load

    if environment.sandbox(env) and env.get("WECHAT_API_URL") == env["WECHAT_SANDBOX_URL"]:
        wechat_menu.publish(env, wechat_menu.read())


def box(env: dict[str, str], seconds: float) -> Panel:
    """What is running where, and what to type next."""
    var = env["ZHANGGUI_VAR"]
    rows = [
        f"Rasa           {env['RASA_URL']}",
        f"action server  {env['ACTION_SERVER_URL']}",
        f"core bank      {env['CORE_BANK_URL']}",
        f"model          models/{Path(env['ZHANGGUI_MODEL']).name}",
        f"stored things  {var}    logs: {var}/log/",
        "",
    ]
    if environment.sandbox(env):
        rows += [
            f"Talk to it: {env['RASA_URL']}/chat/  or `make chat` in another terminal",
            f"WeChat:     {env['WECHAT_SANDBOX_URL']}/wechat-sandbox/  a phone: say 绑定",
            f"Codes:      {env['CORE_BANK_URL']}/sandbox/phone  the bank's text messages",
            f"Customers:  {', '.join(DEMO_CUSTOMERS[:2])},",
            f"            {', '.join(DEMO_CUSTOMERS[2:])}",
        ]
        rows += ["Password:   demo"]
    return Panel(
        "\n".join([*rows, "Stop it:    Ctrl-C"]), title=f"掌柜 Zhanggui is ready ({seconds:.0f} s)", expand=False
    )


def supervise(env: dict[str, str]) -> int:
    """Run the processes of Procfile until one ends or Ctrl-C; all end together."""
    logs = Path(env["ZHANGGUI_VAR"]) / "log"
    terminal = Terminal(logs)
    manager = Manager(terminal)
    for name, command in procfile().items():
        manager.add_process(name, command, env=env, cwd=environment.ROOT)
    announcer = Announcer(env, terminal)
    announcer.start()
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))  # the terminal window was closed
    manager.loop()
    if announcer.problem:
        return fail("run", f"stopped: {announcer.problem}; see {logs}")
    if manager.returncode in (130, 143):
        say("run", "stopped")
        return 0 if manager.returncode == 130 else 143
    name, code = terminal.first_stopped or ("a process", 1)
    how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
    return fail("run", f"stopped, because {name} {how}: see {logs / name}.log")


def main() -> int:
    """`python -m tools run`; raises CommandError."""
    var = Path(os.environ["ZHANGGUI_VAR"])
    with only_one(var):
        if environment.sandbox():
            ensure_secrets(var)
            environment.fill(os.environ)
        if problems := preflight.problems(os.environ):
            raise CommandError("\n  ".join(["cannot start:", *problems]) if len(problems) > 1 else problems[0])
        ensure_page()
        model = ensure_model()
        say("run", "starting the core bank, the action server and Rasa (about 20 s)")
        return supervise(process_environment(model, dict(os.environ)))
