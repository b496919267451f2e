"""How every form of the bank listens, goes on and ends.

A form hears what the customer said (pure, no bank), then advances: it asks the bank what it needs and names the slot
to ask for next. Both work on a copy of the slots; the difference becomes events. Anything that is not for the form is
left to the rules: the form rejects the turn and `addons/components/resuming_rule_policy.py` brings its question back
after the answer.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import pending
from actions.conversation import REQUESTED_SLOT, Conversation, Memory
from actions.follow_up import take_up
from actions.replies import Replies
from actions.switching import leave_others
from actions.turn import DIALOGUE_INTENTS, UNSURE_INTENTS, Turn
from banking.port import BankContractBroken, BankError, BankRefused, BankUnavailable, OutcomeUnknown


class FormOver(Exception):
    """The form ends now, without its submit action having anything to do; what had to be said was said."""


class BankForm(Action, ABC):
    """Base of the `validate_<form>` actions. Subclasses name their capability, slot prefix and own intents."""

    capability: ClassVar[str]
    own_intents: ClassVar[frozenset[str]]
    kept_slots: ClassVar[frozenset[str]] = frozenset()

    @property
    def prefix(self) -> str:
        """What the names of the form's slots begin with."""
        return self.capability

    @abstractmethod
    def name(self) -> str:
        """validate_<form>. Abstract here, so that rasa-sdk does not register the bases of forms."""

    @abstractmethod
    def hear(self, talk: Conversation) -> None:
        """Take up what was said into memory. No bank calls. Raises FormOver."""

    @abstractmethod
    async def advance(self, talk: Conversation) -> str | None:
        """Do what can be done now.

        Return the slot to ask for, None when the submit action may run. Raises BankError, FormOver.
        """

    def recognises(self, turn: Turn, asked: str | None) -> bool:
        """Whether a message that says little by itself holds just what was asked for."""
        return False

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Called by Rasa at activation, for each message while active, and when the form comes back after an
        interruption.
        """
        say = Replies(dispatcher, domain, self.capability, tracker.latest_message)
        talk = Conversation(tracker, say)
        if not self._is_for_me(talk):
            return [SlotSet(REQUESTED_SLOT, talk.asked)]
        try:
            return await self._go_on(talk)
        except FormOver:
            return self._end(talk.memory)
        except (BankUnavailable, OutcomeUnknown):
            return self._ask(talk, self._slot("retry"))
        except (BankRefused, BankContractBroken) as error:
            say.error(error)
            return self._end(talk.memory)

    def _is_for_me(self, talk: Conversation) -> bool:
        turn = talk.turn
        if turn.intent in self.own_intents or turn.intent in DIALOGUE_INTENTS or turn.code_result:
            return True
        if turn.wants_another_account() or (talk.asked == self._slot("code") and turn.asks_for_new_code()):
            return True
        unsure = turn.intent in UNSURE_INTENTS or turn.is_just_an_amount()
        return unsure and self.recognises(turn, talk.asked)

    async def _go_on(self, talk: Conversation) -> list[EventType]:
        await leave_others(talk, self.prefix)
        if talk.asked and talk.turn.code_result is not None and not talk.memory[self._slot("draft")]:
            talk.say.say("utter_bank_code_dead")  # no draft of this form waits for a code
            return self._ask(talk, talk.asked)
        self.hear(talk)
        return self._ask(talk, await self.advance(talk))

    def _ask(self, talk: Conversation, slot: str | None) -> list[EventType]:
        if talk.asked:
            talk.memory.touch(talk.asked)
        return [*(e for e in talk.memory.events() if e["name"] != REQUESTED_SLOT), SlotSet(REQUESTED_SLOT, slot)]

    def _end(self, memory: Memory) -> list[EventType]:
        memory.forget(self._slot(""), self.kept_slots)
        return [*memory.events(), ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]

    def _slot(self, noun: str) -> str:
        return f"{self.prefix}_{noun}"


class BankAction(Action, ABC):
    """Base of the one-turn actions: finds the customer, asks the bank, answers its errors in words.

    A `query` can be gone on with in half sentences (actions/follow_up.py).
    """

    capability: ClassVar[str]
    query: ClassVar[bool] = False

    @abstractmethod
    async def serve(self, talk: Conversation) -> None:
        """Answer. Raises BankError."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Called by Rasa when a rule or story says so."""
        say = Replies(dispatcher, domain, self.capability, tracker.latest_message)
        talk = Conversation(tracker, say)
        if self.query:
            take_up(talk, self.name())
        try:
            await pending.settle(talk)
            await self.serve(talk)
        except BankError as error:
            say.error(error)
        return talk.memory.events()
