"""The PDFs themselves: what they say, and that their links work once and for a day."""

import io
import re
from typing import Any

import pypdf

from tests.unit.services.core_bank.harness import Customer, World, noon


def done(customer: Customer, **order: Any) -> dict[str, str]:
    """Labels and values of the receipt of an order."""
    response = customer.post("/v1/drafts", order)
    assert response.status_code == 201, response.text
    draft = response.json()
    if draft["needs_code"]:
        customer.authorise(draft["id"])
    confirmed = customer.confirm(draft["id"])
    assert confirmed.status_code == 200, confirmed.text
    return {line["label"]: line["value"] for line in confirmed.json()["result"]["lines"]}


def fetch(world: World, link: str) -> Any:
    return world.client.get(link)


def pages(world: World, link: str) -> list[str]:
    response = fetch(world, link)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["cache-control"] == "no-store"
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(response.content)).pages]


def statement(customer: Customer, since: str, until: str, tail: str = "6789") -> dict[str, str]:
    account_id = customer.account(tail)["id"]
    return done(customer, kind="request_statement", account_id=account_id, from_day=since, to_day=until)


def yuan(fen: int) -> str:
    return f"{fen / 100:,.2f}"


def test_a_statement_adds_up_over_its_pages(world: World, zhangwei: Customer) -> None:
    account_id = zhangwei.account("6789")["id"]
    answer = statement(zhangwei, *period(zhangwei))
    found = pages(world, answer["下载链接"])
    text = "\n".join(found)
    listed = zhangwei.get(f"/v1/transactions?account_id={account_id}&limit=100")
    totals, rows = listed["totals"], listed["transactions"]
    assert len(found) > 1
    for number, page in enumerate(found, 1):
        assert f"第 {number} 页，共 {len(found)} 页" in page
        assert f"验证号：{answer['验证号']}" in page and "电子业务专用章" in page
    assert text.count("对方户名") == len([page for page in found if re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d", page)])
    assert len(re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d", text)) == len(rows) == totals["count"]
    assert "张伟" in text and "**** **** **** 6789" in text
    for label, fen in (("收入合计", totals["in_fen"]), ("支出合计", totals["out_fen"]), ("期末余额", 52_318_66)):
        assert re.search(rf"{label}：\s*{re.escape(yuan(fen))}", text), label
    opening = 52_318_66 - totals["in_fen"] + totals["out_fen"]
    assert re.search(rf"期初余额：\s*{re.escape(yuan(opening))}", text)
    for row in rows:
        assert yuan(abs(row["amount_fen"])) in text and yuan(row["balance_after_fen"]) in text


def period(customer: Customer) -> tuple[str, str]:
    """Long enough for the whole history of the demo bank."""
    rows = customer.get("/v1/transactions?limit=100")["transactions"]
    return rows[-1]["posted_at"][:10], "2200-01-01"


def test_a_statement_of_part_of_the_time_begins_with_the_balance_of_then(world: World, zhangwei: Customer) -> None:
    account_id = zhangwei.account("6789")["id"]
    rows = zhangwei.get(f"/v1/transactions?account_id={account_id}&limit=100")["transactions"]
    day = rows[4]["posted_at"][:10]
    of_day = [row for row in rows if row["posted_at"].startswith(day)]
    (text,) = pages(world, statement(zhangwei, day, day)["下载链接"])
    opening = of_day[-1]["balance_after_fen"] - of_day[-1]["amount_fen"]
    assert re.search(rf"期初余额：\s*{re.escape(yuan(opening))}", text)
    assert re.search(rf"期末余额：\s*{re.escape(yuan(of_day[0]['balance_after_fen']))}", text)


def test_a_note_is_text_and_no_markup(world: World, zhangwei: Customer) -> None:
    note = '<img src="/x"/>&<b>'
    zhangwei.confirm(zhangwei.authorised(1_00, note=note))
    day = noon().date().isoformat()
    (text,) = pages(world, statement(zhangwei, day, day)["下载链接"])
    assert note in text.replace("\n", "")


def test_a_link_works_once(world: World, zhangwei: Customer) -> None:
    link = statement(zhangwei, *period(zhangwei))["下载链接"]
    pages(world, link)
    again = fetch(world, link)
    assert again.status_code == 404 and "重新申请" in again.text
    assert fetch(world, "/sandbox/documents/unknown").status_code == 404


def test_a_link_is_over_after_a_day_of_the_world(world: World, zhangwei: Customer) -> None:
    links = [statement(zhangwei, *period(zhangwei))["下载链接"] for _ in range(2)]
    world.advance(hours=23, minutes=59)
    pages(world, links[0])
    world.advance(minutes=2)
    assert fetch(world, links[1]).status_code == 404


def test_a_receipt_says_who_paid_whom_how_much(world: World, zhangwei: Customer, lina: Customer) -> None:
    zhangwei.confirm(zhangwei.authorised(1_234_56))
    for customer, own, other in ((zhangwei, "付款人", "收款人"), (lina, "收款人", "付款人")):
        item = customer.get("/v1/transactions?limit=1")["transactions"][0]
        (text,) = pages(world, done(customer, kind="request_receipt", transaction_id=item["id"])["下载链接"])
        assert "¥1,234.56（壹仟贰佰叁拾肆元伍角陆分）" in text
        assert re.search(rf"{own}：\s*{'张伟' if customer is zhangwei else '李娜'}", text)
        assert re.search(rf"{other}：\s*{'李娜' if customer is zhangwei else '张伟'}", text)
        assert re.search(r"回单编号：\s*ZG\d{6}-", text)
    assert "6789" not in text  # who was paid does not learn the payer's account


def test_a_certificate_says_what_is_held_until_when(world: World, zhangwei: Customer) -> None:
    order = {
        "kind": "request_asset_certificate",
        "account_id": zhangwei.account("time_deposit")["id"],
        "amount_fen": 50_000_00,
        "purpose": "visa",
        "frozen_until": None,
    }
    (text,) = pages(world, done(zhangwei, **order)["下载链接"])
    assert "兹证明张伟截至" in text.replace("\n", "") and "伍万元整" in text and "签证" in text and "未冻结" in text
    assert zhangwei.account("time_deposit")["frozen_fen"] == 0
    until = noon(days=200).date()
    (text,) = pages(world, done(zhangwei, **{**order, "frozen_until": until.isoformat()})["下载链接"])
    assert f"冻结到{until.year}年{until.month}月{until.day}日（含当日）" in text.replace("\n", "")
    assert zhangwei.account("time_deposit")["frozen_fen"] == 50_000_00
