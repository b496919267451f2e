"""The demo phone: whose messages it shows, in which order, to whom it may be shown."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import timedelta

import sqlalchemy as sa
from httpx import Response

from services.core_bank import clock, sms
from services.core_bank.tables import customers, world_names
from tests.unit.services.core_bank.harness import Customer, World, error_of, noon

PATH = "/sandbox/phone"


def look(world: World, path: str = PATH, **query: str) -> Response:
    response = world.client.get(path, params={"world": world.name} | query)
    assert response.status_code == 200, response.text
    return response


def receive(world: World, text: str, code: str | None = None, login: str = "zhangwei") -> None:
    bank = world.client.app.state.bank  # type: ignore[attr-defined]
    mine = sa.select(customers).join(world_names, world_names.c.world_id == customers.c.world_id)
    mine = mine.where(world_names.c.name == world.name, customers.c.login == login)

    def work(conn: sa.engine.Connection) -> None:
        to = conn.execute(mine).one()
        message = sms.Message(to.world_id, to.id, to.phone, text, code)
        sms.send(bank, conn, message, clock.now(conn, to.world_id))

    bank.db.transact(work)


def test_the_phone_shows_who_when_and_the_code(world: World, zhangwei: Customer) -> None:
    assert "还没有短信" in look(world).text and "<li" not in look(world).text
    code = zhangwei.challenge(zhangwei.draft()["id"])
    page = look(world).text
    assert f'<p class="code">{code}</p>' in page and "张伟 138****0001" in page and "13800010001" not in page
    assert "<b>掌柜银行</b>" in page and ">12:0" in page


def test_newest_first_and_everybody_unless_one_is_named(world: World) -> None:
    for number in range(3):
        receive(world, f"给张伟的第 {number} 条")
    receive(world, "给李娜的", login="lina")
    shown = re.findall("(?<=<p>)给.*?(?=</p>)", look(world).text)
    assert shown == ["给李娜的", "给张伟的第 2 条", "给张伟的第 1 条", "给张伟的第 0 条"]
    for path in (PATH, f"{PATH}/messages"):
        assert re.findall("(?<=<p>)给.*?(?=</p>)", look(world, path, customer="lina").text) == ["给李娜的"]
        assert "<li" not in look(world, path, customer="nobody").text


def test_the_last_fifty_are_enough(world: World) -> None:
    for number in range(52):
        receive(world, f"第{number}条")
    page = look(world).text
    assert page.count("<li") == 50 and "第51条" in page and "第2条" in page and "第1条" not in page


def test_older_messages_tell_the_day(world: World) -> None:
    receive(world, "昨天的短信")
    world.set_clock(noon(2))
    yesterday = noon(2) - timedelta(days=1)
    assert f"{yesterday.month}月{yesterday.day}日 12:0" in look(world).text


def test_a_message_is_text(world: World) -> None:
    receive(world, "【<b>银行】<script>alert(1)</script>&amp;", "<i>")
    page = look(world).text
    assert "<script>alert" not in page and "<i>" not in page and "<b><b>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;" in page and page.count("<script") == 1


def test_the_page_asks_for_the_messages_of_the_same_phone(world: World, zhangwei: Customer) -> None:
    code = zhangwei.challenge(zhangwei.draft()["id"])
    for query in ({}, {"customer": "zhangwei"}):
        page = look(world, **query).text
        source = re.search('data-source="(.+?)"', page)
        assert source is not None
        messages = world.client.get(source[1].replace("&amp;", "&"))
        items = re.search("<ol.*?>(.*)</ol>", page)
        assert items is not None and f"<ol>{items[1]}</ol>" in messages.text and code in messages.text
        assert messages.headers["Cache-Control"] == "no-store"


def test_only_pages_of_the_chat_may_frame_it_and_only_its_own_script_runs(quiet_world: World) -> None:
    page = look(quiet_world)
    policy = page.headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'self' https://chat.bank") and "X-Frame-Options" not in page.headers
    assert "default-src 'none'" in policy and "connect-src 'self'" in policy and "unsafe" not in policy
    for element in ("style", "script"):
        [content] = re.findall(f"<{element}>(.*?)</{element}>", page.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{element}-src 'sha256-{digest}';" in policy
    assert "frame-ancestors 'none'" in look(quiet_world, f"{PATH}/messages").headers["Content-Security-Policy"]


def test_there_is_no_phone_in_an_unknown_world(quiet_world: World) -> None:
    page = quiet_world.client.get(PATH, params={"world": "nowhere"})
    assert page.status_code == 404 and "没有这部手机" in page.text
    assert error_of(quiet_world.client.get(f"{PATH}/messages?world=nowhere"))[:2] == (404, "world_not_found")
    assert error_of(quiet_world.client.get(f"{PATH}?world=a%00b"))[:2] == (422, "validation_error")
