"""Whom the customer means: a spoken name against the customer's own address book."""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import yaml
from pypinyin import lazy_pinyin

from banking.model import Payee

ORDINALS = "一二三四五六七八九"
ORDINAL = re.compile(rf"第([{ORDINALS}1-9])|^([1-9])$")
LAST = re.compile(r"最后一?[个位]|后面那?[个位]")
FIRST = re.compile(r"头一[个位]|前面那?[个位]|上面那?[个位]")


@lru_cache(maxsize=1)
def words() -> dict[str, dict[str, list[str]]]:
    """Everyday words for people and banks (payee_words.yml)."""
    loaded: dict[str, dict[str, list[str]]] = yaml.safe_load(
        (Path(__file__).parent / "payee_words.yml").read_text("utf-8")
    )
    return loaded


def match(said: str | None, text: str, payees: Sequence[Payee]) -> list[Payee]:
    """The payees that the customer can mean, none when nobody fits.

    `said` is the name that was heard, `text` the whole sentence: a name of the address book found in it counts as
    said, a bank or a tail named in it narrows several payees of one name.
    """
    named = [payee for payee in payees if said and _is_called(payee, said)]
    named = named or ([] if said else [payee for payee in payees if _is_in(payee, text)])
    return narrow(named, text)


def sounds_like(said: str, payees: Sequence[Payee]) -> list[Payee]:
    """The payees one of whose names is pronounced like `said`, tones apart: to be offered, never assumed.

    One syllable is too little to tell people apart.
    """
    heard = lazy_pinyin(said)
    return [payee for payee in payees if len(heard) > 1 and any(lazy_pinyin(name) == heard for name in _names(payee))]


def narrow(payees: Sequence[Payee], text: str) -> list[Payee]:
    """Of several payees the ones whose bank or tail is in the text; all when it names none of them."""
    return _told_apart(payees, text) or list(payees)


def pick(payees: Sequence[Payee], text: str) -> list[Payee]:
    """The answer to "which one?": by bank, tail, or place in the list; all when the text says none of these."""
    return pointed_at(payees, text) or list(payees)


def pointed_at(payees: Sequence[Payee], text: str) -> list[Payee]:
    """The payees that the text names by bank, tail, or place in the list; none when it says none of these."""
    index = place(text, len(payees))
    return [payees[index]] if index is not None else _told_apart(payees, text)


def place(text: str, count: int) -> int | None:
    """The index that "第二个", "2", "最后一个" mean in a list of `count`, None when the text names no place in it."""
    stripped = text.strip()
    if FIRST.search(stripped):
        return 0
    if LAST.search(stripped):
        return count - 1
    found = ORDINAL.search(stripped)
    if not found:
        return None
    digit = found.group(1) or found.group(2)
    index = ORDINALS.index(digit) if digit in ORDINALS else int(digit) - 1
    return index if index < count else None


def _told_apart(payees: Sequence[Payee], text: str) -> list[Payee]:
    by_tail = [payee for payee in payees if payee.tail in text]
    by_bank = [payee for payee in payees if _names_bank(text, payee.bank)]
    return [payee for payee in by_tail if payee in by_bank] or by_tail or by_bank


def _is_called(payee: Payee, said: str) -> bool:
    return said in _names(payee) or any(_in_latin(name, said) for name in _names(payee))


def _is_in(payee: Payee, text: str) -> bool:
    return any(name in text or _in_latin(name, text) for name in _names(payee) if len(name) > 1)


def _in_latin(name: str, text: str) -> bool:
    """李娜 as Li Na, LINA or li-na; the customer sees the name as it is registered before anything moves."""
    syllables = [re.escape(syllable) for syllable in lazy_pinyin(name)]
    return len(syllables) > 1 and bool(re.search(rf"\b{'[ -]?'.join(syllables)}\b", text, re.IGNORECASE | re.ASCII))


def _names(payee: Payee) -> set[str]:
    names = {payee.name}
    if payee.alias:
        names |= {payee.alias, *words()["people"].get(payee.alias, [])}
    return names


def _names_bank(text: str, bank: str) -> bool:
    return any(word in text for word in (bank, *words()["banks"].get(bank, [])))
