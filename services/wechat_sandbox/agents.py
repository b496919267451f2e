"""The people at WeChat's own desk, as far as tests need them."""

from services.wechat_sandbox import acts, delivering, kf, kf_acts
from services.wechat_sandbox.accounts import Account, Customer, Tencent
from services.wechat_sandbox.errors import ControlError


def do(tencent: Tencent, account: Account, customer: Customer, what: str, kf_account: str, text: str) -> None:
    """`take`, `close`, `switch` or `say`. Raises ControlError 409 when the conversation is not in that state."""
    if account.setup.kind == "wecom":
        _act_in_wecom(tencent, account, customer, what, kf_account, text)
        return
    held = customer.desk.holds(account.clock.now())
    if what == "take":
        take(tencent, account, customer, kf_account)
    elif not held:
        raise ControlError(409, "no agent has this follower")
    elif what == "close":
        release(tencent, account, customer, "KF")
    elif what == "switch":
        switch(tencent, account, customer, kf_account)
    else:
        customer.phone.show(account.clock.now(), "agent", "text", text)


def _act_in_wecom(
    tencent: Tencent, account: Account, customer: Customer, what: str, kf_account: str, text: str
) -> None:
    if what == "say":
        kf_acts.agent_says(account, customer, text)
    else:
        state = kf.ENDED if what == "close" else kf.HUMAN
        if state not in kf.TRANSITIONS.get(customer.kf_state, ()):
            raise ControlError(409, f"not possible in state {customer.kf_state}")
        kf_acts.change_state(account, customer, state, kf_account, told=True)
    kf_acts.ring(tencent, account, customer)


def take(tencent: Tencent, account: Account, customer: Customer, kf_account: str) -> None:
    """An agent has the follower now; the callback is told."""
    customer.desk.hold(kf_account, account.clock.now())
    _tell(tencent, account, customer, "kf_create_session", {"KfAccount": kf_account})


def release(tencent: Tencent, account: Account, customer: Customer, close_type: str) -> None:
    name = customer.desk.kf_account
    customer.desk.close()
    _tell(tencent, account, customer, "kf_close_session", {"KfAccount": name, "CloseType": close_type})


def switch(tencent: Tencent, account: Account, customer: Customer, kf_account: str) -> None:
    before = customer.desk.kf_account
    customer.desk.hold(kf_account, account.clock.now())
    both = {"FromKfAccount": before, "ToKfAccount": kf_account}
    _tell(tencent, account, customer, "kf_switch_session", both)


def _tell(tencent: Tencent, account: Account, customer: Customer, name: str, extra: dict[str, str | None]) -> None:
    act = acts.event(account, customer, name, dict(extra))
    delivery = delivering.record(account, customer, act)
    account.start(delivering.deliver(tencent, account, customer, act, delivery))
