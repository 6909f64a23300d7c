"""Sentences: what governs the words of a quote, and how far a quote must reach to keep it."""

import re

from index.article import Passage, Span

_NEGATION = (
    r"not|no|never|none|nobody|nothing|neither|nor|without|cannot|hardly|barely|\w+n['’]t|"
    r"refus\w+|reject\w+|den(?:y|ies|ied)|declin\w+|fail\w* to|instead of|rather than"
)
_DOUBT = (
    r"may|might|could|would|should|perhaps|possibly|probably|reportedly|allegedly|apparently|"
    r"whether|if|unless|until|provided|propos\w+|plan(?:s|ned)?|hop(?:e|es|ed|ing)|expect\w*|"
    r"intend\w*|want(?:s|ed)?|believ\w+|claim\w*|suspect\w*|estimat\w+|rumou?r\w*|seem\w*|"
    r"likely|unlikely|supposed|meant to|considering|suggest\w*"
)
_EXCEPTION = r"except|unless|only if|only when|but not|other than|apart from|until|provided|if"

_BEFORE = re.compile(rf"\b(?:{_NEGATION}|{_DOUBT})\b", re.IGNORECASE)
_AFTER = re.compile(rf"[^.;]{{0,40}}?\b(?:{_EXCEPTION})\b", re.IGNORECASE)
_CLAUSE_END = re.compile(
    r"[;:—–]|,\s(?=(?:and|but|which|who|while|although|though|because|as|so)\b)"
    r"|\b(?:and|but|which|who|while|although|because)\b(?=[^,;]{20})",
    re.IGNORECASE,
)
_REPLY = re.compile(r"(?:yes|no|not yet|never|neither|both|perhaps|certainly|of course)\b", re.I)

SHORTEST_STATEMENT = 4
"""Words in a sentence at least that says something without the next one."""

_LEVEL_BEFORE = re.compile(r"\bto(?: (?:only|just|about|around|almost|nearly|over|under))?\s?$")
_DIFFERENCE = re.compile(
    r"\bby (?:how|what)\b|\bhow (?:much|many)\b.{0,60}\b(?:more|less|fewer|fall|fell|drop\w*"
    r"|rise|rose|gr[eo]w|increase\w*|decrease\w*|declin\w+|gain\w*|los[et])\b",
    re.IGNORECASE,
)


def sentence_numbers(passage: Passage, span: Span) -> list[int]:
    """The places, from 0, of the sentences that a span touches."""
    return [
        number
        for number, sentence in enumerate(passage.paragraph.sentences)
        if sentence.start < span.end and span.start < sentence.end
    ]


def asks_difference(question: str) -> bool:
    """Whether a question asks by how much something changed or differs."""
    return bool(_DIFFERENCE.search(question))


def is_level(text: str, span: Span) -> bool:
    """Whether the words before a span make it the level that something reached: "fell to"."""
    return bool(_LEVEL_BEFORE.search(text[max(0, span.start - 16) : span.start]))


def governed(text: str, sentence: Span, span: Span) -> bool:
    """Whether the clause around a span holds a negation, doubt, condition or exception that the
    span itself leaves out."""
    before = text[sentence.start : span.start]
    clause = before
    for boundary in _CLAUSE_END.finditer(before):
        clause = before[boundary.end() :]
    return bool(_BEFORE.search(clause) or _AFTER.match(text[span.end : sentence.end]))


def whole_sentences(passage: Passage, span: Span) -> Span:
    """The sentences that a span touches; a mere "No." or "Not yet." with the one after it."""
    text, sentences = passage.article.text, passage.paragraph.sentences
    numbers = sentence_numbers(passage, span)
    if not numbers:
        return span
    first, last = numbers[0], numbers[-1]
    said = text[sentences[first].start : sentences[last].end]
    if len(said.split()) < SHORTEST_STATEMENT and last + 1 < len(sentences):
        last += 1
    elif first and is_reply(sentences[first - 1].of(text)):
        first -= 1
    return Span(min(sentences[first].start, span.start), max(sentences[last].end, span.end))


def is_reply(sentence: str) -> bool:
    """Whether a sentence only says yes or no to what was asked before."""
    return len(sentence.split()) < SHORTEST_STATEMENT and bool(_REPLY.match(sentence))


def without_governing(passage: Passage, span: Span) -> bool:
    """Whether a span must be widened to its sentence so as not to mislead."""
    text = passage.article.text
    numbers = sentence_numbers(passage, span)
    return bool(numbers) and any(
        governed(text, passage.paragraph.sentences[number], span) for number in numbers[:1]
    )


LONGEST_NAMING = 5
"""Words in a quote at most that names something; a longer one says something, and all of it is
given."""

_NAMING = re.compile(
    r"\b(?:who|whom|whose|when|where|which|what (?!happen|did|do|does|if|about|has|have)\w+|"
    r"how (?:many|much|long|old|far|often|big|high|tall|wide|deep|heavy|fast|late|hot))\b",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(
    r"(?:[\d.,:]+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|"
    r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?)",
    re.IGNORECASE,
)
_AT = re.compile(r"\bat $")
_UNIT_AFTER = re.compile(r"(?: |-)[^\W\d_]{2,}")
_NOT_A_UNIT = frozenset(
    "and or of in on at to by for from with were was is are had has have who that which as the a "
    "an after before more less than people's it he she they we".split()
)


def asks_a_name(question: str) -> bool:
    """Whether a few words can answer: a name, a time, a place, a number."""
    return bool(_NAMING.search(question))


def with_unit(text: str, sentence: Span, span: Span) -> Span:
    """A bare number with the word after it that says of what, or the "at" before a time."""
    if not _BARE_NUMBER.fullmatch(span.of(text)):
        return span
    unit = _UNIT_AFTER.match(text, span.end, sentence.end)
    if unit is not None and unit[0][1:].lower() not in _NOT_A_UNIT:
        return Span(span.start, unit.end())
    before = _AT.search(text, sentence.start, span.start)
    return Span(before.start(), span.end) if before else span
