"""`python -m tools <command>`; the Makefile's commands are these."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

if sys.version_info[:2] != (3, 10):
    sys.exit(
        f"tools: this is Python {sys.version.split()[0]}, Zhanggui needs 3.10: use `make`, or .venv/bin/python -m tools"
    )
try:
    import typer
except ModuleNotFoundError:
    sys.exit(f"tools: {sys.executable} has none of our packages: run `make install`, then .venv/bin/python -m tools")

from tools.console import ROOT, CommandError, fail

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help="Zhanggui's own commands."
)


def guarded(who: str, command: Callable[[], int | None]) -> None:
    """Run a command and leave with its exit code; an expected failure is a line, not a traceback."""
    signal.signal(signal.SIGTERM, lambda signum, _: sys.exit(128 + signum))
    try:
        code = command()
    except CommandError as error:
        code = fail(who, error)
    except KeyboardInterrupt:
        code = fail(who, "stopped by Ctrl-C") + 129
    raise typer.Exit(code or 0)


@app.command()
def domain(
    check: Annotated[bool, typer.Option("--check", help="Only say whether domain.yml is up to date.")] = False,
) -> None:
    """Join domain/*.yml into domain.yml."""
    from tools.domain import main

    guarded("domain", lambda: main(ROOT, check))


@app.command()
def train(
    force: Annotated[bool, typer.Option(help="Train although a model fits; ignore Rasa's cache.")] = False,
) -> None:
    """Train a model, unless one in models/ fits the data."""
    from tools.train import main

    guarded("train", lambda: main(force))


@app.command()
def check(
    data_only: Annotated[bool, typer.Option("--data", help="Only the checks of domain, data and actions.")] = False,
) -> None:
    """Lint, types, import rules and data checks."""
    from tools.check import data, everything

    guarded("check", lambda: data(ROOT) if data_only else everything())


@app.command()
def validate() -> None:
    """Our data checks, then Rasa's."""
    from tools.check import validate as work

    guarded("validate", work)


@app.command()
def coverage() -> None:
    """What the conversation tests of the last `make e2e` never met."""
    from tools.coverage import main

    guarded("coverage", main)


@app.command()
def preflight() -> None:
    """Say what would keep `make run` from starting."""
    from tools.preflight import main

    guarded("preflight", main)


@app.command()
def run() -> None:
    """Start everything in this terminal."""
    from tools.run import main

    guarded("run", main)


@app.command()
def web(
    check: Annotated[bool, typer.Option("--check", help="Then check its types and run its unit tests.")] = False,
) -> None:
    """Build the chat page, unless it fits its sources."""
    from tools.web_build import main

    guarded("web", lambda: main(check))


@app.command()
def screenshots() -> None:
    """Renew the pictures of the chat page in docs/screenshots (needs Chromium and Chinese fonts)."""
    from tools.ci import screenshots as take

    guarded("screenshots", take)


@app.command()
def chat(
    login: Annotated[str | None, typer.Argument(help="Demo customer; asked for when omitted.")] = None,
) -> None:
    """Talk in the terminal."""
    from tools.chat import chat as talk

    guarded("chat", lambda: talk(login))


@app.command()
def converse(
    files: Annotated[list[Path], typer.Argument(help="Case files, or folders of them.")],
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Cases at a time.")] = 1,
    keyword: Annotated[str | None, typer.Option("--keyword", "-k", help="Only cases with this in their name.")] = None,
) -> None:
    """Run conversation tests, on the running stack or on one of their own."""
    from tools.e2e import converse as run_cases

    guarded("converse", lambda: run_cases(files, jobs, keyword))


@app.command()
def e2e() -> None:
    """Conversation tests of tests/e2e on a fresh stack."""
    from tools.e2e import everything

    guarded("e2e", everything)


@app.command()
def test() -> None:
    """Everything CI runs."""
    from tools.ci import main

    guarded("test", main)


@app.command("at", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
def at(
    moment: Annotated[str, typer.Argument(help='In Shanghai, as "2028-02-29 23:50".')],
    command: Annotated[list[str], typer.Argument(help="A module and what it takes: tools e2e, pytest tests/ledger.")],
) -> None:
    """Run a command as if it were another moment."""
    from tools.at import main

    guarded("at", lambda: main(moment, command))


@app.command()
def bench() -> None:
    """Measure speed, CPU and memory; table here, JSON in benchmarks/results."""
    from tools.bench import main

    guarded("bench", main)


@app.command("nlu_gate")
def nlu_gate(
    update: Annotated[bool, typer.Option("--update", help="Write the figures to tests/nlu/baseline.json.")] = False,
) -> None:
    """Fail when the held-out sentences are understood worse than tests/nlu/gate.yml and the baseline allow."""
    from tools.nlu_gate import main

    guarded("nlu_gate", lambda: main(update))


@app.command("nlu_report")
def nlu_report(
    file: Annotated[Path, typer.Argument(help="CSV with the columns intent and text, UTF-8.")],
    html: Annotated[Path | None, typer.Option(help="Also write a page with tables and a picture.")] = None,
) -> None:
    """Say how well the sentences of a CSV file are understood."""
    from tools.nlu_report import main

    guarded("nlu_report", lambda: main(file, html))


@app.command("wechat_menu")
def wechat_menu() -> None:
    """Give the Official Account the menu of addons/channels/wechat_menu.yml."""
    from tools.wechat_menu import main

    guarded("wechat_menu", main)


@app.command()
def why(text: Annotated[str, typer.Argument(help="What a customer says.")]) -> None:
    """Explain how one sentence is understood."""
    from tools.why import main

    guarded("why", lambda: main(text))


if __name__ == "__main__":
    app()
