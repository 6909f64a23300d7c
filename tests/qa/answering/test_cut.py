"""How much of the text a quote takes."""

import pytest

from index.article import Article, Paragraph, Passage, Span, revision_of
from index.ingest.segmenting import split_sentences
from qa.answering.compare import Proposal, ScoredSpan
from qa.answering.cut import statements, widened
from qa.reading.reader import Candidate, Reading


def passage(text: str) -> Passage:
    whole = Span(0, len(text))
    sentences = split_sentences(text, whole)
    article = Article("a", "", None, None, text, revision_of(text))
    return Passage(article, Paragraph(1, whole, sentences), 1.0, (0.5,) * len(sentences))


def candidate(text: str, words: str) -> Candidate:
    start = text.index(words)
    return Candidate(Span(start, start + len(words)), 1.0)


def cut(text: str, words: str, *, whole: bool = False) -> str:
    span = ScoredSpan(passage(text), candidate(text, words), 1.0, 1)
    return widened(Proposal((span,)), whole=whole).best.words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The mayor did not say whether the city would repay them.", "would repay them"),
        ("It was never painted by Olsen.", "Olsen"),
        ("The board may sell it to Brandt.", "Brandt"),
        ("Dogs are welcome, except in July.", "Dogs"),
        ("A proposal to close the school was made by Holm.", "close the school"),
    ],
)
def test_what_governs_the_words_stays_with_them(text: str, words: str) -> None:
    assert cut(text, words) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The tower was built in 1893 by Olsen.", "1893"),
        ("It was not finished for years, but the architect was Maria Holm.", "Maria Holm"),
        ("Holm opened it on 3 May. It may close again.", "3 May"),
    ],
)
def test_what_another_clause_or_sentence_says_does_not_widen_a_quote(text: str, words: str) -> None:
    assert cut(text, words) == words


def test_a_bare_number_takes_its_unit_and_a_time_its_at() -> None:
    assert cut("The mill employs 210 people in Lunsk.", "210") == "210 people"
    assert cut("Fourteen ships came.", "Fourteen") == "Fourteen ships"
    assert cut("The alarm rang at 2.40.", "2.40") == "at 2.40"
    assert cut("It rose to 7 and fell.", "7") == "7"


def test_a_quote_that_says_something_is_the_whole_sentence() -> None:
    text = "The line was closed because the bridge had been washed away."
    assert cut(text, "because the bridge had been washed away") == text


def test_a_mere_no_takes_what_follows_and_what_follows_takes_the_no() -> None:
    assert cut("No. The pool stays shut.", "No", whole=True) == "No. The pool stays shut."
    assert cut("No. The pool stays shut.", "stays shut", whole=True) == "No. The pool stays shut."


def kept(question: str, text: str, *words: str) -> list[str]:
    reading = Reading(passage(text), tuple(candidate(text, one) for one in words))
    (stated,) = statements(question, [reading])
    return [one.span.of(text) for one in stated.candidates]


def test_a_question_of_the_article_is_no_answer() -> None:
    text = "May I bring my dog? Dogs may come in."
    assert kept("Can I bring a dog?", text, "my dog", "Dogs may come in") == ["Dogs may come in"]


def test_neither_bars_nor_punctuation_answer() -> None:
    assert kept("How many?", "Team | 300 a minute", "|", "300") == ["300"]


def test_a_level_is_no_answer_to_by_how_much() -> None:
    text = "Leakage fell to 14 percent, by 3 points."
    assert kept("By how much did leakage fall?", text, "14 percent", "3 points") == ["3 points"]
    assert kept("What did leakage fall to?", text, "14 percent") == ["14 percent"]
