"""The figures of an `intent,text` file, as the terminal and the page of `nlu_report` show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tools import nlu_score as score
from tools.bench_report import percentile
from tools.nlu_model import OUT_OF_SCOPE
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
        outside = [case for case in self.cases if case.expected == OUT_OF_SCOPE]
        refused = {"域外句拦下 (out-of-scope recall)": f"{score.turned_away(outside):.2%}，反问也算"} if outside else {}
        return {
            "句数 (sentences)": f"{len(self.cases)}，意图 {len(self.intents)} 个",
            "准确率 (accuracy)": f"{score.accuracy(self.cases):.2%} ({right}/{len(self.cases)})",
            "宏平均 F1 (macro F1)": f"{score.macro_f1(self.intents):.4f}",
            "反问 (asked again)": f"{score.asked_again(self.cases):.2%}，其中列出了正确意图 {self._offered}",
            "误判 (misread)": f"{score.share(sum(case.misread for case in self.cases), len(self.cases)):.2%}",
            **refused,
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
