"""Query words: those of a question that tell what it is about."""

import re
import unicodedata

from index.stopwords import STOPWORDS

WORD = re.compile(r"\w+")


def query_words(query: str) -> list[str]:
    """The query's words without stop words, each once, or all of them when nothing else is left."""
    composed = unicodedata.normalize("NFC", query)  # an accent of its own would part a word
    words = list(dict.fromkeys(word.lower() for word in WORD.findall(composed)))
    return [word for word in words if word not in STOPWORDS] or words
