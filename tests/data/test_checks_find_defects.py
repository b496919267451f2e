"""Each check of tools/checks is fed the defect it is for, in a copy of a little project that has none."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.data.project_text import FILES
from tools import domain
from tools.checks import findings
from tools.checks.project import Project

TODAY = date(2026, 11, 22)
TRANSFER, SHARED = "domain/transfer.yml", "domain/shared.yml"
FAQ, FACTS = "domain/faq.yml", "data/facts.yml"
NLU, ACTIONS = "data/nlu/transfer.yml", "actions/transfer.py"
BUTTON = "    - {title: 转账, payload: /transfer_money}\n"
DEFAULT_CONDITION = "      conditions:\n      - active_loop: transfer_money_form\n"


def write(root: Path, files: dict[str, str]) -> Project:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Project(root, TODAY)


def messages(project: Project) -> list[str]:
    return [str(found) for found in findings(project)]


def test_a_sound_project_has_no_findings(tmp_path: Path) -> None:
    project = write(tmp_path, FILES)
    domain.write(tmp_path)
    assert messages(project) == []


def test_domain_yml_must_be_what_domain_says(tmp_path: Path) -> None:
    project = write(tmp_path, {**FILES, "domain.yml": "intents: []\n"})
    assert messages(project) == ["domain.yml:1: is not what domain/ says: run `make domain`"]


DEFECTS = [
    # 2
    ("data/rules/loan.yml", "", 'version: "3.1"\n', "data/rules/loan.yml:1: there is no domain/loan.yml"),
    ("data/nlu/shared.yml", "- intent: greet", "- intent: transfer_money", "belong to data/nlu/transfer.yml"),
    # 3
    (
        "data/nlu/shared.yml",
        "- 在吗",
        "- 在吗\n    - 好的！",
        "data/nlu/shared.yml:11: 「好的！」 is greet here and affirm",
    ),
    ("data/nlu/shared.yml", "- 在吗", "- 在吗\n    - 在 吗?", "warning: 「在 吗?」 repeats data/nlu/shared.yml:10"),
    # 4
    (SHARED, "- greet\n", "- greet\n- goodbye\n", "domain/shared.yml:10: intent goodbye has no examples"),
    (SHARED, "- greet\n", "- greet\n- goodbye\n", "intent goodbye is in no rule or story"),
    (NLU, "- intent: transfer_money", "- intent: transfer", "intent transfer is not in domain/"),
    # 5
    (TRANSFER, "  utter_transfer_done:", "  utter_transfer_lost:", "response utter_transfer_lost is used by no rule"),
    (
        TRANSFER,
        "  utter_transfer_done:",
        "  utter_transfer_lost:",
        "actions/transfer.py:21: response utter_transfer_done is",
    ),
    (
        SHARED,
        "utter_bank_unavailable",
        "utter_bank_insufficient_funds2",
        "this error has no wording: add utter_bank_unavail",
    ),
    (
        ACTIONS,
        "class TransferMoney",
        "class CardLost(BankRefused):\n    pass\n\n\nclass TransferMoney",
        "add utter_bank_card_lost",
    ),
    # 6
    (TRANSFER, "- action_transfer_money", "- action_transfer", "action action_transfer has no class in actions/"),
    (TRANSFER, "- action_transfer_money", "- action_transfer", "action action_transfer_money is not in domain/"),
    ("data/rules/transfer.yml", "  - action: action_transfer_money\n", "", "action_transfer_money is in no rule"),
    (
        ACTIONS,
        'return "action_ask_t',
        'return "action_transfer_money"  # ',
        "action_transfer_money is already a class in",
    ),
    # 7
    (
        TRANSFER,
        "- action_ask_transfer_money_form_transfer_payee\n",
        "",
        "domain/transfer.yml:22: form transfer_money_form never",
    ),
    (
        TRANSFER,
        "    - transfer_payee\n",
        "    - transfer_amount\n",
        "slot transfer_amount of transfer_money_form is not",
    ),
    (TRANSFER, "- validate_transfer_money_form\n", "", "form transfer_money_form has no validate_transfer_money_form"),
    # 8
    (NLU, "(person)", "(people)", "data/nlu/transfer.yml:5: entity people is not in domain/"),
    (
        NLU,
        '"entity": "person", "value": "李娜"}',
        '"entity": "person"}\n    - [李娜](code_request)',
        "「李娜」 is code_request here",
    ),
    (NLU, "转给[李娜]", "转给欧阳建国和[李娜]", "warning: 「欧阳建国」 is a person elsewhere and not annotated here"),
    # 9
    (
        TRANSFER,
        "      - active_loop: transfer_money_form\n        requested",
        "      - requested",
        "needs active_loop in every",
    ),
    (
        TRANSFER,
        "    - type: from_intent\n      intent: affirm\n      value: true",
        "    - type: from_text",
        "never filled from text",
    ),
    (TRANSFER, "[{type: custom}]}\n  transfer_s", "[]}\n  transfer_s", "slot transfer_payee has no mapping"),
    (TRANSFER, "transfer_summary:", "transfer_password:", "slot transfer_password: this is never stored"),
    (SHARED, "- person\n", "- person\n- transfer_payee\n", "slot transfer_payee is set by actions only"),
    # 10
    (
        "data/rules/shared.yml",
        "- intent: greet",
        "- intent: hello",
        "data/rules/shared.yml:5: intent hello is not in domain/",
    ),
    ("data/rules/shared.yml", "utter_greet", "utter_hello", "action utter_hello is not in domain/"),
    ("data/rules/transfer.yml", "- transfer_confirmed: true", "- confirmed: true", "slot confirmed is not in domain/"),
    # 11
    (SHARED, "/transfer_money}", "/transfer}", "button payload '/transfer': intent transfer is not in domain/"),
    (SHARED, "/transfer_money}", "转账}", "is not /intent or /intent{...}"),
    (TRANSFER, '"resend"}', "resend}", "what follows the intent is not JSON"),
    (TRANSFER, '{"code_request"', '{"code"', "entity code is not in domain/"),
    (SHARED, "{title: 转账", "{title: 转账转账转账转账转账转账转账转账转账转账转账", "has 22 characters"),
    # 12
    (TRANSFER, "¥{amount}", "¥{sum}", "nobody fills {sum}"),
    (TRANSFER, "¥{amount}", "¥{amount", "a brace without its partner"),
    # 13
    (
        TRANSFER,
        "  - text: 已成功。",
        "  - channel: web\n    text: 已成功。",
        "has no variation without channel and condition",
    ),
    (SHARED, "channel: wechat", "channel: weixin", "there is no channel weixin"),
    # 14
    (TRANSFER, "{transfer_summary}", "{transfer_payee}", "confirms money without showing amount, account"),
    (
        TRANSFER,
        "  utter_transfer_done:",
        "  - text: 确认 {transfer_summary}？\n  utter_transfer_done:",
        "has 2 wordings",
    ),
    # 16
    (NLU, "- 给[欧阳建国](person)转500", "- 转5[00](person)", "「00」 begins or ends inside a token of 「转500」"),
    # 17
    (SHARED, "您好，请问", "您好,请问", "half-width ',' in Chinese text"),
    (TRANSFER, "手续费 ¥0.00", "手续费 ¥0.0", "write ¥0.0 like ¥1,234.56"),
    (TRANSFER, "手续费 ¥0.00", "保证收益", "a bank may not say 「保证收益」"),
    # 18
    (FAQ, "utter_faq_fees", "utter_faq_hours", "data/nlu/faq.yml:5: topic faq/fees has no utter_faq_fees in domain/"),
    (FAQ, "utter_faq_fees", "utter_faq_hours", "response utter_faq_hours answers a topic without examples"),
    (FAQ, "  phrase_reading_faq_fees:\n  - text: 收费\n", "", "topic faq/fees has no phrase_reading_faq_fees"),
    (FAQ, '"faq/fees"', '"faq/hours"', "domain/faq.yml:19: response utter_faq_fees: there is no topic faq/hours"),
    (FAQ, "转账免手续费。", "转账免手续费。" * 23, "characters in 2 lines, at most 160 and 4 are read"),
    (FAQ, "转账免手续费。", "转账。" + "\n      转账。" * 3, "in 5 lines, at most"),
    (FAQ, BUTTON, BUTTON * 3, "response utter_faq_fees has more than 3 buttons"),
    # 19
    (FAQ, "{fee}", "2元", "domain/faq.yml:14: response utter_faq_fees says 「2」: put it into data/facts.yml"),
    (FAQ, "{fee}", "两元", "says 「两元」"),
    (FAQ, "{title: 收费", "{title: 收费10条", "says 「10」"),
    # 20
    (FAQ, "{fee}", "{price}", "response utter_faq_fees: nobody fills {price}"),
    (FAQ, "每笔{fee}", "收费", "data/facts.yml:2: fact fee is in no response"),
    (FACTS, "value: 2元", "value: 2", "fact fee needs value, a text"),
    (FACTS, "what: 柜台转账手续费, ", "", "fact fee needs what, a text"),
    (SHARED, "您好，请问", "您好，{fee}，", "utter_greet: facts ({fee}) are filled in by actions, and Rasa says this"),
    # 21
    (FAQ, "source: 《服务价格目录》, ", "", "domain/faq.yml:14: response utter_faq_fees names no source"),
    (FAQ, '"2026-11-22"', "2026-11-22", 'has no review date: write reviewed: "2026-11-22", in quotes'),
    (
        FAQ,
        '    metadata: {source: 《服务价格目录》, reviewed: "2026-11-22"}\n',
        "",
        "response utter_faq_fees has no review",
    ),
    (FACTS, ', reviewed: "2026-11-22"', "", "data/facts.yml:2: fact fee has no review date"),
    (FACTS, "2026-11-22", "2026-11-23", "data/facts.yml:2: fact fee is reviewed in the future: 2026-11-23"),
    # 23
    (
        TRANSFER,
        "type: confirm}",
        "type: confirmed}",
        "domain/transfer.yml:37: response utter_ask_transfer_money_fo",
    ),
    (TRANSFER, "type: confirm}", "type: confirmed}", "there is no custom type confirmed, only confirm, one_time_code"),
    (TRANSFER, "{type: confirm}", "confirm", "there is no custom type None"),
    (TRANSFER, "type: confirm}", "type: card, title: 转账}", "a card holds figures: an action makes it"),
    (TRANSFER, ", digits: 6", "", "custom one_time_code needs digits beside its type"),
    (TRANSFER, "digits: 6", 'digits: "6"', "digits is a number from 4 to 8"),
    (TRANSFER, "type: confirm}", "type: confirm, digits: 6}", "custom confirm needs no fields beside its type"),
    (TRANSFER, "    custom: {type: confirm}\n", "", "transfer_confirmed: this wording needs custom {type: confirm}"),
    (
        TRANSFER,
        "    custom: {type: one_time_code, digits: 6}\n",
        "",
        "utter_ask_transfer_code: this wording needs custom {type: one_time_code, digits: 6}",
    ),
    (
        TRANSFER,
        "  - text: 已成功。",
        "  - text: 已成功。\n    custom: {type: sign_in}\n  - text: 成功了。",
        "domain/transfer.yml:43: response utter_transfer_status_done: this wording needs custom {type: sign_in}",
    ),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"), DEFECTS, ids=[f"{row[0]}: {row[3][:40]}" for row in DEFECTS]
)
def test_a_defect_is_found(tmp_path: Path, file: str, old: str, new: str, expected: str) -> None:
    text = FILES.get(file, "")
    assert old in text, "the little project changed: mend this row"
    project = write(tmp_path, {**FILES, file: text.replace(old, new, 1) if old else new})
    domain.write(tmp_path)
    found = messages(project)
    assert any(expected in message for message in found), found


def test_a_training_sentence_of_the_exam_is_found_in_every_folder_of_it(tmp_path: Path) -> None:
    project = write(tmp_path, FILES)
    taken = project.examples[0]
    for name in ("tests/nlu/transfer.yml", "tests/nlu/robustness/voice.yml"):
        exam = f'version: "3.1"\nnlu:\n- intent: {taken.intent}\n  examples: |\n    - {taken.plain}。\n'
        found = messages(write(tmp_path / name.replace("/", "-"), FILES | {name: exam}))
        assert any(f"is held out in {name}:5" in message for message in found), found


def test_what_was_not_reviewed_for_a_year_is_reported_and_fails_nothing(tmp_path: Path) -> None:
    project = write(tmp_path, FILES)
    domain.write(tmp_path)
    assert messages(Project(tmp_path, TODAY + timedelta(days=365))) == []
    project = Project(tmp_path, TODAY + timedelta(days=366))
    assert messages(project) == [
        "data/facts.yml:2: warning: fact fee was last reviewed on 2026-11-22: review it",
        "domain/faq.yml:14: warning: response utter_faq_fees was last reviewed on 2026-11-22: review it",
    ]


ENGLISH = """\
version: "3.1"
slots:
  language: {type: text, mappings: [{type: custom}]}
condition: {language: en}
variations:
  utter_bank_unavailable:
    text: The bank's system is not answering.
  utter_ask_transfer_money_form_transfer_confirmed:
    text: Shall I go ahead?
    buttons:
    - {title: Confirm, payload: /afirm}
"""


def test_variations_are_checked_where_they_are_written_and_frequent_intents_need_english_ones(tmp_path: Path) -> None:
    project = write(tmp_path, {**FILES, "domain/english.yml": ENGLISH})
    domain.write(tmp_path)
    found = messages(project)
    confirmation = "response utter_ask_transfer_money_form_transfer_confirmed"
    for path, expected in (
        ("domain/english.yml", f"{confirmation} confirms money without showing"),
        ("domain/english.yml:11", f"{confirmation}: button payload '/afirm': intent afirm is not in domain/"),
        ("domain/english.yml:8", f"{confirmation}: this wording needs custom {{type: confirm}}"),
        ("domain/shared.yml", "response utter_greet belongs to a frequent intent"),
        ("domain/shared.yml", "response utter_bank_insufficient_funds belongs to a frequent intent"),
    ):
        assert any(message.startswith(path) and expected in message for message in found), (expected, found)
    assert not any("utter_bank_unavailable" in message for message in found)
