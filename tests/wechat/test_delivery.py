"""Every message once, answered once, in time. Acceptance tests 5-10 and 20 of channels.md §7."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor

from tests.wechat.site import Site, answers, eventually
from tools.stack import START_LIMIT
from tools.stack import answers as alive
from tools.wechat_client import BOT, Phone, text_of

BUDGET = 4.5  # seconds: what the connector gives a turn before it promises to push


def test_05_the_same_message_again_and_again(site: Site, phone: Phone) -> None:
    eventually(lambda: alive(f"{site.other_url}/wechat/"), START_LIMIT)  # another test may have restarted it
    text = "余额 五"
    push = site.held(phone, text)
    with site.actions.slow(text, 1.0), ThreadPoolExecutor(6) as pool:
        posts = [pool.submit(site.post, push, webhook) for webhook in 3 * (None, site.other_webhook)]
        bodies = [post.result().text for post in posts]
    replies = {body for body in bodies if body != "success"}
    pushed = [shown for shown in phone.shown() if shown.how in BOT]
    assert len(replies) + len(pushed) == 1, "one answer, byte for byte the same"
    for webhook in (None, site.other_webhook, None):
        assert site.post(push, webhook).text in bodies
    assert len(site.actions.of(text)) == 1 and site.user_events(text) == 1
    assert [shown for shown in phone.shown() if shown.how in BOT] == pushed


def test_06_two_events_of_one_second(site: Site, phone: Phone) -> None:
    first = phone.event("CLICK", wait=True, EventKey="余额")
    phone.event("CLICK", wait=True, EventKey="绑定")
    shown = eventually(lambda: found if len(found := answers(phone)) == 2 else None)
    assert "登录" in shown[0] and "验证码" in shown[1]
    number = first["delivery"]["id"]
    calls = len(site.actions.of("余额"))
    again = site.account.call("POST", f"/deliveries/{number}/repeat", {"times": 2, "together": True})
    assert all(delivery["attempts"][-1]["status"] == 200 for delivery in again["deliveries"])
    assert len(site.actions.of("余额")) == calls


def test_07_a_slow_action(site: Site, phone: Phone) -> None:
    text = "余额 七"
    with site.actions.slow(text, 8.0):
        started = time.monotonic()
        (attempt,) = phone.send(text)["delivery"]["attempts"]
        assert attempt["outcome"] == "success" and 4.0 < attempt["seconds"] < 4.8
        assert phone.state()["typing"] and answers(phone) == []
        shown = phone.news()
    assert time.monotonic() - started > 7.5
    assert [item.how for item in shown] == ["push"] and "登录" in shown[0].text
    assert len(site.actions.of(text)) == 1 and site.user_events(text) == 1
    with site.console(timeout_seconds=2.0), site.actions.slow("余额 七七", 6.0):
        # The connection closes long before there is an answer, and WeChat comes again.
        phone.send("余额 七七")
        eventually(lambda: len(answers(phone)) == 2)
    time.sleep(1)
    assert len(answers(phone)) == 2 and len(site.actions.of("余额 七七")) == 1 and site.user_events("余额 七七") == 1


def test_08_an_answer_at_the_last_moment_leaves_once(site: Site) -> None:
    runs, at_once, most = 200, 40, 400
    chance, delay, outcomes = random.Random(8), BUDGET - 0.15, list[str]()
    phones = {f"余额 八{number}": site.phone() for number in range(most)}
    said: list[str] = []
    while len(said) < runs or (set(outcomes) != {"passive", "success"} and len(said) < most):
        texts = list(phones)[len(said) : len(said) + at_once]
        said += texts
        # Most end within milliseconds of the decision; how many before and after depends on the machine.
        site.actions.delays.update({text: delay + chance.uniform(-0.15, 0.15) for text in texts})
        with ThreadPoolExecutor(at_once) as pool:
            sent = list(pool.map(lambda text: phones[text].send(text), texts))
        met = [delivery["delivery"]["attempts"][-1]["outcome"] for delivery in sent]
        outcomes += met
        delay += 0.6 * (met.count("passive") / at_once - 0.5)  # a busy machine is slower: back to the border
    site.actions.delays.clear()
    assert set(outcomes) == {"passive", "success"}, "both sides of the border were met"
    for text in said:
        eventually(lambda text=text: answers(phones[text]))
    time.sleep(1)
    assert [len(answers(phones[text])) for text in said] == [1] * len(said)
    calls = [len(site.actions.of(text)) for text in said]
    assert max(calls) == 1 and calls.count(1) > 0.9 * len(said), "a machine that is busy beyond measure apologises"


def test_09_twenty_at_once(site: Site) -> None:
    phones, text = [site.phone() for _ in range(20)], "余额 九"
    with site.actions.slow(text, 1.0), ThreadPoolExecutor(20) as pool:
        sent = list(pool.map(lambda phone: phone.send(text), phones))
    attempts = [delivery["delivery"]["attempts"] for delivery in sent]
    assert all(len(tries) == 1 and tries[0]["seconds"] < 5 and tries[0]["status"] == 200 for tries in attempts)
    for phone in phones:
        eventually(lambda phone=phone: len(answers(phone)) == 1)


def test_10_quick_messages_are_answered_in_order(site: Site, phone: Phone) -> None:
    texts = ("余额十", "查余额十", "查询余额十")
    answer = {text: {"text": f"这是{text}"} for text in texts}
    other = site.phone()
    with site.actions.slow(texts[0], 5.5):
        site.actions.answers.update({text: [said] for text, said in answer.items()})
        for text in texts:
            phone.send(text, wait=False)
        started = time.monotonic()
        assert text_of(other.ask("余额")) and time.monotonic() - started < 4, "others do not wait"
        shown = eventually(lambda: found if len(found := answers(phone)) == 3 else None)
        site.actions.answers.clear()
    assert shown == [f"这是{text}" for text in texts]


def test_20_a_process_dies_between_the_promise_and_the_push(site: Site, phone: Phone) -> None:
    text = "余额 二十"
    with site.console(callback_url=site.other_webhook), site.actions.slow(text, 12.0):
        (attempt,) = phone.send(text)["delivery"]["attempts"]
        assert attempt["outcome"] == "success"
        site.stack.kill("rasa_2")
        shown = phone.news()
    assert [item.how for item in shown] == ["push"] and "不要重复操作" in shown[0].text
    assert len(answers(phone)) == 1
    site.stack.restart("rasa_2")
