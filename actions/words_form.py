"""Services with fields in the customer's own words: at the confirmation a correction may look like anything."""

from actions.conversation import Conversation
from actions.service_form import CONFIRM, ServiceForm
from actions.story_fields import CORRECTION


class WordsForm(ServiceForm):
    """Takes 「不对，……」 as its own while it asks for the confirmation, whatever the rest reads like."""

    def _is_for_me(self, talk: Conversation) -> bool:
        confirming = talk.memory["service_asked"] == CONFIRM
        return super()._is_for_me(talk) or (confirming and CORRECTION.match(talk.turn.text) is not None)
