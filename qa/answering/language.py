"""Language: whether a question is in another one than the texts, told by their small words."""

import re
from collections.abc import Iterable

FUNCTION_WORDS = {
    "English": "the of and to in is was for that with are what who when where how why did does on",
    "German": "der die das und ist wie viele wann wer wo warum ein eine den dem nicht hat wird "
    "sind von mit für im was haben wurde gibt es ich kann",
    "French": "le la les des est une dans pour que qui quand où combien pourquoi comment sont du "
    "et ont au avec elles ils quel quelle a-t-il est-ce ce",
    "Spanish": "el los las es una en para que quién cuándo dónde cuántos cuánto por qué cómo del y "
    "fue son con cuál la de",
    "Italian": "il lo gli è una che chi quando dove quanti quanto perché come di della e sono con "
    "per nel quale del",
    "Dutch": "de het een van en is hoeveel wanneer wie waar waarom hoe zijn niet met voor op wordt",
    "Portuguese": "o os as é uma em para que quem quando onde quantos quanto por como do da e foi "
    "são",
    "Polish": "w na jest nie kto kiedy gdzie ile dlaczego jak się do i są czy przez z",
}
"""Frequent words of languages in which questions may come."""

_WORDS = {name: frozenset(words.split()) for name, words in FUNCTION_WORDS.items()}


def language_of(text: str) -> str | None:
    """The language most of whose small words a text holds; None when that is not clear."""
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.lower())
    counts = {name: sum(word in own for word in words) for name, own in _WORDS.items()}
    best = max(counts, key=counts.__getitem__)
    others = [count for name, count in counts.items() if name != best]
    return best if counts[best] >= 2 and counts[best] > max(others) else None


def another_language(question: str, texts: Iterable[str]) -> str | None:
    """The question's language, when it is not that of any of the texts."""
    own = language_of(question)
    if own is None or own == "English":
        return None
    return None if own in {language_of(text) for text in texts} else own
