"""`python -m tools nlu_report`: how well an `intent,text` file is understood, on the terminal and as a page."""

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tools.console import CommandError, Heartbeat, say
from tools.nlu_data import read_csv
from tools.nlu_figures import PAIRS, WORST_INTENTS, Report
from tools.nlu_html import page
from tools.nlu_model import open_fitting
from tools.nlu_score import read_all


def main(file: Path, html: Path | None) -> int:
    """Evaluate `file`, print, write `html` if given. Raises CommandError."""
    if html and not html.parent.is_dir():
        raise CommandError(f"{html.parent} is not a folder")
    model = open_fitting("nlu_report")
    sentences = read_csv(file, model.intents)
    with Heartbeat("nlu_report", f"reading {len(sentences)} sentences"):
        report = Report(file.name, read_all(sentences, model.parse))
    show(report, Console())
    if html:
        html.write_text(page(report), encoding="utf-8")
        say("nlu_report", f"wrote {html}")
    return 0


def show(report: Report, console: Console) -> None:
    """Print headline and tables."""
    for name, value in report.headline.items():
        console.print(f"{name}: {value}", highlight=False)
    console.print(_worst(report))
    console.print(_confusions(report))


def _worst(report: Report) -> Table:
    table = Table(title=f"最差的 {WORST_INTENTS} 个意图", title_justify="left")
    for column in ("意图", "句数", "F1", "精确率", "召回率"):
        table.add_column(column, justify="left" if column == "意图" else "right", no_wrap=True)
    for name, found in report.worst[:WORST_INTENTS]:
        figures = (f"{value:.2f}" for value in (found.f1, found.precision, found.recall))
        table.add_row(name, str(found.sentences), *figures)
    return table


def _confusions(report: Report) -> Table:
    table = Table(title=f"最常见的 {PAIRS} 种误判（反问不算）", title_justify="left")
    for column in ("应为", "误判为", "次数", "例句"):
        table.add_column(column, overflow="fold")
    for (meant, read), cases in list(report.confusions.items())[:PAIRS]:
        table.add_row(meant, read, str(len(cases)), escape(cases[0].text))
    return table
