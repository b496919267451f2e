"""Tokens of Chinese text: every character by itself, except runs of ASCII letters or of ASCII digits."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

_TOKEN = re.compile(r"[A-Za-z]+|[0-9]+|\S")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class CharacterTokenizer(Tokenizer):
    """Cuts between any two Chinese characters, so that no annotated span ends inside a token.

    Offsets are code points of the raw text; white space belongs to no token; a full-width letter or digit is one token.
    """

    @staticmethod
    def supported_languages() -> list[str]:
        return ["zh"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The keys that Rasa's Tokenizer reads; intents are never split."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_"}

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        found = _TOKEN.finditer(message.get(attribute))
        return [Token(match.group(), match.start(), match.end()) for match in found]
