"""Questions made unanswerable by a small change: what SQuAD 2.0's writers did, done by rule.

After Rajpurkar, Jia and Liang 2018, "Know What You Don't Know", table 1: an entity exchanged, an
antonym, a negation put in or taken out, a condition that the paragraph does not meet.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from qa.answering.opposites import OPPOSITES
from qa.training.examples import Example

_NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3}){0,6}(?:\.\d+)?(?!\w)")
_YEAR = re.compile(r"(?<![\w.,])(?:1[0-9]|20)\d\d(?![\w])")
_NAME = re.compile(
    r"(?<![\w.])[A-Z][\w\u2019'-]{0,60}[a-z][\w-]*(?: (?:of |the |de |von )?[A-Z][\w-]+)*"
)
_TIME = re.compile(
    r"\b(?:January|February|March|April|June|July|August|September|October|November|December"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)
_WORD = re.compile(r"\b[a-z]{4,}\b")
_ENDINGS = ("tion", "ing", "ed", "ly", "er", "ity", "al", "s", "")
_COMMON = """
what which when where whom whose does have been being were that this these those with from into
about after before during many much long often kind type name other than they their there them
also some would could should will according besides between under over more most part used
called person people time
"""
_QUESTION_WORDS = frozenset(_COMMON.split())
_AUXILIARIES = re.compile(
    r"\b(is|was|are|were|did|does|do|could|has|have|would|should|had)\b(?! not|n't)"
)
_NEGATIONS = re.compile(r"\b(is|was|are|were|did|does|do|could|has|have|would|should|had)n't\b")


@dataclass(slots=True)
class Pools:
    """Names, numbers, years, times and words seen in one article's paragraphs, by kind."""

    by_kind: dict[str, list[str]] = field(default_factory=dict)


def pools_of(contexts: Sequence[str]) -> Pools:
    found: dict[str, dict[str, None]] = {}
    for context in contexts:
        for kind, text in _entities(context) + _words(context):
            found.setdefault(kind, {})[text] = None
    return Pools({kind: list(texts) for kind, texts in found.items()})


def _kind(text: str) -> str | None:
    if _YEAR.fullmatch(text):
        return "year"
    if _NUMBER.fullmatch(text):
        return "number"
    if _TIME.fullmatch(text):
        return "time"
    return "name" if _NAME.fullmatch(text) else None


def _entities(text: str) -> list[tuple[str, str]]:
    found = []
    for pattern in (_NUMBER, _TIME, _NAME):
        for match in pattern.finditer(text):
            kind = _kind(match.group())
            opens = match.start() == 0 or text[: match.start()].rstrip()[-1:] in (".", "!", "?", "")
            if kind and not (kind == "name" and opens):
                found.append((kind, match.group()))
    return found


def _words(text: str) -> list[tuple[str, str]]:
    return [(_ending(word), word) for word in _WORD.findall(text) if word not in _QUESTION_WORDS]


def _ending(word: str) -> str:
    return "word-" + next(ending for ending in _ENDINGS if word.endswith(ending))


def _replaced(question: str, old: str, new: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, question, count=1)


def _foreign(example: Example, text: str) -> bool:
    """Whether the text is neither in the question nor near an answer (its sentence, roughly)."""
    lowered = text.lower()
    if lowered in example.question.lower():
        return False
    return all(
        lowered not in example.context[max(0, start - 120) : end + 120].lower()
        for start, end in example.spans
    )


def _exchange(
    example: Example, pools: Pools, old: Sequence[tuple[str, str]], random: Random
) -> str | None:
    context = example.context.lower()
    known = [(kind, text) for kind, text in old if text.lower() in context]
    if not known:
        return None
    kind, text = random.choice(known)
    own = [new for new_kind, new in _entities(example.context) if new_kind == kind]
    pool = own if own and random.random() < 0.5 else pools.by_kind.get(kind, [])
    for _ in range(8 if pool else 0):
        new = random.choice(pool)
        if new != text and _foreign(example, new):
            return _replaced(example.question, text, new)
    return None


def exchange_entity(example: Example, pools: Pools, random: Random) -> str | None:
    """Another name, number, year or month for one that the paragraph mentions."""
    return _exchange(example, pools, _entities(example.question), random)


def exchange_word(example: Example, pools: Pools, random: Random) -> str | None:
    """Another word of the article, with the same ending, for one that the paragraph mentions."""
    return _exchange(example, pools, _words(example.question), random)


def exchange_antonym(example: Example, pools: Pools, random: Random) -> str | None:
    """A word of the question turned into its opposite."""
    words = [word for word in re.findall(r"\b[a-z]+\b", example.question) if word in OPPOSITES]
    if not words:
        return None
    word = random.choice(words)
    return _replaced(example.question, word, random.choice(OPPOSITES[word]))


def negate(example: Example, pools: Pools, random: Random) -> str | None:
    """A negation put in, or taken out where there is one."""
    if _NEGATIONS.search(example.question):
        return _NEGATIONS.sub(r"\1", example.question, count=1)
    if not _AUXILIARIES.search(example.question):
        return None
    form = r"\1n't" if random.random() < 0.6 else r"\1 never"
    return _AUXILIARIES.sub(form, example.question, count=1)


Edit = Callable[[Example, Pools, Random], str | None]

EDITS: tuple[tuple[float, Edit], ...] = (
    (0.50, exchange_entity),
    (0.20, exchange_word),
    (0.20, exchange_antonym),
    (0.10, negate),
)


def unanswerable(example: Example, pools: Pools, random: Random) -> str | None:
    """The question changed so that its paragraph no longer answers it, or None."""
    edits = list(EDITS)
    while edits:
        chosen = random.choices(edits, weights=[weight for weight, _ in edits])[0]
        question = chosen[1](example, pools, random)
        if question and question != example.question:
            return question
        edits.remove(chosen)
    return None
