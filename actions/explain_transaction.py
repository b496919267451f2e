"""What a transaction or a summary means: by the bank's own table of terms."""

import json

from actions.conversation import Conversation
from actions.finding import Clues, clues_of, meant, recent
from actions.forms import BankAction
from actions.replies import Button
from actions.service_fields import OPTION
from actions.session import ask
from actions.transactions import transaction_row
from banking.account import Term, Terms
from banking.model import Transaction

MOST_SHOWN = 5


class ActionExplainTransaction(BankAction):
    """Explains the transaction that was meant, or the term that was named; whoever did not do it is one tap away."""

    capability = "account"

    def name(self) -> str:
        return "action_explain_transaction"

    async def serve(self, talk: Conversation) -> None:
        known: Terms = await ask("transaction_terms", talk.session)
        clues = clues_of(talk.turn)
        term = next((term for term in known.terms if term.term in clues.text), None)
        found = await self._found(talk, clues, term)
        if len(found) == 1:
            row = transaction_row(talk, found[0])
            talk.say.say(
                "utter_account_explained", _buttons(talk, found[0]), row=row, meaning=_meaning(known, found[0], term)
            )
        elif found:
            rows = "\n".join(transaction_row(talk, item) for item in found[:MOST_SHOWN])
            meaning = term.meaning if term else _meaning(known, found[0], None)
            talk.say.say("utter_account_explained_several", rows=rows, count=len(found), meaning=meaning)
        elif term:
            talk.say.say("utter_account_explained_term", term=term.term, meaning=term.meaning)
        else:
            talk.say.say("utter_account_not_explained")

    async def _found(self, talk: Conversation, clues: Clues, term: Term | None) -> list[Transaction]:
        """A question about a term alone is not about one transaction. Raises BankError."""
        if term and clues.are_few:
            return []
        return await meant(talk, clues, await recent(talk, clues))


def _meaning(known: Terms, item: Transaction, said: Term | None) -> str:
    """Of its summary, of the term that was said, or of its kind."""
    own = next((term.meaning for term in known.terms if term.term == item.summary), None)
    by_kind = next((kind.meaning for kind in known.kinds if kind.kind == item.kind), "")
    return own or (said.meaning if said else by_kind)


def _buttons(talk: Conversation, item: Transaction) -> list[Button]:
    payload = json.dumps({OPTION: item.id})
    return [{"title": talk.say.phrase("phrase_account_receipt"), "payload": f"/request_receipt{payload}"}]
