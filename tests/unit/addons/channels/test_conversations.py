"""Tokens open conversations, for a while and up to a number."""

from addons.channels.conversations import IDLE_SECONDS, ConversationStore


def test_tokens_and_ids_are_random_and_tokens_are_not_kept() -> None:
    store = ConversationStore()
    opened = [store.open("local", None) for _ in range(100)]
    assert len({conversation.id for conversation, _ in opened}) == len({token for _, token in opened}) == 100
    conversation, token = opened[0]
    assert store.find(token) is conversation and store.find(token + "x") is None
    assert token not in repr(store.__dict__)


def test_idle_conversations_end_and_used_ones_go_on() -> None:
    clock = [0.0]
    store = ConversationStore(now=lambda: clock[0])
    _, idle = store.open("local", None)
    _, used = store.open("local", "session")
    clock[0] = IDLE_SECONDS - 1
    assert store.find(used) is not None
    clock[0] = IDLE_SECONDS + 1
    assert store.find(idle) is None and store.find(used) is not None


def test_the_longest_unused_goes_when_full() -> None:
    store = ConversationStore(most=2)
    (_, first), (_, second) = store.open("local", None), store.open("local", None)
    store.find(first)
    store.open("local", None)
    assert store.find(second) is None and store.find(first) is not None
    store.close(first)
    assert store.find(first) is None
