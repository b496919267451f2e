"""The page of `nlu_report --html`: one file, no script, nothing from the network."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape

from tools import nlu_picture
from tools.nlu_figures import PAIRS, WORST_INTENTS, Report

STYLE = """
body { font: 15px/1.6 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: #1f2937;
  background: #f6f7f9; margin: 0 auto; padding: 24px; max-width: 1240px; }
h1 { font-size: 24px; margin: 0; } h2 { font-size: 18px; margin: 36px 0 4px; }
.note { color: #6b7280; margin: 0 0 12px; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(340px, 1fr)); gap: 12px; margin: 20px 0; }
dl div, .box { background: #fff; border: 1px solid #e5e7eb; border-radius: 8px; padding: 12px 16px; }
dt { color: #6b7280; font-size: 13px; } dd { margin: 0; font-size: 17px; font-weight: 600; }
.box { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 4px 12px 4px 0; border-bottom: 1px solid #eef0f3; vertical-align: top; }
th { color: #6b7280; font-weight: 500; }
.number { text-align: right; white-space: nowrap; } tr:last-child td { border: 0; }
td:not(.said):not(.number) { white-space: nowrap; font: 13px/24px ui-monospace, "DejaVu Sans Mono", monospace; }
svg { display: block; }
svg text { font: 12px ui-monospace, "DejaVu Sans Mono", "Noto Sans CJK SC", monospace; fill: #374151; }
svg .row { text-anchor: end; } svg .count { text-anchor: middle; font-size: 11px; fill: #111827; }
.none { fill: #f3f4f6; } .right { fill: #d9ead9; } .wrong { fill: #dc4c3f; } .asked { fill: #e6a700; }
.key { display: inline-block; width: 12px; height: 12px; margin: 0 4px 0 12px; border-radius: 2px; }
summary { cursor: pointer; color: #2563eb; }
"""
KEY = (
    '<span class="key" style="background:#dc4c3f"></span>误判<span class="key" style="background:#e6a700"></span>反问'
    '<span class="key" style="background:#d9ead9"></span>正确'
)


def page(report: Report) -> str:
    """Self-contained HTML."""
    made = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    cards = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(told)}</dd></div>" for name, told in report.headline.items()
    )
    sections = [
        _section(
            "混淆图", f"误判最多的 {nlu_picture.SHOWN} 个意图。行是应为，列是判为，最后一列是反问。{KEY}", _heat(report)
        ),
        _section(
            "失败最多的意图",
            f"失败句数最多的排在前面。数字：误判 + 反问 / 全部句数。{KEY}",
            f'<div class="box">{nlu_picture.bars(report.cases)}</div>',
        ),
        _section(f"最差的 {WORST_INTENTS} 个意图", "", _intents(report, WORST_INTENTS)),
        _section("误判", "反问不算误判。每种给一个例句。", _pairs(report)),
        f"<details><summary>全部 {len(report.intents)} 个意图</summary>",
        _intents(report, len(report.intents)) + "</details>",
    ]
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(report.name)}：理解报告</title>'
        f"<style>{STYLE}</style></head><body><h1>理解报告：{escape(report.name)}</h1>"
        f'<p class="note">{made}。耗时只含 NLU，逐句、在本进程内测得。</p><dl>{cards}</dl>'
        f"{''.join(sections)}</body></html>\n"
    )


def _section(title: str, note: str, body: str) -> str:
    return f'<h2>{escape(title)}</h2><p class="note">{note}</p>{body}'


def _heat(report: Report) -> str:
    return f'<div class="box">{nlu_picture.heat_map(report.cases)}</div>'


def _intents(report: Report, most: int) -> str:
    rows = [
        (name, str(found.sentences), f"{found.f1:.2f}", f"{found.precision:.2f}", f"{found.recall:.2f}")
        for name, found in report.worst[:most]
    ]
    return _table(("意图", "句数", "F1", "精确率", "召回率"), rows, numbers=(1, 2, 3, 4))


def _pairs(report: Report) -> str:
    rows = [
        (meant, read, str(len(cases)), f"「{cases[0].text}」")
        for (meant, read), cases in list(report.confusions.items())[:PAIRS]
    ]
    return _table(("应为", "误判为", "次数", "例句"), rows, numbers=(2,), said=(3,))


def _table(
    header: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int], said: Sequence[int] = ()
) -> str:
    """`numbers`, `said`: positions of the columns set flush right, and of customers' words."""

    def row(cells: Sequence[str], tag: str) -> str:
        kinds = ["number" if place in numbers else "said" if place in said else "" for place in range(len(cells))]
        inner = "".join(f'<{tag} class="{kind}">{escape(cell)}</{tag}>' for kind, cell in zip(kinds, cells))
        return f"<tr>{inner}</tr>"

    body = "".join(row(cells, "td") for cells in rows)
    return f'<div class="box"><table>{row(header, "th")}{body}</table></div>'
