"""Looking at cards: where a new one is, how a loss report is taken back."""

from actions.conversation import Conversation
from actions.forms import BankAction
from actions.replies import Button, day, full_day
from actions.session import ask
from banking.card import CardOrder
from banking.model import Card


class ActionCheckCardProgress(BankAction):
    """Each new card with its stage; one that arrived can be activated with a tap."""

    capability = "card_service"

    def name(self) -> str:
        return "action_check_card_progress"

    async def serve(self, talk: Conversation) -> None:
        orders: tuple[CardOrder, ...] = await ask("card_orders", talk.session)
        if not orders:
            talk.say.say("utter_card_progress_none")
            return
        rows = "\n".join(_row(talk, order) for order in orders)
        waiting = [order for order in orders if order.stage == "delivered"]
        talk.say.say("utter_card_progress", [_activate(talk, order) for order in waiting], rows=rows)


def _row(talk: Conversation, order: CardOrder) -> str:
    kind = talk.say.phrase(f"phrase_card_{order.card_kind}")
    return talk.say.phrase(
        f"phrase_card_progress_{order.stage}",
        card=talk.say.phrase("phrase_card_choice", kind=kind, tail=order.card_tail),
        order_no=order.order_no,
        ordered=day(order.ordered_at),
        expected=full_day(order.expected_on),
        tracking_no=order.tracking_no or "",
        address=order.address,
    )


def _activate(talk: Conversation, order: CardOrder) -> Button:
    title = talk.say.phrase("phrase_card_activate", tail=order.card_tail)
    return {"title": title, "payload": f'/activate_card{{"card_ref": "{order.card_id}"}}'}


class ActionCancelLossReport(BankAction):
    """Only at the counter: which cards, why there, what to bring; a visitor hears the general way."""

    capability = "card_service"

    def name(self) -> str:
        return "action_cancel_loss_report"

    async def serve(self, talk: Conversation) -> None:
        if talk.visitor_session is None:
            talk.say.say("utter_cancel_loss_report")
            return
        cards: tuple[Card, ...] = await ask("cards", talk.session)
        lost = [card for card in cards if card.state == "lost"]
        if not lost:
            frozen = any(card.state == "frozen" for card in cards)
            talk.say.say("utter_cancel_loss_report_frozen" if frozen else "utter_cancel_loss_report_none")
            return
        orders: tuple[CardOrder, ...] = await ask("card_orders", talk.session)
        replaced = {order.card_id for order in orders if order.stage != "activated"}
        for card in lost:
            response = "utter_cancel_loss_report_replaced" if card.id in replaced else "utter_cancel_loss_report_card"
            talk.say.say(response, cards=talk.say.card(card))
