"""12, 14, 17: what responses say."""

import re
from collections.abc import Iterator

from tools.checks.project import Finding, Place, Project, at

NAME = re.compile(r"\{([^{}\n]*)\}")
HALF_WIDTH = re.compile(r"(?<=[\u4e00-\u9fff」』）])[,;:?!]|[,;:?!](?=[\u4e00-\u9fff「『（])")
AMOUNT = re.compile(r"¥\s*([\d,.]*\d)")
GOOD_AMOUNT = re.compile(r"\d{1,3}(,\d{3})*(\.\d{2})?")
BANNED = ("保证收益", "稳赚", "零风险", "无风险", "保本保息", "绝对安全", "百分百安全", "最高收益")
CONFIRMATION = re.compile(r"utter_ask_\w*_confirmed")
MUST_SHOW = {"amount": ("amount",), "payee": ("payee",), "account": ("account", "tail")}


def _texts(project: Project) -> Iterator[tuple[str, Place, str]]:
    for name, place, variation in project.wordings:
        text = variation.get("text", "")
        yield name, Place(place.path, getattr(text, "line", place.line)), str(text)
        for button in variation.get("buttons") or []:
            yield name, Place(place.path, button.line), str(button.get("title", ""))


def placeholders_are_filled(project: Project) -> Iterator[Finding]:
    known = {*project.defined("slots"), *project.source.values}
    said_by_rasa = {step.name for step in project.steps if step.kind == "action"}
    for name, place, text in _texts(project):
        for placeholder in NAME.findall(text):
            if placeholder in project.facts and (name in said_by_rasa or name.startswith("utter_ask_")):
                yield at(
                    place, f"response {name}: facts ({{{placeholder}}}) are filled in by actions, and Rasa says this"
                )
            elif placeholder not in known and placeholder not in project.facts:
                yield at(place, f"response {name}: nobody fills {{{placeholder}}}: no slot, no code and no fact has it")
        if re.search(r"[{}]", NAME.sub("", text)):
            yield at(place, f"response {name}: a brace without its partner")


def money_confirmations_are_complete(project: Project) -> Iterator[Finding]:
    """One wording a manner, and either the core bank's canonical text (`*_summary`) or amount, payee and account."""
    for name, (place, variations) in project.defined("responses").items():
        if not CONFIRMATION.fullmatch(name):
            continue
        if len(variations) != 1:
            yield at(place, f"response {name} confirms money and has {len(variations)} wordings: keep one")
        for _, place, variation in (wording for wording in project.wordings if wording[0] == name):
            shown = NAME.findall(str(variation.get("text", "")))
            missing = [
                what for what, words in MUST_SHOW.items() if not any(word in slot for word in words for slot in shown)
            ]
            if missing and not any(slot.endswith("_summary") for slot in shown):
                yield at(place, f"response {name} confirms money without showing {', '.join(missing)}")


def style_of_texts(project: Project) -> Iterator[Finding]:
    for name, place, text in _texts(project):
        if found := HALF_WIDTH.search(text):
            yield at(place, f"response {name}: half-width {found[0]!r} in Chinese text")
        if "￥" in text:
            yield at(place, f"response {name}: write ¥, not the full-width ￥")
        for amount in AMOUNT.findall(text):
            if not GOOD_AMOUNT.fullmatch(amount):
                yield at(place, f"response {name}: write ¥{amount} like ¥1,234.56")
        for word in BANNED:
            if word in text:
                yield at(place, f"response {name}: a bank may not say 「{word}」")
