import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from rich.console import Console

from tools import nlu_html, nlu_picture, nlu_report
from tools.console import CommandError
from tools.nlu_data import Sentence, read_csv
from tools.nlu_figures import Report
from tools.nlu_model import FALLBACK, Reading
from tools.nlu_score import Case

KNOWN = {"a", "b", "faq", "faq/fees"}


def csv_file(folder: Path, content: str | bytes) -> Path:
    path = folder / "some.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "content",
    [
        "intent,text\na,查余额\nfaq/fees,手续费\n",
        b"\xef\xbb\xbf" + "intent,text\r\na,查余额\r\nfaq/fees,手续费\r\n".encode(),
        'who,text,intent\n我,"查余额",a\n你, 手续费 ,faq/fees',
    ],
)
def test_a_csv_in_any_dialect(tmp_path: Path, content: str | bytes) -> None:
    assert read_csv(csv_file(tmp_path, content), KNOWN) == [Sentence("查余额", "a"), Sentence("手续费", "faq/fees")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("intent,text\na,x\nq,x\nb,x\nq,y\nr,x\n", "unknown intent q: lines 3, 5\n.*unknown intent r: line 6$"),
        ('intent,text\na,"x\ny"\nq,x\n', "unknown intent q: line 4$"),
        ("intent,text\n" + "q,x\n" * 12, "lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more$"),
        ("intent,text\na,\n,x\nb\n", "empty text: lines 2, 4\n.*empty intent: line 3$"),
        ("intent,text\n", "no row below the first line"),
        ("", r"some\.csv:1: no column intent and text; the first line must say intent,text"),
        ("label,text\na,x\n", r"some\.csv:1: no column intent; "),
        ("intent,text\na,查余额\n".encode("gb18030"), "is not UTF-8: in Excel, save it as “CSV UTF-8”"),
        ('intent,text\na,"x\n', "not CSV: unexpected end of data"),
    ],
)
def test_what_is_wrong_with_a_csv_is_named_with_its_line(tmp_path: Path, content: str | bytes, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        read_csv(csv_file(tmp_path, content), KNOWN)


def test_a_missing_csv_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.csv: No such file or directory"):
        read_csv(tmp_path / "none.csv", KNOWN)


def many_intents() -> list[Case]:
    """156 intents in a ring; every third is taken for the next one, every fifth asks again."""
    cases = []
    for number in range(156):
        name, following = f"intent_{number:03}", f"intent_{(number + 1) % 156:03}"
        read = following if number % 3 == 0 else FALLBACK if number % 5 == 0 else name
        cases += [Case(f"<{number}>", name, name, seconds=0.001)] * 3 + [Case(f"<{number}>", name, read, seconds=0.009)]
    return cases


def pictures(html: str) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(found) for found in re.findall(r"<svg.*?</svg>", html, re.DOTALL)]


def test_the_page_is_self_contained_and_shows_the_confused_part() -> None:
    page = nlu_html.page(Report("a&b.csv", many_intents()))
    assert "a&amp;b.csv" in page
    assert "&lt;0&gt;" in page, "a customer's words are text, not markup"
    assert not re.search(r"https?://|<script|src=|@import", page)
    heat, bars = pictures(page)
    names = [text.text for text in heat.iter("text") if text.get("class") == "row"]
    assert len(names) == nlu_picture.SHOWN
    assert len(list(heat.iter("rect"))) == nlu_picture.SHOWN * (nlu_picture.SHOWN + 1)
    assert "intent_000 → intent_001：1" in [title.text for title in heat.iter("title")]
    assert len([text for text in bars.iter("text") if text.get("class") == "row"]) == nlu_picture.SHOWN


def test_intents_that_are_confused_stand_side_by_side() -> None:
    cases = [Case("x", one, other) for one, other in (("a", "z"), ("m", "b"), ("z", "k"))]
    names = nlu_picture.in_neighbourhoods(nlu_picture.most_confused(cases), cases)
    assert set(names[:3]) == {"a", "k", "z"}
    assert set(names[3:]) == {"b", "m"}


def test_without_mistakes_there_is_nothing_to_draw() -> None:
    page = nlu_html.page(Report("x.csv", [Case("x", "a", "a")]))
    assert "没有误判。" in page
    assert "<svg" not in page
    asked = nlu_html.page(Report("x.csv", [Case("x", "a", "b"), Case("x", "c", "c")]))
    assert len(pictures(asked)) == 2, "a picture without any clarifying question"


def test_the_command_prints_and_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class FakeModel:
        def __init__(self) -> None:
            self.intents = {"a", "b", "out_of_scope"}

        def parse(self, text: str) -> Reading:
            return Reading(text, text, ((text, 0.9),), {}, (), 0.002)

    monkeypatch.setattr(nlu_report, "open_fitting", lambda who: FakeModel())
    path = csv_file(tmp_path, f"intent,text\na,a\na,b\nb,b\nb,{FALLBACK}\nout_of_scope,{FALLBACK}\n")
    assert nlu_report.main(path, tmp_path / "out.html") == 0
    output = capsys.readouterr().out
    assert "准确率 (accuracy): 40.00% (2/5)" in output
    assert "域外句拦下 (out-of-scope recall): 100.00%" in output
    assert "p50 2.00 ms · p95 2.00 ms · p99 2.00 ms" in output
    assert (tmp_path / "out.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    with pytest.raises(CommandError, match="nowhere is not a folder"):
        nlu_report.main(path, tmp_path / "nowhere" / "out.html")


def test_the_terminal_shows_the_worst_and_an_example_each() -> None:
    console = Console(record=True, width=120)
    nlu_report.show(Report("x.csv", many_intents()), console)
    printed = console.export_text()
    assert "最差的 15 个意图" in printed
    assert printed.count("intent_") == 15 + 2 * 25
    assert "<0>" in printed
