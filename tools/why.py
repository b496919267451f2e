"""`python -m tools why "一句话"`: how one sentence is read, and what decided it."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tools.console import CommandError
from tools.nlu_model import FALLBACK, NluModel, Reading, open_fitting

TOP = 5  # intents, and n-grams on either side
PINYIN = "p:"
QUANTITIES = "DucklingEntityExtractor"  # the name our QuantityExtractor goes by
# Which layer of chinese/extract.py finds which kind.
RULES = {
    **dict.fromkeys(("phone-number", "card-number", "id-number", "card-tail", "phone-tail"), "identifiers.py"),
    **dict.fromkeys(("time", "duration", "set"), "times.py"),
    **dict.fromkeys(("amount-of-money", "number", "ordinal", "percent"), "money_values.py"),
    "amount-scope": "scope.py",
}
EXTRACTORS = {QUANTITIES: "QuantityExtractor"}
PLAIN_KEYS = frozenset(
    ("entity", "start", "end", "value", "extractor", "confidence", "confidence_entity", "text", "processors")
)


def main(text: str) -> int:
    """Raises CommandError for an empty sentence or without a fitting model."""
    if not text.strip():
        raise CommandError("给一句话，例如：python -m tools why 我要转账")
    show(text, open_fitting("why"), Console())
    return 0


def show(text: str, model: NluModel, console: Console) -> None:
    """Print intents, entities and the outcome."""
    reading = model.parse(text)
    console.print(f"「{text}」", markup=False, highlight=False)
    evidence = model.classifier.explain(text, TOP, reading.entities)
    if evidence:
        console.print(_intents(evidence))
    else:
        console.print("没有一个字或拼音在训练句里出现过，无从判断意图。")
    console.print(_entities(reading) if reading.entities else "实体：没有")
    for line in outcome(reading, model.fallback):
        console.print(line, highlight=False, markup=False)


def _intents(evidence: Mapping[str, Any]) -> Table:
    table = Table(title=f"最像的 {TOP} 个意图（/拼音/，数字是对得分的贡献）", title_justify="left", show_lines=True)
    table.add_column("意图", no_wrap=True)
    table.add_column("概率", justify="right", no_wrap=True)
    table.add_column("支持", style="green")
    table.add_column("反对", style="red")
    for label, found in list(evidence.items())[:TOP]:
        table.add_row(escape(label), f"{found.confidence:.1%}", grams(found.speaks_for), grams(found.speaks_against))
    return table


def grams(pairs: Sequence[tuple[str, float]]) -> str:
    """`c:转账` as 转账, `p:zhuan zhang` as /zhuan zhang/, a space as ␣; each with its share, one a line."""

    def shown(gram: str) -> str:
        kind, plain = gram[:2], gram[2:]
        return f"/{plain}/" if kind == PINYIN else plain.replace(" ", "␣")

    return escape("\n".join(f"{share:+.2f} {shown(gram)}" for gram, share in pairs)) or "-"


def _entities(reading: Reading) -> Table:
    table = Table(title="实体", title_justify="left")
    for column in ("原文", "实体", "值", "由谁找到", "依据"):
        table.add_column(column, overflow="fold")
    for entity in reading.entities:
        said = reading.text[entity["start"] : entity["end"]]
        extractor = str(entity.get("extractor", "?"))
        cells = (said, entity["entity"], value(entity.get("value")), EXTRACTORS.get(extractor, extractor))
        table.add_row(*map(escape, cells), escape(grounds(entity)))
    return table


def value(found: Any) -> str:
    """An interval as `from ~ to`, anything else as it is."""
    if isinstance(found, dict) and found.keys() <= {"from", "to"}:
        return " ~ ".join(str(found.get(side) or "") for side in ("from", "to"))
    return str(found)


def grounds(entity: Mapping[str, Any]) -> str:
    """The rule, the probability, and whatever else the extractor says about its find."""
    told = []
    rule = RULES.get(entity["entity"])
    if entity.get("extractor") == QUANTITIES and rule:
        told.append(f"chinese/{rule}")
    if "confidence_entity" in entity:
        told.append(f"CRF 概率 {entity['confidence_entity']:.1%}")
    details = entity.get("additional_info")
    if isinstance(details, dict) and details.get("unsafe"):
        told.append(f"不能直接用：{', '.join(details['unsafe'])}")
    rest = {key: value for key, value in entity.items() if key not in PLAIN_KEYS | {"additional_info"}}
    told += [f"{key}={value}" for key, value in rest.items()]
    return "；".join(told)


def outcome(reading: Reading, fallback: Mapping[str, Any]) -> list[str]:
    """The settings that were applied beside the figures they are held against, then the result."""
    if not fallback:
        return ["门槛：config.yml 里没有", _result(reading)]
    (best, first), (_, second) = (*reading.ranking[:2], ("", 0.0), ("", 0.0))[:2]
    lines = []
    if best in fallback.get("cautious", []):
        lead = fallback["cautious_lead"]
        lines.append(f"差距：{best} 要慎重，比第二名高 {first - second:.1%}，至少要 {lead:.0%}")
        if first - second < lead:
            return [*lines, _result(reading)]
    if best in fallback.get("urgent", []):
        urgent = fallback["urgent_threshold"]
        lines.append(f"门槛：{best} 是紧急意图，第一名 {first:.1%}，到 {urgent:.0%} 就采用，不看差距")
        if first >= urgent:
            return [*lines, _result(reading)]
    lines.append(f"门槛：第一名 {first:.1%}，至少要 {fallback['threshold']:.0%}")
    lines.append(f"差距：比第二名高 {first - second:.1%}，至少要 {fallback['ambiguity_threshold']:.0%}")
    return [*lines, _result(reading)]


def _result(reading: Reading) -> str:
    if not reading.refused:
        return f"结果：{reading.label}"
    asked = " 还是 ".join(reading.offered)
    return f"结果：没有把握（{FALLBACK}），反问{f'：{asked}' if asked else '客户想办什么'}"
