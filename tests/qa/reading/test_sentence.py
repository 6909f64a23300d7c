"""The sentence reader."""

from index.article import Article, Paragraph, Passage, Span, revision_of
from qa.reading.reader import Candidate, Reading
from qa.reading.sentence import SentenceReader

TEXT = "One. Two. Three."
SENTENCES = (Span(0, 4), Span(5, 9), Span(10, 16))


def _passage(*scores: float) -> Passage:
    article = Article("id", "", None, None, TEXT, revision_of(TEXT))
    return Passage(article, Paragraph(1, Span(0, 16), SENTENCES), 1.0, scores)


def test_every_sentence_is_a_candidate_the_nearest_first() -> None:
    passage = _passage(0.1, 0.9, 0.5)
    assert SentenceReader().read("Which?", [passage]) == [
        Reading(
            passage,
            (
                Candidate(SENTENCES[1], 0.9),
                Candidate(SENTENCES[2], 0.5),
                Candidate(SENTENCES[0], 0.1),
            ),
        )
    ]


def test_of_equally_near_sentences_the_first_comes_first() -> None:
    (reading,) = SentenceReader().read("Which?", [_passage(0.5, 0.9, 0.9)])
    assert [candidate.span for candidate in reading.candidates] == [
        SENTENCES[1],
        SENTENCES[2],
        SENTENCES[0],
    ]


def test_there_is_one_reading_a_passage_in_order() -> None:
    passages = [_passage(0.1, 0.2, 0.3), _passage(0.3, 0.2, 0.1)]
    readings = SentenceReader().read("Which?", passages)
    assert [reading.passage for reading in readings] == passages
    assert SentenceReader().read("Which?", []) == []
