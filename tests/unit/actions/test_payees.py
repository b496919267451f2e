import pytest

from actions.payees import match, pick, pointed_at, sounds_like
from banking.memory import MemoryBank
from banking.model import Payee


@pytest.fixture
def payees(bank: MemoryBank) -> tuple[Payee, ...]:
    return bank.payees(bank.sign_in("zhangwei"))


@pytest.mark.parametrize(
    ("said", "text", "tails"),
    [
        ("李娜", "给李娜转500", ["3344"]),
        (None, "麻烦转给李娜", ["3344"]),
        ("王强", "给王强转300", ["5566", "7788"]),
        ("王强", "给工行的王强转300", ["5566"]),
        ("王强", "转给尾号7788的王强", ["7788"]),
        ("妈", "给我妈转1000", ["9900"]),
        ("老妈", "给老妈打钱", ["9900"]),
        (None, "转给妈妈", ["9900"]),
        ("张秀英", "给张秀英", ["9900"]),
        ("赵六", "给赵六转", []),
        ("李", "给李转", []),
        (None, "确认", []),
    ],
)
def test_match_finds_whom_the_customer_means(
    payees: tuple[Payee, ...], said: str | None, text: str, tails: list[str]
) -> None:
    assert [payee.tail for payee in match(said, text, payees)] == tails


@pytest.mark.parametrize(
    ("text", "tail"),
    [
        ("第二个", "7788"),
        ("2", "7788"),
        ("第1个", "5566"),
        ("后面那个", "7788"),
        ("建行", "7788"),
        ("工商银行的", "5566"),
        ("7788", "7788"),
    ],
)
def test_pick_answers_which_one(payees: tuple[Payee, ...], text: str, tail: str) -> None:
    both = [payee for payee in payees if payee.name == "王强"]
    assert [payee.tail for payee in pick(both, text)] == [tail]


def test_pick_keeps_all_when_the_answer_names_none(payees: tuple[Payee, ...]) -> None:
    both = [payee for payee in payees if payee.name == "王强"]
    assert pick(both, "就是他") == both


def test_nobody_is_pointed_at_when_the_answer_names_none(payees: tuple[Payee, ...]) -> None:
    assert pointed_at(payees, "就是他") == []


@pytest.mark.parametrize(
    ("said", "tails"),
    [
        ("李那", ["3344"]),
        ("理娜", ["3344"]),
        ("王墙", ["5566", "7788"]),
        ("張秀英", ["9900"]),
        ("麻麻", ["9900"]),
        ("李丽", []),
        ("那", []),
        ("马", []),
    ],
)
def test_names_of_the_same_sound_are_found(payees: tuple[Payee, ...], said: str, tails: list[str]) -> None:
    assert [payee.tail for payee in sounds_like(said, payees)] == tails
