import pytest
from rasa.shared.nlu.training_data.message import Message

from addons.components.character_tokenizer import CharacterTokenizer


@pytest.fixture
def tokenizer() -> CharacterTokenizer:
    return CharacterTokenizer(CharacterTokenizer.get_default_config())


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("给李娜转500", ["给", "李", "娜", "转", "500"]),
        ("转1.5w到ATM", ["转", "1", ".", "5", "w", "到", "ATM"]),
        ("  查 余额,\n谢谢😀", ["查", "余", "额", ",", "谢", "谢", "😀"]),
        ("ＡＢ１２", ["Ａ", "Ｂ", "１", "２"]),
        ("caféà", ["caf", "é", "à"]),
        (" ", []),
    ],
)
def test_tokens_and_their_places_in_the_raw_text(tokenizer: CharacterTokenizer, text: str, tokens: list[str]) -> None:
    found = tokenizer.process([Message.build(text)])[0].get("text_tokens")
    assert [token.text for token in found] == tokens
    assert [text[token.start : token.end] for token in found] == tokens


def test_only_for_chinese() -> None:
    assert CharacterTokenizer.supported_languages() == ["zh"]
