"""The risk questionnaire: the core's questions, one field each, answered by a letter."""

import re
from typing import Any, ClassVar

from actions.conversation import Conversation
from actions.payees import place
from actions.replies import Button
from actions.service_fields import OPTION, Field, Values, option
from actions.service_form import ServiceForm
from actions.session import ask
from actions.turn import UNSURE_INTENTS, Turn
from banking.wealth import AssessRisk, RiskQuestion

COUNT = 7
NUMERALS = "一二三四五六七"
LETTERS = "ABCD"
LETTER = re.compile(r"^(?:[我就应该选是要]*)([A-Da-d])(?:[吧。.!！]*)$")
LONGEST_ANSWER = 12


class QuestionField(Field):
    """The answer to one question: a letter, a place, or the words of an option. Value: the letter."""

    def __init__(self, number: int) -> None:
        super().__init__(f"q{number}")
        self._number = number
        self._named = re.compile(rf"第\s*[{number}{NUMERALS[number - 1]}]\s*题\D{{0,6}}?([A-Da-d])")

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        if turn.is_button:
            return turn.reference(OPTION) if asked else None
        return self.named(turn) or (self._answer(turn) if asked else None)

    def named(self, turn: Turn) -> str | None:
        """The letter that is said to belong to just this question: 「第3题改成B」."""
        found = self._named.search(turn.text)
        return found.group(1).upper() if found else None

    def _answer(self, turn: Turn) -> str | None:
        text = turn.text.strip()
        letter, index = LETTER.match(text), place(text, len(LETTERS))
        if letter:
            return letter.group(1).upper()
        if index is not None:
            return LETTERS[index]
        own_words = turn.intent in (*UNSURE_INTENTS, "inform", "correct_value") and len(text) <= LONGEST_ANSWER
        return text if own_words else None

    def claims(self, turn: Turn) -> bool:
        heard = None if turn.is_button else self.hear(turn, asked=True)
        return heard is not None and (heard in LETTERS or turn.intent in UNSURE_INTENTS)

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if said is None or said in LETTERS:
            return said
        options = (await self._question(talk)).options
        found = [letter for letter, text in zip(LETTERS, options, strict=False) if said in text]
        return found[0] if len(found) == 1 else None

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        options = (await self._question(talk)).options
        return [
            option(talk.say.phrase("phrase_risk_option", letter=letter, text=text), letter)
            for letter, text in zip(LETTERS, options, strict=False)
        ]

    async def wording(self, talk: Conversation, values: Values) -> dict[str, Any]:
        return {"number": self._number, "count": COUNT, "question": (await self._question(talk)).text}

    async def _question(self, talk: Conversation) -> RiskQuestion:
        questions: tuple[RiskQuestion, ...] = await ask("risk_questions", talk.session)
        return questions[self._number - 1]


class AssessRiskForm(ServiceForm):
    """风险测评: every question in turn, the result with the confirmation, the code at the end."""

    capability = "wealth"
    intent = "assess_risk"
    questions: ClassVar[tuple[QuestionField, ...]] = tuple(QuestionField(number) for number in range(1, COUNT + 1))

    fields: ClassVar[tuple[Field, ...]] = questions

    def _is_for_me(self, talk: Conversation) -> bool:
        return super()._is_for_me(talk) or any(field.named(talk.turn) for field in self.questions)

    def question(self, name: str) -> str:
        return "utter_assess_risk_ask_question"

    def order(self, values: Values) -> AssessRisk:
        return AssessRisk("".join(values[field.name] for field in self.fields))
