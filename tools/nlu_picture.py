"""The confused part of a confusion matrix as inline SVG: a heat map of the worst intents, and a bar list."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from tools.nlu_model import FALLBACK
from tools.nlu_score import Case

SHOWN = 40  # intents of the heat map
CELL, LABELS = 20, 214  # pixels: side of a cell, width of the names of rows
SLANT, OVERHANG, GAP = 186, 100, 6  # height of the slanted names of columns, what they need on the right, before 反问
BAR_ROW, BAR_WIDTH, BAR_FIGURES = 20, 620, 140
ASKED = "反问"


def most_confused(cases: Iterable[Case]) -> list[str]:
    """Intents by how many misread sentences they are part of, on either side; only those that are part of any."""
    part = Counter(name for case in cases if case.misread for name in (case.expected, case.predicted))
    return sorted(part, key=lambda name: (-part[name], name))


def in_neighbourhoods(names: Sequence[str], cases: Iterable[Case]) -> list[str]:
    """`names` reordered so that intents confused with each other stand side by side, near the diagonal."""
    links: Counter[frozenset[str]] = Counter(frozenset((c.expected, c.predicted)) for c in cases if c.misread)
    left, ordered = list(names), list[str]()
    while left:
        tail = ordered[-3:]
        nearest = max(left, key=lambda name: sum(links[frozenset((name, placed))] for placed in tail))
        left.remove(nearest)
        ordered.append(nearest)
    return ordered


def heat_map(cases: Sequence[Case]) -> str:
    """Rows: what was meant; columns: what was understood, the last one being the clarifying question."""
    names = in_neighbourhoods(most_confused(cases)[:SHOWN], cases)
    if not names:
        return "<p>没有误判。</p>"
    counts = Counter((case.expected, case.predicted) for case in cases)
    columns = [*names, FALLBACK]
    highest = {
        "wrong": max(counts[row, column] for row in names for column in names if row != column),
        "asked": max(counts[row, FALLBACK] for row in names),
    }
    width, height = LABELS + CELL * len(columns) + GAP + OVERHANG, SLANT + CELL * len(names) + 6
    drawn = [f'<svg viewBox="0 0 {width} {height}" width="{width}" role="img" aria-label="混淆矩阵">']
    for place, column in enumerate(columns):
        x, y = _left(place, column) + CELL / 2 + 4, SLANT - 6
        drawn.append(f'<text x="{x}" y="{y}" transform="rotate(-60 {x} {y})">{escape(_shown(column))}</text>')
    for line, row in enumerate(names):
        y = SLANT + CELL * line
        drawn.append(f'<text class="row" x="{LABELS - 6}" y="{y + CELL - 6}">{escape(row)}</text>')
        drawn += [_cell(place, y, row, column, counts[row, column], highest) for place, column in enumerate(columns)]
    return "\n".join([*drawn, "</svg>"])


def _left(place: int, column: str) -> int:
    return LABELS + CELL * place + (GAP if column == FALLBACK else 0)


def _shown(column: str) -> str:
    return ASKED if column == FALLBACK else column


def _cell(place: int, y: int, row: str, column: str, count: int, highest: dict[str, int]) -> str:
    x, kind, style = _left(place, column), "none", ""
    if count:
        kind = "right" if row == column else "asked" if column == FALLBACK else "wrong"
        style = f' style="fill-opacity:{0.25 + 0.75 * count / highest[kind]:.2f}"' if kind in highest else ""
    told = f"{row} → {_shown(column)}：{count}"
    square = f'<rect class="{kind}" x="{x}" y="{y}" width="{CELL - 1}" height="{CELL - 1}"{style}/>'
    number = f'<text class="count" x="{x + CELL / 2 - 0.5}" y="{y + CELL - 6}">{count}</text>' if count else ""
    return f"<g><title>{escape(told)}</title>{square}{number}</g>"


def bars(cases: Sequence[Case]) -> str:
    """The intents with most failed sentences; a bar is all sentences of one: misread, asked again, right."""
    failed = Counter(case.expected for case in cases if not case.right)
    if not failed:
        return "<p>没有失败的句子。</p>"
    misread = Counter(case.expected for case in cases if case.misread)
    sentences = Counter(case.expected for case in cases)
    names = sorted(failed, key=lambda name: (-failed[name], -misread[name], name))[:SHOWN]
    width, height = LABELS + BAR_WIDTH + BAR_FIGURES, BAR_ROW * len(names) + 4
    drawn = [f'<svg viewBox="0 0 {width} {height}" width="{width}" role="img" aria-label="失败最多的意图">']
    for line, name in enumerate(names):
        asked = failed[name] - misread[name]
        counts = {"wrong": misread[name], "asked": asked, "right": sentences[name] - failed[name]}
        drawn += _bar(BAR_ROW * line, name, counts)
    return "\n".join([*drawn, "</svg>"])


def _bar(y: int, name: str, counts: dict[str, int]) -> Iterator[str]:
    total, x = sum(counts.values()), float(LABELS)
    yield f'<text class="row" x="{LABELS - 6}" y="{y + 14}">{escape(name)}</text>'
    for kind, count in counts.items():
        width = BAR_WIDTH * count / total
        yield f'<rect class="{kind}" x="{x:.1f}" y="{y + 3}" width="{width:.1f}" height="14"/>'
        x += width
    figures = f"{counts['wrong']} + {counts['asked']} / {total}"
    yield f'<text x="{LABELS + BAR_WIDTH + 8}" y="{y + 14}">{figures}</text>'
