import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from addons.components.ngram_vectorizer import NgramVectorizer, ngrams, normalise

TEXTS = ["查余额", "查一下余额还有多少", "转账给妈妈", "转转账"]
COUNTS = [ngrams(text) for text in TEXTS]


@pytest.mark.parametrize(
    ("raw", "plain"),
    [("轉帳給媽媽", "转账给妈妈"), ("ＡＴＭ吞卡", "atm吞卡"), ("  查\n 余额 ", "查 余额"), ("", "")],
)
def test_script_width_case_and_spaces_are_evened_out(raw: str, plain: str) -> None:
    assert normalise(raw) == plain


def test_ngrams_are_characters_and_toneless_syllables() -> None:
    characters, syllables = ngrams("转账")
    assert characters == {"c:转": 1, "c:账": 1, "c:⊢转": 1, "c:转账": 1, "c:账⊣": 1}
    assert syllables == {"p:zhuan": 1, "p:zhang": 1, "p:⊢ zhuan": 1, "p:zhuan zhang": 1, "p:zhang ⊣": 1}


def test_nothing_has_no_ngrams() -> None:
    assert ngrams(" ") == ({}, {})


def test_a_placeholder_is_one_character() -> None:
    assert {"c:<person>", "c:给<person>", "c:<person>转"} <= ngrams("给<person>转")[0].keys()


def test_a_homophone_keeps_the_pinyin_half() -> None:
    assert ngrams("转帐")[1] == ngrams("转张")[1]


def test_weights_are_those_of_scikit_learn() -> None:
    ours = NgramVectorizer.fit(COUNTS)
    reference = TfidfVectorizer(analyzer=lambda text: list(ngrams(text)[0].elements()), sublinear_tf=True).fit(TEXTS)
    columns = [ours.terms.index(term) for term in reference.get_feature_names_out()]
    np.testing.assert_allclose(ours.matrix(COUNTS)[:, columns].toarray(), reference.transform(TEXTS).toarray())


def test_an_ngram_of_fewer_texts_is_left_out() -> None:
    terms = NgramVectorizer.fit(COUNTS, min_texts=2).terms
    assert "c:余额" in terms
    assert "c:妈" not in terms


def test_what_is_not_known_has_no_columns() -> None:
    columns, values = NgramVectorizer.fit(COUNTS).vector(ngrams("hello"))
    assert len(columns) == len(values) == 0


def test_a_matrix_may_hold_an_empty_row() -> None:
    matrix = NgramVectorizer.fit(COUNTS).matrix([ngrams("hello"), ngrams("余额")])
    assert matrix.toarray().any(axis=1).tolist() == [False, True]


def test_words_in_latin_letters_are_units_of_their_own_whatever_their_case() -> None:
    assert {"p:my", "p:my balance", "p:balance ⊣"} <= ngrams("My Balance")[1].keys()
    assert ngrams("查ATM")[1] == ngrams("查atm")[1]
