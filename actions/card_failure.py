"""Why a card does not work: what the core knows of it, the first reason that explains it, and what to do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from actions.conversation import Conversation
from actions.forms import BankAction
from actions.replies import Button, full_day, yuan
from actions.session import ask, gather
from actions.turn import Turn
from actions.words import named
from banking.card import CardFeatures
from banking.model import Account, Card, Limits

ABROAD = ("国外", "境外", "海外", "外国", "出国", "日本", "韩国", "泰国", "美国", "香港", "澳门", "欧洲", "海淘")
WITHOUT_CARD = ("网上", "微信", "支付宝", "线上", "扫码", "快捷", "绑卡", "云闪付", "无卡", "海淘")
LITTLE_FEN = 100_00


@dataclass(frozen=True)
class Facts:
    """All that can explain a failure of one card."""

    card: Card
    account: Account
    features: CardFeatures
    limits: Limits


def reasons(facts: Facts, turn: Turn) -> Iterator[str]:
    """Names of reasons, the surest first. What is said decides whether a switch is one."""
    card, account, features = facts.card, facts.account, facts.features
    if card.state != "active":
        yield card.state
    if account.restriction is not None:
        yield "restricted"
    if features.expired:
        yield "expired"
    if features.pin == "locked":
        yield "pin_locked"
    if not features.overseas and _says(turn, ABROAD):
        yield "overseas_off"
    if not features.cardless and _says(turn, WITHOUT_CARD):
        yield "cardless_off"
    if account.available_fen < LITTLE_FEN:
        yield "no_money"
    if card.kind == "debit" and facts.limits.remaining_today_fen <= 0:
        yield "limit_used"


def meant(cards: Sequence[Card], turn: Turn) -> list[Card]:
    """The cards that the message names, all when it names none."""
    tails, kind = turn.tails(frozenset(card.tail for card in cards)), named("cards", turn.text)
    reference = turn.reference("card_ref")
    found = [card for card in cards if card.tail in tails or card.id == reference]
    found = found or [card for card in cards if not tails and kind == card.kind]
    return found or list(cards)


class ActionExplainCardFailure(BankAction):
    """Says for each card that was meant what is wrong with it, with a button that mends it."""

    capability = "card_service"

    def name(self) -> str:
        return "action_explain_card_failure"

    async def serve(self, talk: Conversation) -> None:
        known = await self._facts(talk)
        chosen = {card.id for card in meant([facts.card for facts in known], talk.turn)}
        found = [(facts, next(reasons(facts, talk.turn), None)) for facts in known if facts.card.id in chosen]
        wrong = [(facts, reason) for facts, reason in found if reason is not None]
        for facts, reason in wrong:
            _tell(talk, facts, reason)
        if not wrong:
            closed = [facts for facts, _ in found if not facts.features.overseas]
            buttons = _mend(talk, closed[0], "overseas_off") if len(closed) == 1 else []
            shown = "、".join(talk.say.card(facts.card) for facts, _ in found)
            talk.say.say("utter_card_failure_nothing", buttons, cards=shown)

    async def _facts(self, talk: Conversation) -> list[Facts]:
        session = talk.session
        cards, accounts, features, limits = await gather(
            ask("cards", session), ask("accounts", session), ask("card_features", session), ask("limits", session)
        )
        by_account = {account.id: account for account in accounts}
        by_card = {one.card_id: one for one in features}
        return [Facts(card, by_account[card.account_id], by_card[card.id], limits) for card in cards]


MENDED_BY = {
    "frozen": "unfreeze_card",
    "lost": "replace_card",
    "inactive": "activate_card",
    "expired": "replace_card",
    "pin_locked": "reset_pin",
    "overseas_off": "set_overseas_use",
    "cardless_off": "set_overseas_use",
    "limit_used": "check_transfer_limit",
}


def _tell(talk: Conversation, facts: Facts, reason: str) -> None:
    account = facts.account
    talk.say.say(
        f"utter_card_failure_{reason}",
        _mend(talk, facts, reason),
        cards=talk.say.card(facts.card),
        available=yuan(account.available_fen),
        reason=account.restriction.reason if account.restriction else "",
        expired=full_day(facts.features.expires_on + timedelta(days=1)),
    )


def _mend(talk: Conversation, facts: Facts, reason: str) -> list[Button]:
    intent = MENDED_BY.get(reason)
    if intent is None:
        return []
    title = talk.say.phrase(f"phrase_card_failure_{reason}")
    feature = f', "service_option": "{reason.removesuffix("_off")}"' if reason.endswith("_off") else ""
    return [{"title": title, "payload": f'/{intent}{{"card_ref": "{facts.card.id}"{feature}}}'}]


def _says(turn: Turn, words: Sequence[str]) -> bool:
    return any(word in turn.text for word in words)
