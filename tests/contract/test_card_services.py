"""New cards, activation, use abroad, links for PINs."""

from __future__ import annotations

import pytest

from banking.card import ActivateCard, CardFeatures, ChangePin, ReplaceCard, ResetPin, SetOverseasUse
from banking.model import Draft
from banking.orders import Order
from banking.port import AccountRestricted, CardNotFound, CardStateConflict, CodeRequired, NotPossible
from tests.contract.worlds import World

ADDRESS = "上海市浦东新区世纪大道100号"


def _do(bank: World, session: str, order: Order, login: str = "zhangwei") -> Draft:
    draft = bank.port.prepare(session, order)
    assert draft.needs_code
    with pytest.raises(CodeRequired):
        bank.port.confirm(session, draft.id)
    bank.authorise(session, draft, login)
    done = bank.port.confirm(session, draft.id)
    assert done.state == "DONE" and done.result is not None
    return done


def _refused(bank: World, session: str, order: Order) -> str:
    with pytest.raises(NotPossible) as refused:
        bank.port.prepare(session, order)
    assert refused.value.reason
    return refused.value.rule


def _values(draft: Draft) -> dict[str, str]:
    assert draft.result is not None
    return {line.label: line.value for line in draft.result.lines}


def _features(bank: World, session: str, tail: str) -> CardFeatures:
    card_id = bank.card(session, tail).id
    return next(features for features in bank.port.card_features(session) if features.card_id == card_id)


def test_a_damaged_card_is_replaced_for_its_fee(bank: World, zhangwei: str) -> None:
    card = bank.card(zhangwei, "6789")
    order = ReplaceCard(card.id, "damaged", ADDRESS)
    draft = bank.port.prepare(zhangwei, order)
    assert draft.canonical_text == "为借记卡（尾号6789）补换新卡，卡号不变"
    assert draft.order is not None
    assert {line.label: line.value for line in draft.order.lines}["工本费"] == "¥5.00（从这张卡的账户扣收）"
    done = _do(bank, zhangwei, order)
    assert bank.balance(zhangwei, "6789") == 52_313_66
    assert bank.card(zhangwei, "6789").state == "active"
    [new] = bank.port.card_orders(zhangwei)
    assert (new.card_id, new.card_tail, new.address, new.stage) == (card.id, "6789", ADDRESS, "making")
    assert new.order_no == _values(done)["制卡编号"] and new.tracking_no is None
    assert _refused(bank, zhangwei, order) == "already_ordered"


def test_a_lost_card_comes_back_with_the_new_one(bank: World, zhangwei: str) -> None:
    card = bank.card(zhangwei, "8812")
    assert _refused(bank, zhangwei, ReplaceCard(card.id, "lost", ADDRESS)) == "not_reported_lost"
    first = bank.port.report_card_lost(zhangwei, card.id, "k1")
    done = _do(bank, zhangwei, ReplaceCard(card.id, "lost", ADDRESS))
    assert done.order is not None
    assert "免收" in [line.value for line in done.order.lines]
    assert _refused(bank, zhangwei, ActivateCard(card.id)) == "not_delivered"
    bank.wait(days=3)
    zhangwei = bank.sign_in("zhangwei")
    [new] = bank.port.card_orders(zhangwei)
    assert new.stage == "posted" and new.tracking_no
    bank.wait(days=6)
    zhangwei = bank.sign_in("zhangwei")
    assert bank.port.card_orders(zhangwei)[0].stage == "delivered"
    assert "有效期至" in _values(_do(bank, zhangwei, ActivateCard(card.id)))
    assert bank.card(zhangwei, "8812").state == "active"
    assert bank.port.card_orders(zhangwei)[0].stage == "activated"
    assert bank.port.report_card_lost(zhangwei, card.id, "k2").report_no != first.report_no


def test_what_a_replacement_needs(bank: World, zhangwei: str) -> None:
    card_id = bank.card(zhangwei, "6789").id
    assert _refused(bank, zhangwei, ReplaceCard(card_id, "damaged", "我家")) == "address_unclear"
    zhaolei, lina = bank.sign_in("zhaolei"), bank.sign_in("lina")
    with pytest.raises(AccountRestricted):
        bank.port.prepare(zhaolei, ReplaceCard(bank.card(zhaolei, "7070").id, "damaged", ADDRESS))
    for order in (ReplaceCard(card_id, "damaged", ADDRESS), ActivateCard(card_id), ChangePin(card_id)):
        with pytest.raises(CardNotFound):
            bank.port.prepare(lina, order)


def test_a_new_card_is_activated(bank: World) -> None:
    chenchen = bank.sign_in("chenchen")
    card = bank.card(chenchen, "4477")
    assert card.state == "inactive"
    assert _refused(bank, chenchen, ReplaceCard(card.id, "damaged", ADDRESS)) == "card_inactive"
    for order in (SetOverseasUse(card.id, "overseas", True), ResetPin(card.id)):
        with pytest.raises(CardStateConflict):
            bank.port.prepare(chenchen, order)
    with pytest.raises(CardStateConflict):
        bank.port.freeze_card(chenchen, card.id, "k1")
    _do(bank, chenchen, ActivateCard(card.id), "chenchen")
    assert bank.card(chenchen, "4477").state == "active"
    assert _refused(bank, chenchen, ActivateCard(card.id)) == "already_active"


def test_a_new_card_lost_on_its_way_is_reported_lost(bank: World) -> None:
    chenchen = bank.sign_in("chenchen")
    assert bank.port.report_card_lost(chenchen, bank.card(chenchen, "4477").id, "k1").card.state == "lost"


def test_use_abroad_and_without_the_card(bank: World, zhangwei: str) -> None:
    card_id = bank.card(zhangwei, "6789").id
    assert (_features(bank, zhangwei, "6789").overseas, _features(bank, zhangwei, "8812").overseas) == (False, True)
    done = _do(bank, zhangwei, SetOverseasUse(card_id, "overseas", True))
    assert done.canonical_text == "开通借记卡（尾号6789）的境外交易"
    _do(bank, zhangwei, SetOverseasUse(card_id, "cardless", False))
    found = _features(bank, zhangwei, "6789")
    assert (found.overseas, found.cardless) == (True, False)
    assert _refused(bank, zhangwei, SetOverseasUse(card_id, "overseas", True)) == "already_so"
    bank.port.report_card_lost(zhangwei, card_id, "k1")
    with pytest.raises(CardStateConflict):
        bank.port.prepare(zhangwei, SetOverseasUse(card_id, "overseas", False))


def test_a_card_expires(bank: World, zhangwei: str) -> None:
    assert not _features(bank, zhangwei, "6789").expired
    bank.wait(days=11 * 366)
    assert _features(bank, bank.sign_in("zhangwei"), "6789").expired


def test_a_pin_is_set_behind_a_link(bank: World, zhangwei: str) -> None:
    card_id = bank.card(zhangwei, "6789").id
    for order, text in ((ChangePin(card_id), "修改"), (ResetPin(card_id), "重置")):
        done = _do(bank, zhangwei, order)
        assert done.canonical_text == f"{text}借记卡（尾号6789）的交易密码"
        assert "/sandbox/pin/" in _values(done)["设置链接"]


def test_a_locked_pin_can_only_be_reset(bank: World) -> None:
    wangfang = bank.sign_in("wangfang")
    card_id = bank.card(wangfang, "2255").id
    assert _features(bank, wangfang, "2255").pin == "locked"
    assert _refused(bank, wangfang, ChangePin(card_id)) == "pin_locked"
    assert bank.port.prepare(wangfang, ResetPin(card_id)).state == "DRAFT"


def test_the_demo_cards_on_their_way(bank: World) -> None:
    [posted] = bank.port.card_orders(bank.sign_in("wangfang"))
    assert (posted.card_tail, posted.stage) == ("2255", "posted")
    [delivered] = bank.port.card_orders(bank.sign_in("chenchen"))
    assert (delivered.card_tail, delivered.stage) == ("4477", "delivered")
    assert bank.port.card_orders(bank.sign_in("lina")) == ()
