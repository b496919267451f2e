"""A complete little project for the tests of the checks: nothing wrong with it, every rule has something to look at."""

FILES = {
    "domain/shared.yml": """\
version: "3.1"

session_config:
  session_expiration_time: 60
  carry_over_slots_to_new_session: false

intents:
- affirm
- greet

entities:
- person
- code_request

responses:
  utter_greet:
  - text: 您好，请问办什么？
    buttons:
    - {title: 转账, payload: /transfer_money}
  - channel: wechat
    text: 您好。
  utter_bank_unavailable:
  - text: 银行系统没有响应。
  utter_bank_insufficient_funds:
  - text: 余额不足，可用余额 ¥{available}。
""",
    "domain/transfer.yml": """\
version: "3.1"

intents:
- transfer_money: {use_entities: []}

slots:
  transfer_payee: {type: text, mappings: [{type: custom}]}
  transfer_summary: {type: text, mappings: [{type: custom}]}
  transfer_confirmed:
    type: bool
    mappings:
    - type: from_intent
      intent: affirm
      value: true
      conditions:
      - active_loop: transfer_money_form
        requested_slot: transfer_confirmed

forms:
  transfer_money_form:
    required_slots:
    - transfer_payee
    - transfer_confirmed

actions:
- validate_transfer_money_form
- action_ask_transfer_money_form_transfer_payee
- action_transfer_money

responses:
  # the one wording
  utter_ask_transfer_money_form_transfer_confirmed:
  - text: 请核对：{transfer_summary}。确认吗？
    buttons:
    - {title: 确认, payload: /affirm}
    - {title: 重新发送, payload: '/affirm{{"code_request":"resend"}}'}
    custom: {type: confirm}
  utter_transfer_done:
  - text: 已转出 ¥{amount}，手续费 ¥0.00。
  utter_transfer_status_done:
  - text: 已成功。
  utter_transfer_insufficient_funds:
  - text: 余额不足。
  utter_ask_transfer_code:
  - text: 请输入验证码。
    custom: {type: one_time_code, digits: 6}
""",
    "domain/faq.yml": """\
version: "3.1"

intents:
- faq

entities:
- topic_ref

actions:
- action_answer_faq

responses:
  utter_faq_fees:
  - text: |
      转账免手续费。
      1. 柜台每笔{fee}，第二天到账。
    buttons:
    - {title: 转账, payload: /transfer_money}
    - {title: 收费, payload: '/faq{{"topic_ref": "faq/fees"}}'}
    metadata: {source: 《服务价格目录》, reviewed: "2026-11-22"}
  phrase_reading_faq_fees:
  - text: 收费
""",
    "data/facts.yml": """\
# what changes
fee: {value: 2元, what: 柜台转账手续费, source: 《服务价格目录》, reviewed: "2026-11-22"}
""",
    "data/nlu/faq.yml": """\
version: "3.1"
nlu:
- intent: faq/fees
  examples: |
    - 怎么收费
    - 手续费多少
""",
    "data/rules/faq.yml": """\
version: "3.1"
rules:
- rule: 常见问题
  steps:
  - intent: faq
  - action: action_answer_faq
""",
    "actions/faq.py": """\
from rasa_sdk import Action


class AnswerFaq(Action):
    def name(self):
        return "action_answer_faq"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(response=f"utter_{self.answer}", text=f"phrase_reading_{self.topic}")
""",
    "data/nlu/shared.yml": """\
version: "3.1"
nlu:
- intent: affirm
  examples: |
    - 好的
    - 确认
- intent: greet
  examples: |
    - 你好
    - 在吗
""",
    "data/nlu/transfer.yml": """\
version: "3.1"
nlu:
- intent: transfer_money
  examples: |
    - 给[欧阳建国](person)转500
    - 转给[李娜]{"entity": "person", "value": "李娜"}
""",
    "data/rules/shared.yml": """\
version: "3.1"
rules:
- rule: 打招呼时问好
  steps:
  - intent: greet
  - action: utter_greet
""",
    "data/rules/transfer.yml": """\
version: "3.1"
rules:
- rule: 转账:开始
  steps:
  - intent: transfer_money
  - action: transfer_money_form
  - active_loop: transfer_money_form
- rule: 转账:确认后办理
  condition:
  - active_loop: transfer_money_form
  - slot_was_set:
    - transfer_confirmed: true
  steps:
  - action: transfer_money_form
  - active_loop: null
  - action: action_transfer_money
""",
    "actions/transfer.py": """\
from rasa_sdk import Action


class ValidateTransfer(Action):
    def name(self):
        return "validate_transfer_money_form"


class AskPayee(Action):
    def name(self):
        return "action_ask_transfer_money_form_transfer_payee"


class TransferMoney(Action):
    intent = "affirm"

    def name(self):
        return "action_transfer_money"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(response="utter_transfer_done", amount="5.00")
        dispatcher.utter_message(response=f"utter_transfer_status_{self.state}")
        dispatcher.utter_message(response="utter_ask_transfer_code")
""",
    "banking/port.py": """\
class BankError(Exception):
    pass


class BankUnavailable(BankError):
    pass


class BankRefused(BankError):
    pass


class InsufficientFunds(BankRefused):
    available_fen: int
""",
}
