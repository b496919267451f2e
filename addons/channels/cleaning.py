"""Text a customer typed -> text that Rasa may read."""

import re
import unicodedata

# Shapes a reader (or NFKC, later on) takes for a slash; Rasa reads a leading one as an intent with entities.
SLASHES = "/\u2044\u2215\u29f8\uff0f\u2571\u27cb\u1735\u2cc6\u29f6\u2afd\u2afb"
_DROPPED_CATEGORIES = {"Cc", "Cf", "Cs", "Co"}
# Invisible although Unicode calls them letters, marks or symbols: fillers, joiners, variation selectors, blank Braille.
_INVISIBLE = re.compile(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
_SPACE = re.compile(r"\s+")
# Kept as it is: between digits it may separate clauses, where NFKC's plain comma would make thousands of them.
_KEPT = "\uff0c"


def clean(text: str) -> str:
    """NFKC, nothing invisible, white space folded, no slash in front: a fixed point of all of these.

    Rules of reference/security.md §3.2. `clean(clean(x)) == clean(x)`, and no result becomes a Rasa intent.
    """
    while (cleaned := _pass(text)) != text:
        text = cleaned
    return text


def without_leading_slash(text: str) -> str:
    """`text` that Rasa cannot read as an intent, even after `str.strip()`."""
    return text.strip().lstrip(SLASHES + " ")


def visible(text: str) -> str:
    """`text` as it was typed, lines and all, with nothing in it that cannot be seen."""
    lines = (_without_invisible(_SPACE.sub(" ", line)).strip() for line in text.splitlines())
    return "\n".join(lines).strip()


def _pass(text: str) -> str:
    folded = _KEPT.join(unicodedata.normalize("NFKC", part) for part in text.split(_KEPT))
    return without_leading_slash(_without_invisible(_SPACE.sub(" ", folded)))


def _without_invisible(text: str) -> str:
    seen = _INVISIBLE.sub("", text)
    return "".join(char for char in seen if unicodedata.category(char) not in _DROPPED_CATEGORIES)
