from collections.abc import Callable

import pytest

from actions import session
from addons.channels.context import ContextSealer
from tests.unit.actions.stage import KEY, Stage


def test_the_sealed_session_comes_back(stage: Callable[..., Stage]) -> None:
    play = stage()
    assert session.session_of(play.message("你好", "greet")) == play.session


def test_an_anonymous_visitor_has_to_sign_in(stage: Callable[..., Stage]) -> None:
    with pytest.raises(session.SignInRequired):
        session.session_of(stage(login=None).message("查余额", "check_balance"))


@pytest.mark.parametrize(
    "metadata", [None, {}, {"context": None}, {"context": "x.y.z"}, {"context": 5}, {"context": {"session": "a"}}]
)
def test_a_message_without_the_channels_seal_names_nobody(stage: Callable[..., Stage], metadata: object) -> None:
    stage()
    with pytest.raises(session.ContextInvalid):
        session.session_of({"text": "查余额", "metadata": metadata})


def test_a_context_of_another_key_names_nobody(stage: Callable[..., Stage]) -> None:
    stage()
    foreign = ContextSealer("B" * 43).seal("conversation", "victim")
    with pytest.raises(session.ContextInvalid):
        session.session_of({"metadata": {"context": foreign}})


def test_an_old_context_names_nobody(stage: Callable[..., Stage]) -> None:
    stage()
    old = ContextSealer(KEY, now=lambda: 1_000_000.0).seal("conversation", "victim")
    with pytest.raises(session.ContextInvalid):
        session.session_of({"metadata": {"context": old}})
