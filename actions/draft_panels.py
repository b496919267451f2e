"""Drafts as panels: to be confirmed, carried out, in review, refused, or with a result that nobody knows yet."""

from collections.abc import Sequence

from actions.panels import Card, State, money
from actions.replies import Replies
from banking.model import Draft, Line, TransferDetails

STATES: dict[str, State] = {"DONE": "done", "REVIEW": "pending"}


def kept(lines: Sequence[Line]) -> list[list[str]]:
    """Lines as a slot holds them: [[label, value], ...]."""
    return [[line.label, line.value] for line in lines]


def lines_of(slot: Sequence[Sequence[str]] | None) -> list[Line]:
    """Lines out of a slot, none when it is empty."""
    return [Line(label, value) for label, value in slot or ()]


def draft_card(say: Replies, draft: Draft) -> Card | None:
    """How a draft ended; what its answer says in words stands around the rows."""
    state = STATES.get(draft.state, "failed")
    if draft.transfer is None:
        lines = draft.result.lines if draft.result else ()
        amount_fen = draft.order.asked.get("amount_fen") if draft.order else None
        return _order_card(say, draft.kind, lines, amount_fen, state)
    title = say.phrase(f"phrase_transfer_title_{state}")
    rows, amount_fen = transfer_rows(say, draft.transfer), draft.transfer.amount_fen
    if draft.result is None:
        return Card(title, rows, amount_fen, state)
    receipt = Line(say.phrase("phrase_transfer_label_receipt"), draft.result.receipt_no)
    return Card(title, [*rows, receipt], amount_fen, state, framed=False)


def transfer_rows(say: Replies, transfer: TransferDetails) -> list[Line]:
    """Who receives and which account pays."""
    payer = transfer.from_account
    account = say.phrase("phrase_transfer_account", name=payer.name, tail=payer.tail)
    return [
        Line(say.phrase("phrase_transfer_label_payee"), say.transfer_values(transfer)["payee"]),
        Line(say.phrase("phrase_transfer_label_account"), account),
    ]


def rows_to_confirm(say: Replies, transfer: TransferDetails) -> list[Line]:
    """Those, and the fee."""
    return [*transfer_rows(say, transfer), Line(say.phrase("phrase_transfer_label_fee"), money(transfer.fee_fen))]


def transfer_to_confirm(say: Replies, rows: Sequence[Line], amount_fen: int) -> Card:
    """A transfer before it is confirmed: the core's own text stands above the rows."""
    return Card(say.phrase("phrase_transfer_title_confirm"), rows, amount_fen, confirm=True)


def transfer_unknown(say: Replies, rows: Sequence[Line], amount_fen: int) -> Card:
    """A transfer whose answer was lost."""
    return Card(say.phrase("phrase_transfer_title_unknown"), rows, amount_fen, "pending")


def order_to_confirm(say: Replies, kind: str, lines: Sequence[Line], amount_fen: object) -> Card | None:
    """An order before it is confirmed, with the core's own lines."""
    return _order_card(say, kind, lines, amount_fen, confirm=True)


def order_unknown(say: Replies, summary: str) -> Card | None:
    """An order whose answer was lost."""
    if say.speaks_english:
        return None
    row = Line(say.phrase("phrase_service_label_order"), summary)
    return Card(say.phrase("phrase_service_title_unknown"), [row], state="pending")


def _order_card(
    say: Replies,
    kind: str,
    lines: Sequence[Line],
    amount_fen: object,
    state: State | None = None,
    confirm: bool = False,
) -> Card | None:
    """None in English: the core words its lines in Chinese only."""
    if say.speaks_english:
        return None
    named = f"phrase_reading_{kind}"
    title = say.phrase(named if say.knows(named) else "phrase_service_title")
    return Card(title, lines, amount_fen if isinstance(amount_fen, int) else None, state, confirm)
