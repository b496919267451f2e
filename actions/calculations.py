"""A service that answers and orders nothing; it asks, is corrected and left as every service."""

from abc import abstractmethod

from actions.conversation import Conversation
from actions.field_form import FieldForm
from actions.forms import FormOver
from actions.service_fields import Values


class CalculationForm(FieldForm):
    """Once all fields are known, `tell` says the result and the form is over. Visitors may use it."""

    @abstractmethod
    def tell(self, talk: Conversation, values: Values) -> None:
        """Say the result."""

    async def advance(self, talk: Conversation) -> str | None:
        memory = talk.memory
        await self._leave_the_old(talk)
        if memory["service_confirmed"] is False:
            talk.say.say("utter_service_cancelled")
            raise FormOver
        missing = await self._settle(talk)
        if missing:
            return self._ask_for(talk, missing)
        self.tell(talk, memory["service_values"])
        raise FormOver
