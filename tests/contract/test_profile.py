"""The profile: what is shown is masked, what is changed needs the code of its tier."""

from __future__ import annotations

from datetime import timedelta

import pytest

from banking.model import Draft
from banking.orders import Order
from banking.port import NotPossible, RiskQuestionOpen, RiskRefused
from banking.profile import (
    ChangePhone,
    EditContact,
    ExerciseDataRights,
    SetSmsAlert,
    UnbindWechat,
    UpdateIdDocument,
)
from tests.contract.worlds import NOON, World


def _do(bank: World, session: str, order: Order, login: str = "zhangwei") -> Draft:
    draft = bank.port.prepare(session, order)
    if draft.needs_code:
        bank.authorise(session, draft, login)
    return bank.port.confirm(session, draft.id)


def _refusal(bank: World, session: str, order: Order) -> str:
    with pytest.raises(NotPossible) as refused:
        bank.port.prepare(session, order)
    return refused.value.rule


def test_a_profile_is_masked(bank: World, zhangwei: str) -> None:
    profile = bank.port.profile(zhangwei)
    assert profile.phone_masked == "138****0001"
    assert profile.address_masked == "上海市浦东新****"
    assert profile.email_masked == "zh****@163.com"
    assert profile.document.expires_on == NOON.date() + timedelta(days=45)
    assert profile.alerts_on


def test_changing_the_phone_asks_a_risk_question_and_ends_in_a_link(bank: World, zhangwei: str) -> None:
    draft = bank.port.prepare(zhangwei, ChangePhone())
    assert (draft.risk, draft.risk_question_open) == ("yellow", True)
    with pytest.raises(RiskQuestionOpen):
        bank.port.send_code(zhangwei, draft.id)
    bank.port.answer_risk(zhangwei, draft.id, suspicious=False)
    bank.authorise(zhangwei, draft)
    done = bank.port.confirm(zhangwei, draft.id)
    assert done.result is not None
    assert "/once/" in done.result.lines[0].value
    assert bank.port.profile(zhangwei).phone_masked == "138****0001"


def test_a_suspicious_change_of_phone_is_dead(bank: World, zhangwei: str) -> None:
    draft = bank.port.prepare(zhangwei, ChangePhone())
    assert bank.port.answer_risk(zhangwei, draft.id, suspicious=True).state == "REFUSED"
    with pytest.raises(RiskRefused):
        bank.port.send_code(zhangwei, draft.id)


def test_contact_data_is_checked_and_changed(bank: World, zhangwei: str) -> None:
    for item, bad in (("address", "我家"), ("email", "zhang@"), ("employer", "厂")):
        assert _refusal(bank, zhangwei, EditContact(item, bad)) == "contact_invalid"
    assert bank.port.prepare(zhangwei, EditContact("email", "wei@qq.com")).needs_code
    _do(bank, zhangwei, EditContact("email", "weige@qq.com"))
    _do(bank, zhangwei, EditContact("address", "北京市海淀区中关村大街1号3单元501室"))
    _do(bank, zhangwei, EditContact("employer", "北京晨星科技有限公司"))
    profile = bank.port.profile(zhangwei)
    assert profile.email_masked == "we****@qq.com"
    assert profile.address_masked == "北京市海淀区****"
    assert profile.employer == "北京晨星科技有限公司"


def test_alerts_are_switched_without_a_code(bank: World, zhangwei: str) -> None:
    assert not bank.port.prepare(zhangwei, SetSmsAlert(on=False, from_fen=0)).needs_code
    _do(bank, zhangwei, SetSmsAlert(on=True, from_fen=500_00))
    profile = bank.port.profile(zhangwei)
    assert (profile.alerts_on, profile.alerts_from_fen) == (True, 500_00)
    assert _refusal(bank, zhangwei, SetSmsAlert(on=True, from_fen=10_000_01)) == "alert_amount"


def test_a_document_gets_a_reminder(bank: World, zhangwei: str) -> None:
    assert bank.port.prepare(zhangwei, UpdateIdDocument()).needs_code
    draft = _do(bank, zhangwei, UpdateIdDocument())
    assert draft.state == "DONE"
    assert draft.order is not None
    assert draft.order.lines[1].label == "有效期至"
    expired = bank.port.prepare(bank.sign_in("zhaolei"), UpdateIdDocument())
    assert expired.order is not None
    assert expired.order.lines[1].label == "已过期"
    tomorrow = NOON + timedelta(days=1)
    assert f"{tomorrow.month}月{tomorrow.day}日" in expired.canonical_text
    assert _refusal(bank, bank.sign_in("wangfang"), UpdateIdDocument()) == "document_for_life"


def test_consents_are_listed_and_withdrawn(bank: World, zhangwei: str, lina: str) -> None:
    assert [given.id for given in bank.port.consents(zhangwei) if given.required] == ["service", "credit_report"]
    assert len(bank.port.consents(lina)) == 4
    _do(bank, zhangwei, ExerciseDataRights("withdraw", "marketing"))
    assert "marketing" not in {given.id for given in bank.port.consents(zhangwei)}
    assert _refusal(bank, zhangwei, ExerciseDataRights("withdraw", "marketing")) == "consent_unknown"
    assert _refusal(bank, zhangwei, ExerciseDataRights("withdraw", "service")) == "consent_required"


def test_deletion_and_copy_have_a_number(bank: World, lina: str) -> None:
    done = _do(bank, lina, ExerciseDataRights("delete", None), "lina")
    assert done.result is not None
    assert [line.label for line in done.result.lines] == ["申请编号", "最晚答复"]
    assert bank.port.profile(lina).email_masked is None
    assert [given.id for given in bank.port.consents(lina)] == ["service"]
    copy = _do(bank, lina, ExerciseDataRights("export", None), "lina")
    assert copy.result is not None
    assert "/once/" in copy.result.lines[1].value


def test_a_wechat_is_unbound_with_a_code(bank: World, zhangwei: str, lina: str) -> None:
    bound_at = bank.port.profile(zhangwei).wechat_bound_at
    assert bound_at is not None and bound_at < NOON
    assert bank.port.profile(lina).wechat_bound_at is None
    assert _refusal(bank, lina, UnbindWechat()) == "wechat_not_bound"
    draft = bank.port.prepare(zhangwei, UnbindWechat())
    assert (draft.canonical_text, draft.needs_code) == ("解绑微信", True)
    done = _do(bank, zhangwei, UnbindWechat())
    assert done.result is not None and [line.value for line in done.result.lines] == ["已解绑"]
    assert bank.port.profile(zhangwei).wechat_bound_at is None
    assert _refusal(bank, zhangwei, UnbindWechat()) == "wechat_not_bound"
