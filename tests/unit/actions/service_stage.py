"""A customer in front of one service: each `say` is a turn of Rasa's, the question included."""

from dataclasses import dataclass

from actions.service_actions import ActionAskServiceAnswer, ActionFinishService
from actions.service_form import ServiceForm
from banking.memory import MemoryBank
from tests.unit.actions.stage import Stage


@dataclass
class Service:
    """`form` is the service's own."""

    form: ServiceForm
    stage: Stage
    bank: MemoryBank

    def say(self, text: str, intent: str = "inform", persons: tuple[str, ...] = (), **button: str) -> list[str]:
        said = self.stage.run(self.form, text, intent, persons, **button)
        if self.stage.asked == "service_answer":
            said += self.stage.run(ActionAskServiceAnswer(), text, intent, persons, **button)
        elif self.stage.asked is None and self.stage.form:
            said += self.stage.run(ActionFinishService(), text, intent, persons, **button)
        return said

    def start(self, text: str, persons: tuple[str, ...] = ()) -> list[str]:
        return self.say(text, self.form.intent, persons)

    def type_number(self, number: str) -> list[str]:
        """What the channel makes of a full account number."""
        self.stage.number = self.bank.hold_number(str(self.stage.session), number)
        said = self.say(f"****{number[-4:]}")
        self.stage.number = None
        return said

    def type_code(self) -> list[str]:
        self.bank.submit_code(str(self.stage.session), self.bank.last_code(str(self.stage.login)))
        self.stage.code = "accepted"
        said = self.say("", "inform")
        self.stage.code = None
        return said

    def buttons(self) -> list[str]:
        """Titles of the last message's."""
        return [button["title"] for button in self.stage.messages[-1].get("buttons") or []]

    @property
    def values(self) -> dict[str, object]:
        values: dict[str, object] = self.stage.slots.get("service_values") or {}
        return values
