"""A transfer like the one before: 「一样的再来一次」, 「再给他转500」.

Only what the customer left unsaid is taken from the latest transfer of this conversation; the draft, the confirmation
and the code are new ones as always.
"""

import re
from typing import Any

from actions.conversation import Conversation
from banking.model import TransferDetails

LAST_TRANSFER = "last_transfer"
SAME = re.compile(r"一样|同样|照旧|老样子|原样|照(?:刚才|上次|上一?笔)|再来一?(?:次|笔|遍|回)")
NUMBER = re.compile(r"[\d两二三四五六七八九十百千万亿半]")
"""A figure that was said, understood or not: then the old amount is not the one that is meant."""

SAME_PERSON = re.compile(r"[给跟](?:他|她|TA|ta)|(?:刚才|刚刚|上次|上回)(?:那|这)个人|同一个人|还是(?:他|她)")


def remember(talk: Conversation, transfer: TransferDetails) -> None:
    """The transfer that was carried out just now, as far as a next one can be like it."""
    latest: dict[str, Any] = {
        "payee": transfer.payee.id,
        "payee_name": transfer.payee.name,
        "amount": transfer.amount_fen,
        "account": transfer.from_account.id,
    }
    talk.memory.set(**{LAST_TRANSFER: latest})


def hear_again(talk: Conversation) -> None:
    """After the details of the message were heard: fill what it leaves to the transfer before."""
    turn, memory = talk.turn, talk.memory
    same = bool(SAME.search(turn.text))
    if turn.is_button or memory["transfer_draft"] or not (same or SAME_PERSON.search(turn.text)):
        return
    named = memory["transfer_payee"] or memory["transfer_payee_said"]
    latest = memory[LAST_TRANSFER]
    if latest is None:
        if not named and not talk.asked:
            talk.say.say("utter_transfer_nobody_before")
        return
    if not named:
        memory.set(transfer_payee=latest["payee"], transfer_payee_name=latest["payee_name"])
    if same and not (memory["transfer_amount"] or memory["transfer_scope"] or NUMBER.search(turn.text)):
        memory.set(transfer_amount=latest["amount"])
    if same and not (memory["transfer_account"] or memory["transfer_account_said"]):
        memory.set(transfer_account=latest["account"])
