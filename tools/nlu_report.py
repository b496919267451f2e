"""`python -m tools nlu_report`: how well an `intent,text` file is understood, on the terminal and as a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tools import nlu_score as score
from tools.bench_report import percentile
from tools.console import CommandError, Heartbeat, say
from tools.nlu_data import read_csv
from tools.nlu_model import open_fitting
from tools.nlu_score import Case, Pair, Score

WORST_INTENTS, PAIRS = 15, 25
SHARES = (0.5, 0.95, 0.99)


@dataclass(frozen=True)
class Report:
    """The figures of a file, computed when asked for."""

    name: str
    cases: Sequence[Case]

    @cached_property
    def intents(self) -> dict[str, Score]:
        return score.scores(self.cases)

    @property
    def worst(self) -> list[tuple[str, Score]]:
        """All intents, lowest F1 first."""
        return sorted(self.intents.items(), key=lambda item: (item[1].f1, item[0]))

    @cached_property
    def confusions(self) -> dict[Pair, list[Case]]:
        return score.confusions(self.cases)

    @property
    def headline(self) -> dict[str, str]:
        """What stands above the tables, ready to be shown."""
        right = sum(case.right for case in self.cases)
        return {
            "句数 (sentences)": f"{len(self.cases)}，意图 {len(self.intents)} 个",
            "准确率 (accuracy)": f"{score.accuracy(self.cases):.2%} ({right}/{len(self.cases)})",
            "宏平均 F1 (macro F1)": f"{score.macro_f1(self.intents):.4f}",
            "反问 (asked again)": f"{score.asked_again(self.cases):.2%}，其中列出了正确意图 {self._offered}",
            "误判 (misread)": f"{score.share(sum(case.misread for case in self.cases), len(self.cases)):.2%}",
            "每句耗时 (latency)": self.latency,
        }

    @property
    def _offered(self) -> str:
        return f"{score.offered_right(self.cases):.0%}"

    @property
    def latency(self) -> str:
        """Of the NLU pipeline alone, one message at a time, in this process."""
        seconds = [case.seconds for case in self.cases]
        return " · ".join(f"p{share * 100:.0f} {percentile(seconds, share) * 1000:.2f} ms" for share in SHARES)


def main(file: Path, html: Path | None) -> int:
    """Evaluate `file`, print, write `html` if given. Raises CommandError."""
    if html and not html.parent.is_dir():
        raise CommandError(f"{html.parent} is not a folder")
    model = open_fitting("nlu_report")
    sentences = read_csv(file, model.intents)
    with Heartbeat("nlu_report", f"reading {len(sentences)} sentences"):
        report = Report(file.name, score.read_all(sentences, model.parse))
    show(report, Console())
    if html:
        from tools.nlu_html import page

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
    table = Table("应为", "误判为", "次数", "例句", title=f"最常见的 {PAIRS} 种误判（反问不算）", title_justify="left")
    for (meant, read), cases in list(report.confusions.items())[:PAIRS]:
        table.add_row(meant, read, str(len(cases)), cases[0].text)
    return table
