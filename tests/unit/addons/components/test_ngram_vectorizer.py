import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from addons.components.ngram_vectorizer import NgramVectorizer, ngrams, normalise

TEXTS = ["查余额", "查一下余额还有多少", "转账给妈妈", "转转账"]


@pytest.mark.parametrize(
    ("raw", "plain"),
    [("轉帳給媽媽", "转账给妈妈"), ("ＡＴＭ吞卡", "atm吞卡"), ("  查\n 余额 ", "查 余额"), ("", "")],
)
def test_script_width_case_and_spaces_are_evened_out(raw: str, plain: str) -> None:
    assert normalise(raw) == plain


def test_ngrams_are_characters_and_toneless_syllables() -> None:
    characters, syllables = ngrams("转账")
    assert characters == {"c:转": 1, "c:账": 1, "c:转账": 1}
    assert syllables == {"p:zhuan": 1, "p:zhang": 1, "p:zhuan zhang": 1}


def test_a_homophone_keeps_the_pinyin_half() -> None:
    assert ngrams("转帐")[1] == ngrams("转张")[1]


def test_weights_are_those_of_scikit_learn() -> None:
    ours = NgramVectorizer.fit(TEXTS)
    reference = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True).fit(TEXTS)
    columns = [ours.terms.index("c:" + term) for term in reference.get_feature_names_out()]
    np.testing.assert_allclose(ours.matrix(TEXTS)[:, columns].toarray(), reference.transform(TEXTS).toarray())


def test_what_is_not_known_has_no_columns() -> None:
    columns, values = NgramVectorizer.fit(TEXTS).vector("hello")
    assert len(columns) == len(values) == 0


def test_a_matrix_may_hold_an_empty_row() -> None:
    assert NgramVectorizer.fit(TEXTS).matrix(["hello", "余额"]).toarray().any(axis=1).tolist() == [False, True]
