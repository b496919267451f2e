"""Buttons are opaque, bound to their conversation, and good for one press (attack list A.5)."""

from addons.channels.buttons import MOST_GROUPS, ButtonStore


def test_press_spends_the_whole_message() -> None:
    store = ButtonStore()
    confirm, cancel = store.issue("a", ["/affirm", "/deny"])
    assert store.press("a", confirm) == "/affirm"
    assert store.press("a", cancel) is None and store.press("a", confirm) is None


def test_ids_are_long_and_random() -> None:
    store = ButtonStore()
    ids = {button for index in range(100) for button in store.issue(f"c{index}", ["/affirm", "/affirm"])}
    assert len(ids) == 200 and all(len(button) >= 22 for button in ids)


def test_another_conversation_cannot_press() -> None:
    store = ButtonStore()
    (confirm,) = store.issue("a", ["/affirm"])
    assert store.press("b", confirm) is None
    assert store.press("a", confirm) == "/affirm"


def test_expiry() -> None:
    clock = [0.0]
    store = ButtonStore(lifetime=10, now=lambda: clock[0])
    (confirm,) = store.issue("a", ["/affirm"])
    clock[0] = 10
    assert store.press("a", confirm) is None


def test_quiet_conversations_are_let_go() -> None:
    clock = [0.0]
    store = ButtonStore(lifetime=10, now=lambda: clock[0])
    for number in range(100):
        store.issue(f"c{number}", ["/affirm"])
    clock[0] = 11
    store.issue("last", ["/affirm"])
    assert list(store._groups) == ["last"]


def test_a_newer_message_with_the_same_payload_supersedes() -> None:
    store = ButtonStore()
    old_confirm, old_cancel = store.issue("a", ["/affirm", "/deny"])
    (menu,) = store.issue("a", ["/menu"])
    new_confirm, _ = store.issue("a", ["/affirm", "/deny"])
    assert store.press("a", old_confirm) is None and store.press("a", old_cancel) is None
    assert store.press("a", new_confirm) == "/affirm" and store.press("a", menu) == "/menu"


def test_bounded_and_forgotten() -> None:
    store = ButtonStore()
    first, *_ = [store.issue("a", [f"/p{index}"])[0] for index in range(MOST_GROUPS + 1)]
    assert store.press("a", first) is None
    (last,) = store.issue("a", ["/x"])
    store.forget("a")
    assert store.press("a", last) is None
