"""Accounts, cards, payees, limits: the demo bank is that of design §8."""

from datetime import date, timedelta

from services.core_bank import seed, seed_history
from tests.unit.services.core_bank.harness import Customer, World, error_of


def brief(account: dict) -> tuple:
    return account["kind"], account["tail"], account["account_class"], account["balance_fen"], account["available_fen"]


def test_accounts_of_zhangwei(zhangwei: Customer) -> None:
    accounts = zhangwei.get("/v1/accounts")["accounts"]
    assert [brief(account) for account in accounts] == [
        ("debit", "6789", "I", 52_318_66, 52_318_66),
        ("debit", "1122", "II", 3_200_00, 3_200_00),
        ("time_deposit", None, None, 50_000_00, 0),
        ("credit_card", "8812", None, -4_286_35, 25_713_65),
        ("mortgage", None, None, -680_000_00, 0),
    ]
    assert [account["name"] for account in accounts] == ["借记卡", "借记卡", "一年定期", "信用卡", "个人住房贷款"]
    assert accounts[3]["credit"] == {
        "limit_fen": 30_000_00,
        "available_fen": 25_713_65,
        "bill_fen": 4_286_35,
        "minimum_fen": 428_64,
        "due_day": 25,
    }
    assert date.fromisoformat(accounts[2]["matures_on"]) > date.today()
    assert all(account["currency"] == "CNY" and account["state"] == "active" for account in accounts)
    assert zhangwei.get(f"/v1/accounts/{accounts[0]['id']}") == accounts[0]


def test_accounts_of_the_others(world: World) -> None:
    expected = {
        "lina": ("debit", "3344", "I", 8_000_00, 8_000_00),
        "wangfang": ("debit", "2255", "I", 120_50, 120_50),
        "zhaolei": ("debit", "7070", "I", 1_000_00, 1_000_00),
    }
    for login, account in expected.items():
        assert [brief(one) for one in world.sign_in(login).get("/v1/accounts")["accounts"]] == [account]
    for login, tail, name in (("zhangxiuying", "9900", "张秀英"), ("chenchen", "4466", "陈晨")):
        customer = world.sign_in(login)
        assert customer.account(tail)["balance_fen"] > 0
        assert customer.get("/v1/sessions/current")["customer"]["name"] == name


def test_the_restricted_customer_is_told_why_and_may_read_and_freeze(world: World) -> None:
    zhaolei = world.sign_in("zhaolei")
    account = zhaolei.account("7070")
    assert account["state"] == "restricted" and account["restriction"]["code"] == "non_counter"
    assert "非柜面" in account["restriction"]["reason"]
    zhaolei.frozen_card("7070")


def test_payees(world: World, zhangwei: Customer, lina: Customer) -> None:
    def listed(customer: Customer) -> list[tuple]:
        fields = ("name", "alias", "bank", "tail", "internal", "paid_before")
        return [tuple(payee[name] for name in fields) for payee in customer.get("/v1/payees")["payees"]]

    assert listed(zhangwei) == [
        ("李娜", None, "本行", "3344", True, True),
        ("王强", None, "工商银行", "5566", False, True),
        ("王强", None, "建设银行", "7788", False, False),
        ("张秀英", "妈妈", "本行", "9900", True, True),
    ]
    assert listed(lina) == [("张伟", None, "本行", "6789", True, True)]
    assert listed(world.sign_in("wangfang")) == [("陈晨", "儿子", "本行", "4466", True, False)]
    assert listed(world.sign_in("zhaolei")) == []


def test_a_payee_counts_as_paid_after_the_first_transfer(zhangwei: Customer) -> None:
    assert zhangwei.payee("7788")["paid_before"] is False
    draft_id = zhangwei.authorised(1_00, payee="7788")
    assert zhangwei.payee("7788")["paid_before"] is False
    zhangwei.confirm(draft_id)
    assert zhangwei.payee("7788")["paid_before"] is True


def test_limits(zhangwei: Customer) -> None:
    zhangwei.confirm(zhangwei.authorised(1_234_56))
    assert zhangwei.get("/v1/limits") == {
        "single_review_fen": 20_000_00,
        "daily_fen": 50_000_00,
        "used_today_fen": 1_234_56,
        "remaining_today_fen": 48_765_44,
        "new_payee_fen": 5_000_00,
    }


def test_cards(zhangwei: Customer) -> None:
    cards = zhangwei.get("/v1/cards")["cards"]
    assert [(card["tail"], card["kind"], card["state"]) for card in cards] == [
        ("6789", "debit", "active"),
        ("1122", "debit", "active"),
        ("8812", "credit", "active"),
    ]
    assert cards[0]["id"] == zhangwei.account("6789")["card_id"] and cards[0]["account_class"] == "I"
    assert cards[0]["account_id"] == zhangwei.account("6789")["id"]
    assert zhangwei.get(f"/v1/cards/{cards[0]['id']}") == cards[0]


def test_unknown_ids(zhangwei: Customer) -> None:
    assert error_of(zhangwei.request("GET", "/v1/accounts/x"))[:2] == (404, "account_not_found")
    assert error_of(zhangwei.request("GET", "/v1/cards/x"))[:2] == (404, "card_not_found")
    assert error_of(zhangwei.request("GET", "/v1/drafts/x"))[:2] == (404, "draft_not_found")


def test_history_ends_at_the_balances_on_every_day_of_a_leap_year() -> None:
    targets, floors = {}, {}
    for person in seed.DEMO:
        for account in person.accounts:
            key = seed.key_of(person.login, account)
            targets[key], floors[key] = account.balance_fen, account.floor_fen
    for offset in range(366):
        today = date(2028, 1, 1) + timedelta(days=offset)
        balances = dict.fromkeys(targets, 0)
        for planned in seed_history.plan(targets, today):
            assert planned.posted_at.date() < today
            for key, amount_fen in ((planned.account, planned.amount_fen), (planned.other, -planned.amount_fen)):
                if key in balances:
                    balances[key] += amount_fen
                    assert balances[key] >= floors[key], (today, key)
        assert balances == targets
