"""Forms and rules trained by Rasa and spoken to through an Agent; payloads stand for understood messages."""

import asyncio
import textwrap
from pathlib import Path

import pytest
from rasa.core.agent import Agent
from rasa.model_training import train

from addons.components.resuming_rule_policy import ResumingRulePolicy

DOMAIN = """
version: "3.1"
intents: [transfer, freeze, repay, check_balance, ask_fee, ask_who, complain, cancel, inform, mumble, half]
entities: [payee, amount, card, chosen]
slots:
  payee: {type: text, influence_conversation: false, mappings: [{type: from_entity, entity: payee}]}
  amount: {type: text, influence_conversation: false, mappings: [{type: from_entity, entity: amount}]}
  card: {type: text, influence_conversation: false, mappings: [{type: from_entity, entity: card}]}
forms:
  transfer_form: {required_slots: [payee, amount]}
  freeze_form: {required_slots: [card]}
  repay_form: {required_slots: [amount]}
responses:
  utter_ask_payee: [{text: 转给谁}]
  utter_ask_amount: [{text: 转多少}]
  utter_ask_card: [{text: 哪张卡}]
  utter_balance: [{text: 余额}]
  utter_balance_more: [{text: 明细}]
  utter_fee: [{text: 免费}]
  utter_who: [{text: 收款人即可}]
  utter_person: [{text: 要转人工吗}]
  utter_cancelled: [{text: 已取消}]
  utter_done: [{text: 已转账}]
  utter_frozen: [{text: 已冻结}]
  utter_repaid: [{text: 已还款}]
  utter_switch: [{text: 先办完还是改办}]
  utter_half: [{text: 半句}]
  utter_already: [{text: 正在转账}]
  utter_default: [{text: 没听懂}]
  utter_unclear: [{text: 请换个说法}]
"""

RULES = """
version: "3.1"
rules:
- rule: 开始转账
  steps: [{intent: transfer}, {action: transfer_form}, {active_loop: transfer_form}]
- rule: 转账中又说转账
  condition: [{active_loop: transfer_form}]
  steps: [{intent: transfer}, {action: utter_already}]
- rule: 办完转账
  condition: [{active_loop: transfer_form}]
  steps: [{action: transfer_form}, {active_loop: null}, {slot_was_set: [{requested_slot: null}]}, {action: utter_done}]
- rule: 冻结
  steps: [{intent: freeze}, {action: freeze_form}, {active_loop: freeze_form}]
- rule: 办完冻结
  condition: [{active_loop: freeze_form}]
  steps: [{action: freeze_form}, {active_loop: null}, {slot_was_set: [{requested_slot: null}]}, {action: utter_frozen}]
- rule: 还款
  steps: [{intent: repay}, {action: repay_form}, {active_loop: repay_form}]
- rule: 办完还款
  condition: [{active_loop: repay_form}]
  steps: [{action: repay_form}, {active_loop: null}, {slot_was_set: [{requested_slot: null}]}, {action: utter_repaid}]
- rule: 查余额
  steps: [{intent: check_balance}, {action: utter_balance}, {action: utter_balance_more}]
- rule: 问手续费
  steps: [{intent: ask_fee}, {action: utter_fee}]
- rule: 转账中问转给谁
  condition: [{active_loop: transfer_form}]
  steps: [{intent: ask_who}, {action: utter_who}]
- rule: 投诉
  steps: [{intent: complain}, {action: utter_person}]
- rule: 取消
  condition: [{active_loop: transfer_form}]
  steps: [{intent: cancel}, {action: action_deactivate_loop}, {active_loop: null}, {action: utter_cancelled}]
- rule: 半句
  steps: [{intent: half}, {action: utter_half}]
  wait_for_user_input: false
"""

CONFIG = """
recipe: default.v1
language: zh
assistant_id: zhanggui
policies:
- name: addons.components.resuming_rule_policy.ResumingRulePolicy
  core_fallback_threshold: 0.3
  core_fallback_action_name: %s
  wait_after: [utter_person, utter_switch]
  switch_action: utter_switch
  switch_entity: chosen
  may_interrupt: [freeze_form]
"""

PAYEE, AMOUNT, CARD = '/inform{"payee":"李娜"}', '/inform{"amount":"500"}', '/inform{"card":"6789"}'
DONE = ["已转账"]


def _agent(folder: Path, fallback: str) -> Agent:
    for name, text in (("domain", DOMAIN), ("rules", RULES), ("config", CONFIG % fallback)):
        (folder / f"{name}.yml").write_text(textwrap.dedent(text), encoding="utf-8")
    model = train(
        str(folder / "domain.yml"),
        str(folder / "config.yml"),
        [str(folder / "rules.yml")],
        output=str(folder / "models"),
        force_training=True,
    ).model
    assert model is not None
    return Agent.load(model)


@pytest.fixture(scope="module")
def reverting(tmp_path_factory: pytest.TempPathFactory) -> Agent:
    """Falls back to Rasa's own action, which undoes the customer's message."""
    return _agent(tmp_path_factory.mktemp("reverting"), "action_default_fallback")


@pytest.fixture(scope="module")
def keeping(tmp_path_factory: pytest.TempPathFactory) -> Agent:
    """Falls back to an action that leaves the customer's message in the conversation."""
    return _agent(tmp_path_factory.mktemp("keeping"), "utter_unclear")


def talk(agent: Agent, name: str, *messages: str) -> list[list[str]]:
    async def speak() -> list[list[str]]:
        turns = [await agent.handle_text(message, sender_id=name) for message in messages]
        return [[answer["text"] for answer in turn or []] for turn in turns]

    return asyncio.run(speak())


def test_a_one_turn_rule_is_answered_and_the_form_asks_again(keeping: Agent) -> None:
    turns = talk(keeping, "digress", "/transfer", PAYEE, "/check_balance", "/ask_fee", AMOUNT)
    assert turns == [["转给谁"], ["转多少"], ["余额", "明细", "转多少"], ["免费", "转多少"], DONE]


def test_a_rule_bound_to_the_form_does_not_lose_the_next_answer(keeping: Agent) -> None:
    turns = talk(keeping, "bound", "/transfer", "/ask_who", PAYEE, "/transfer", AMOUNT)
    assert turns == [["转给谁"], ["收款人即可", "转给谁"], ["转多少"], ["正在转账", "转多少"], DONE]


@pytest.mark.parametrize(("kind", "apology"), [("reverting", "没听懂"), ("keeping", "请换个说法")])
def test_what_no_rule_knows_is_apologised_for_once_and_asked_again(
    kind: str, apology: str, request: pytest.FixtureRequest
) -> None:
    agent = request.getfixturevalue(kind)
    turns = talk(agent, "mumble", "/transfer", "/mumble", "/mumble", PAYEE, AMOUNT)
    assert turns == [["转给谁"], [apology, "转给谁"], [apology, "转给谁"], ["转多少"], DONE]


@pytest.mark.parametrize(("kind", "apology"), [("reverting", "没听懂"), ("keeping", "请换个说法")])
def test_without_a_form_the_fallback_speaks_once_and_listens(
    kind: str, apology: str, request: pytest.FixtureRequest
) -> None:
    agent = request.getfixturevalue(kind)
    assert talk(agent, "lost", "/mumble", "/ask_fee", "/mumble") == [[apology], ["免费"], [apology]]


def test_a_rule_that_breaks_off_is_followed_by_the_form(keeping: Agent) -> None:
    turns = talk(keeping, "half", "/half", "/transfer", "/half")
    assert turns == [["半句", "请换个说法"], ["转给谁"], ["半句", "转给谁"]]


def test_a_form_that_was_switched_off_is_not_resumed(keeping: Agent) -> None:
    turns = talk(keeping, "cancel", "/transfer", "/check_balance", "/cancel", "/ask_fee", PAYEE)
    assert turns == [["转给谁"], ["余额", "明细", "转给谁"], ["已取消"], ["免费"], ["请换个说法"]]


def test_after_an_answer_with_its_own_question_the_form_keeps_silent_but_alive(keeping: Agent) -> None:
    turns = talk(keeping, "waiting", "/transfer", "/complain", PAYEE, AMOUNT)
    assert turns == [["转给谁"], ["要转人工吗"], ["转多少"], DONE]


def test_a_second_service_is_offered_and_the_first_goes_on(keeping: Agent) -> None:
    turns = talk(keeping, "stay", "/transfer", "/repay", PAYEE, AMOUNT)
    assert turns == [["转给谁"], ["先办完还是改办"], ["转多少"], DONE]


@pytest.mark.parametrize("choice", ['/repay{"chosen": "now"}', "/repay"])
def test_a_second_service_that_is_chosen_takes_over(keeping: Agent, choice: str) -> None:
    turns = talk(keeping, f"leave {choice}", "/transfer", "/repay", choice, AMOUNT)
    assert turns == [["转给谁"], ["先办完还是改办"], ["转多少"], ["已还款"]]


def test_the_same_service_later_is_offered_again(keeping: Agent) -> None:
    turns = talk(keeping, "again", "/transfer", "/repay", "/ask_fee", "/repay")
    assert turns == [["转给谁"], ["先办完还是改办"], ["免费", "转给谁"], ["先办完还是改办"]]


def test_an_urgent_form_takes_over_and_the_first_is_dropped(keeping: Agent) -> None:
    turns = talk(keeping, "switch", "/transfer", "/freeze", "/ask_fee", CARD, "/ask_fee")
    assert turns == [["转给谁"], ["哪张卡"], ["免费", "哪张卡"], ["已冻结"], ["免费"]]


def test_restart_still_goes_before_everything(keeping: Agent) -> None:
    turns = talk(keeping, "restart", "/transfer", "/complain", "/restart", "/ask_fee")
    assert turns == [["转给谁"], ["要转人工吗"], [], ["免费"]]


def test_default_config_is_that_of_the_rule_policy_and_ours() -> None:
    ours = {"wait_after": [], "switch_action": None, "switch_entity": None, "may_interrupt": []}
    assert ResumingRulePolicy.get_default_config().items() >= ours.items()
    assert ResumingRulePolicy.get_default_config()["core_fallback_action_name"] == "action_default_fallback"
