"""Suggestions: questions that the library answers, for someone who does not know it yet.

A question is made by turning round a sentence of an article, in the sentence's own words: "The
delegation is expected to push for peace" gives "What is the delegation expected to do?". Then it
is asked, and kept only if the answer comes from the paragraph that holds the sentence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING

from index.article import Article, Paragraph
from index.library import Library
from qa.answering.conversation import PRONOUNS

if TYPE_CHECKING:
    from qa.answering.answerer import Answerer

SUGGESTED = 3

MOST_ASKED = 6
"""Questions that are tried at most, so that a first visit does not wait."""

ARTICLES_READ = 12
"""Articles that questions are made of at most, evenly spread over the library."""

LONGEST_SUBJECT = 9
"""Words in the subject of a sentence at most: longer ones make no question to read at a glance."""

SUBJECT = r"(?P<subject>[A-Z][^,;:()\"“”?!]{0,100}?)"
DEFINITE_SUBJECT = r"(?P<subject>The [^,;:()\"“”?!]{0,100}?)"
PARTICIPLE = r"(?P<done>\w{1,40}(?:ed|wn|lt|ld|nd|ght|de))"
BE = r"(?P<be>is|are|was|were)"
ON_A_DATE = (
    r"(?:in|on) (?:\d{4}|(?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|"
    r"September|October|November|December) )"
)

RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), question)
    for pattern, question in (
        (rf"{SUBJECT} {BE} {PARTICIPLE} {ON_A_DATE}", "When {be} {subject} {done}?"),
        (
            rf"{SUBJECT}(?:, which)? (?P<verb>began|opened|started|ended|died) {ON_A_DATE}",
            "When did {subject} {bare}?",
        ),
        (
            rf"{SUBJECT} {BE} (?P<done>expected|required|allowed|trying|seeking|planning|hoping) "
            r"to \w+",
            "What {be} {subject} {done} to do?",
        ),
        (
            rf"{SUBJECT} (?P<verb>(?:aim|seek|plan|threaten|intend|hope|want|promise)s?) to \w+",
            "What {does} {subject} {bare} to do?",
        ),
        (
            rf"{SUBJECT} (?P<may>could|can|will|would|may|might|must) (?:\w+ly )?"
            r"(?P<verb>(?!be\b|have\b)[a-z]+) (?:the|a|an|all|many|some|more) ",
            "What {may} {subject} {verb}?",
        ),
        (
            rf"{SUBJECT} (?P<have>has|have) {PARTICIPLE} (?:the|a|an|many|some) ",
            "What {have} {subject} {done}?",
        ),
        (
            rf"{SUBJECT} {BE} (?P<done>known|described|seen|viewed|used|regarded) as ",
            "What {be} {subject} {done} as?",
        ),
        (rf"{SUBJECT} {BE} located (?:in|on|at|near) ", "Where {be} {subject} located?"),
        (rf"{DEFINITE_SUBJECT} (?P<be>is|are) (?:the|a|an|one of) ", "What {be} {subject}?"),
    )
)
"""How a sentence begins, and the question it answers; the first that fits is taken."""

BARE_FORMS = {"began": "begin", "died": "die"}

NO_SUBJECT = frozenset(
    """
    that which who whom whose if when while because although as since where whether there but
    however also not never is are was were has have had can could will would do does did
    """.split()
)
"""Words that a subject which can be moved as a whole does not hold."""

INTRODUCTION = re.compile(
    r"(?:In|On|At|After|Before|During|Since|Despite|With|By|From|For|Under|Parallel to|Meanwhile|"
    r"However|According to)\b[^,;]{0,60}, "
)
"""What may stand before the subject, up to the first comma."""

DETERMINERS = frozenset(
    """
    the a an some many most all several both each every no this these that those his her its their
    """.split()
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question and the place that should answer it."""

    question: str
    article: Article
    paragraph: Paragraph


class Suggestions:
    """Keeps the suggestions until the library changes. Not for several threads at once."""

    def __init__(self) -> None:
        self._revision: str | None = None
        self._questions: tuple[str, ...] = ()

    def of(self, answerer: "Answerer") -> tuple[str, ...]:
        """At most ``SUGGESTED`` questions; always the same for a revision of the library."""
        revision = answerer.library.revision
        if revision != self._revision:
            self._questions = suggest(answerer)
            self._revision = revision
        return self._questions


def suggest(answerer: "Answerer", article_id: str | None = None) -> tuple[str, ...]:
    """Questions that are answered from the sentences they are made of, from various articles.

    With an ``article_id`` they are made of that one alone; raises ``ArticleNotFound``.
    """
    tried = islice(candidates(answerer.library, article_id), MOST_ASKED)
    kept = (suggestion.question for suggestion in tried if answers(answerer, suggestion))
    return tuple(islice(kept, SUGGESTED))


def answers(answerer: "Answerer", suggestion: Suggestion) -> bool:
    """Whether the question is answered, first of all from the paragraph it was made of."""
    answer = answerer.ask(suggestion.question)
    if not answer.answered:
        return False
    first = answer.citations[0]
    return (first.article.id, first.paragraph.number) == (
        suggestion.article.id,
        suggestion.paragraph.number,
    )


def candidates(library: Library, article_id: str | None = None) -> Iterator[Suggestion]:
    """Questions to try: one of each article in turn, and of its paragraphs in turn."""
    if article_id:
        ids = [article_id]
    else:
        total = library.counts().articles
        places = range(0, total, max(1, total // ARTICLES_READ))[:ARTICLES_READ]
        ids = [one.id for place in places for one in library.summaries(place, 1).articles]
    seen: set[str] = set()
    for suggestion in _in_turn([_of_article(library, one) for one in ids]):
        if suggestion.question not in seen:
            seen.add(suggestion.question)
            yield suggestion


def _of_article(library: Library, article_id: str) -> list[Suggestion]:
    article, structure = library.whole(article_id)
    return list(_in_turn([_of_paragraph(article, part) for part in structure.paragraphs]))


def _of_paragraph(article: Article, paragraph: Paragraph) -> list[Suggestion]:
    sentences = (sentence.of(article.text) for sentence in paragraph.sentences)
    questions = (turned_round(sentence, article.text) for sentence in sentences)
    return [Suggestion(question, article, paragraph) for question in questions if question]


def _in_turn(lists: Sequence[Sequence[Suggestion]]) -> Iterator[Suggestion]:
    """The first of each list, then the second of each, and so on."""
    rounds = chain.from_iterable(zip_longest(*lists))
    return (suggestion for suggestion in rounds if suggestion is not None)


def turned_round(sentence: str, text: str) -> str | None:
    """The question that a sentence of ``text`` answers, in its own words; None when no rule fits.

    It makes sense to somebody who has not read the sentence before: "these peace talks" become
    "the peace talks", and a subject like "they" or "the city" makes no question.
    """
    plain = " ".join(sentence.split())
    introduction = INTRODUCTION.match(plain)
    start = introduction.end() if introduction else 0
    main = plain[start : start + 1].upper() + plain[start + 1 :]
    for pattern, question in RULES:
        found = pattern.match(main)
        if found:
            subject = plain[start : start + found.end("subject")]
            return _question(question, found, subject, text) if _is_clear(subject) else None
    return None


def _is_clear(subject: str) -> bool:
    """Whether a subject can be moved as a whole, and tells what it is about by itself."""
    words = subject.lower().split()
    own = words[1:] if words[0] in DETERMINERS else words
    named = any(word[0].isupper() for word in subject.split()[1:])
    return (
        len(words) <= LONGEST_SUBJECT
        and not (NO_SUBJECT | PRONOUNS) & set(words)
        and (len(own) > 1 or named or own == words)
    )


def _question(form: str, found: re.Match[str], subject: str, text: str) -> str:
    words = found.groupdict()
    verb = words.get("verb", "")
    return form.format(
        **words
        | {
            "subject": _inside_a_sentence(subject, text),
            "does": "does" if verb.endswith("s") else "do",
            "bare": BARE_FORMS.get(verb) or re.sub(r"(?:ed|s)$", "", verb),
        }
    )


def _inside_a_sentence(subject: str, text: str) -> str:
    """The subject as it is written inside a sentence, pointing at nothing that was said before."""
    first, _, rest = subject.partition(" ")
    lower = first.lower()
    if lower in DETERMINERS or _mostly_lower(lower, text):
        first = lower
    return re.sub(r"\b(?:[Tt]hese|[Tt]hose|[Tt]his)\b", "the", f"{first} {rest}".strip())


def _mostly_lower(word: str, text: str) -> bool:
    """Whether the text writes a word small rather than, inside its sentences, as a name."""
    small = len(re.findall(rf"\b{re.escape(word)}\b", text))
    name = len(re.findall(rf"(?<=[a-z,] ){re.escape(word.capitalize())}\b", text))
    return small > name
