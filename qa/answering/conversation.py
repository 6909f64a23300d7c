"""Conversation: whether a question depends on the turns before it, and how it reads with them.

"And when?" says nothing alone, "Who wrote Faust?" needs nothing else. Neither its words nor its
length tell the two apart for certain, so the library is asked: a search for the question as it is
written, and one for the question in its context. A logistic regression over how well the two
searches did and over the question's words (``FollowUpFeatures``) decides between them.
"""

import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from index.library import Found
from index.stopwords import STOPWORDS
from qa.answering.confidence import logistic
from qa.answering.retrieve import place_of

LOOKED_AT = 20
"""Passages of each search that the comparison looks at."""

MOST_LEAD = 0.25
"""A lead beyond this says no more than this."""

MOST_CONTENT = 6
"""Content words beyond this say no more than this."""

LONGEST_QUOTED = 12
"""Words in an earlier answer at most that are still repeated: longer ones drown the question."""

OPENINGS = frozenset({("and",), ("or",), ("but",), ("so",), ("also",), ("then",)}) | {
    ("what", "about"),
    ("how", "about"),
}
"""Words that open a question which goes on from something."""

PRONOUNS = frozenset("he him his she her hers it its they them their theirs".split())
"""Words that stand for something said before."""

DEMONSTRATIVES = frozenset("this that these those there then one ones here".split())
"""Words that stand for something said before when no noun follows them."""

BEFORE_A_NOUN_PHRASE = frozenset(
    """
    is was are were did does do has have had can could will would not
    of by for in to from with after before at on
    """.split()
)
"""A demonstrative after one of these, as in "why is that" or "after this", stands for a noun."""

ADVERBS = frozenset("when where why how".split())
"""Question words that take each other's place: "When did it begin?", "Why did it begin?"."""

AUXILIARIES = frozenset("is was are were did does do has have had can could will would".split())


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question as it was written, and the answer it got; "" when it got none."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class FollowUpFeatures:
    """What tells whether a question follows.

    ``gain``: by how much more the best passage suits the question in its context than the best one
    suits it as written, in the search's scores. ``lead``: as written, by how much the best
    passage suits it more than the one that is best in context, at most ``MOST_LEAD``.
    ``pronoun`` and ``opening``: whether it holds a pronoun that nothing in it explains, and
    whether it opens like a continuation; 0 or 1. ``content``: its content words, at most
    ``MOST_CONTENT``.
    """

    gain: float
    lead: float
    pronoun: float
    opening: float
    content: float


@dataclass(frozen=True, slots=True)
class FollowUpWeights:
    """The log-odds that a question follows: an intercept, and what each feature adds."""

    intercept: float
    features: FollowUpFeatures

    def probability(self, features: FollowUpFeatures) -> float:
        added = zip(astuple(self.features), astuple(features), strict=True)
        return logistic(self.intercept + sum(weight * value for weight, value in added))


FITTED = FollowUpWeights(
    0.43, FollowUpFeatures(gain=23.69, lead=-7.25, pronoun=2.41, opening=3.56, content=-0.68)
)
"""Fitted by ``python -m qa.training.follow_ups --fit`` on the dialogues meant for tuning."""

NEEDED = 0.85
"""A question follows from this probability on. Chosen on the same dialogues and questions,
cross-validated over their articles: with it none that came after unrelated turns was found less
well than as written."""


def in_context(question: str, conversation: Sequence[Turn]) -> str:
    """The question with the earlier turns it needs, for the search.

    "Why?" takes the place of the question word of the last question that stands alone, if it can;
    otherwise the last turn follows in brackets, after the turn that it goes on from itself, if it
    does.
    """
    topic = _topic(conversation)
    needed = dict.fromkeys((topic, conversation[-1]))
    exchanged = _exchanged(question, topic.question)
    return exchanged or f"{question} ({' '.join(map(_as_context, needed))})"


def restated(question: str, conversation: Sequence[Turn]) -> str:
    """The question as a person could have asked it alone.

    "And Leeds?" is the last question with Leeds in the place of its own name; otherwise what the
    conversation is about comes first: "About the ferry: how much is it?".
    """
    topic = _topic(conversation)
    exchanged = _exchanged(question, topic.question)
    if exchanged:
        return exchanged
    opening = _OPENING.match(question)
    plain = question[opening.end() if opening else 0 :].strip() or question
    named = _named_in(topic.question)
    if named and _NAMED.fullmatch(plain.rstrip(" ?.!")):
        return topic.question.replace(named, plain.rstrip(" ?.!"), 1)
    subject = _subject(question, conversation)
    if subject is None or subject.casefold() in plain.casefold():
        return f"{plain[0].upper()}{plain[1:]}"
    return f"{ABOUT}{subject}: {plain}"


_OPENING = re.compile(
    r"(?:(?:and|or|but|so|also|then|ok|okay|no|well)\b[\s,]{0,3}){0,4}"
    r"(?:(?:what|how) about\s|i mean\s|i meant\s)?",
    re.IGNORECASE,
)
_NAME = (
    r"(?!I\b)[A-Z][\w'’.&-]*(?:(?: (?:of|the|in|and|de|van|von|for)){0,2} [A-Z0-9][\w.&-]*){0,6}"
)
_NAMED = re.compile(_NAME)
_SUBJECT = re.compile(
    rf"\b[Tt]he (?:[a-z-]+ ){{1,4}}?(?:of|in|at|from|on|to|for) (?:the )?{_NAME}"
    rf"|(?:[Tt]he )?{_NAME}"
)
_DEFINITE = re.compile(r"\b(?:the|my) [a-z-]{3,}\b")
_PERSON = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?$")

ABOUT = "About "
"""Begins a question that what it is about was added to."""

LONGEST_NAME = 4
"""Words in an answer at most that is taken for a name."""


def _topic(conversation: Sequence[Turn]) -> Turn:
    """The last turn that stands alone; the first has nothing to go on from."""
    first, *later = conversation
    *_, topic = first, *(turn for turn in later if not _leans(turn.question))
    return topic


def _subject(question: str, conversation: Sequence[Turn]) -> str | None:
    """What a question that follows is about: for "he" or "she" the last answer that is a name, and
    otherwise the last thing that a question named."""
    if _PERSON.search(question):
        for turn in reversed(conversation):
            short = len(turn.answer.split()) <= LONGEST_NAME
            if short and _NAMED.fullmatch(turn.answer):
                return turn.answer
    for turn in (_topic(conversation), *reversed(conversation)):
        found = _subject_in(turn.question)
        if found:
            return found
    return None


def _subject_in(question: str) -> str | None:
    """The longest phrase with a name in a question but for its first word, or the last definite
    noun."""
    rest = question.strip().partition(" ")[2]
    named = max((found[0] for found in _SUBJECT.finditer(rest)), key=len, default=None)
    if named is None:
        *_, named = None, *(found[0] for found in _DEFINITE.finditer(rest))
    return _POSSESSIVE.sub("", named) if named else None


def _named_in(question: str) -> str | None:
    *_, last = None, *(found[0] for found in _NAMED.finditer(question.strip().partition(" ")[2]))
    return last


def follow_up_features(
    question: str, as_written: Found, in_context: Found
) -> FollowUpFeatures | None:
    """The features that a question and its two searches give; None when these found nothing."""
    if not as_written.passages or not in_context.passages:
        return None
    alone, best = as_written.passages[0], in_context.passages[0]
    scores = {place_of(passage): passage.score for passage in as_written.passages}
    otherwise = as_written.passages[-1].score
    words = _words(question)
    return FollowUpFeatures(
        gain=best.score - alone.score,
        lead=min(alone.score - scores.get(place_of(best), otherwise), MOST_LEAD),
        pronoun=float(_has_open_pronoun(words)),
        opening=float(_opens_as_continuation(words)),
        content=float(min(len(_content(words)), MOST_CONTENT)),
    )


def _leans(question: str) -> bool:
    """Whether a question looks, by its words alone, as if it went on from another."""
    words = _words(question)
    return _has_open_pronoun(words) or _opens_as_continuation(words) or len(_content(words)) <= 1


def _has_open_pronoun(words: Sequence[str]) -> bool:
    """Whether a pronoun stands there before any name or number that it could stand for."""
    for number, word in enumerate(words):
        if number and (word[0].isupper() or word[0].isdigit()):
            return False
        if word.lower() in PRONOUNS:
            return True
        if word.lower() in DEMONSTRATIVES and _is_alone(words, number):
            return True
    return False


def _is_alone(words: Sequence[str], number: int) -> bool:
    last = number == len(words) - 1
    return last or (number > 0 and words[number - 1].lower() in BEFORE_A_NOUN_PHRASE)


def _opens_as_continuation(words: Sequence[str]) -> bool:
    first = tuple(word.lower() for word in words[:2])
    return first[:1] in OPENINGS or first in OPENINGS


def _content(words: Sequence[str]) -> list[str]:
    """The words that say what about."""
    empty = STOPWORDS | PRONOUNS | DEMONSTRATIVES
    return [word for word in words if word.lower() not in empty]


def _exchanged(question: str, previous: str) -> str | None:
    """The previous question with the question word that the new one consists of."""
    asked = [word for word in _words(question) if word.lower() != "and"]
    first, _, rest = previous.strip().partition(" ")
    exchangeable = (
        len(asked) == 1
        and {asked[0].lower(), first.lower()} <= ADVERBS
        and rest.partition(" ")[0] in AUXILIARIES
    )
    return f"{asked[0].capitalize()} {rest}" if exchangeable else None


def _as_context(turn: Turn) -> str:
    short = len(turn.answer.split()) <= LONGEST_QUOTED
    return f"{turn.question} {turn.answer}".strip() if short else turn.question


def _words(text: str) -> list[str]:
    return re.findall(r"\w+(?:['’]\w+)*", text)
