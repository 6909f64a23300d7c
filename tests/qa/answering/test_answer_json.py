import json

from index.article import Article, Heading, Paragraph, Passage, Span, revision_of
from qa.answering.answer import Alternative, Answer, Citation, Quote
from qa.answering.answer_json import (
    LONGEST_PASSAGE,
    answer_document,
    citation_document,
    passage_document,
    to_json,
)

TEXT = "Ferries\nThe ferry leaves at noon. It’s called Élan."
HEADING = Heading(Span(0, 7))
PARAGRAPH = Paragraph(1, Span(8, 51), (Span(8, 33), Span(34, 51)), HEADING)
ARTICLE = Article("a1", "Harbour", "https://h.example/f", None, TEXT, revision_of(TEXT))
CITATION = Citation(ARTICLE, PARAGRAPH, Span(28, 32))
PASSAGE = Passage(ARTICLE, PARAGRAPH, 0.123456, (0.5, 0.25))
ANSWER = Answer(
    question="When?",
    confidence=0.9,
    quotes=(Quote((CITATION,), 0.9),),
    alternatives=(Alternative((Citation(ARTICLE, PARAGRAPH, Span(46, 50)),), 0.1),),
    passages=(PASSAGE,),
    reason=None,
    library_revision="r",
    embedder="e",
    reader="s",
)


def test_a_citation_has_the_fields_of_the_contract_in_their_order() -> None:
    assert list(citation_document(CITATION).items()) == [
        ("article_id", "a1"),
        ("title", "Harbour"),
        ("source", "https://h.example/f"),
        ("published", None),
        ("revision", revision_of(TEXT)),
        ("paragraph", 1),
        ("page", None),
        ("heading", "Ferries"),
        ("start", 28),
        ("end", 32),
        ("quote", "noon"),
        ("sentence", {"start": 8, "end": 33, "text": "The ferry leaves at noon."}),
        ("url", "https://h.example/f#:~:text=noon"),
    ]


def test_an_answer_has_the_fields_of_the_contract_in_their_order() -> None:
    assert list(answer_document(ANSWER)) == [
        "question",
        "answered",
        "answer",
        "confidence",
        "reason",
        "citations",
        "alternatives",
        "passages",
        "library_revision",
        "models",
        "understood_as",
        "kind",
        "quotes",
        "disagreement",
        "sources",
    ]


def test_an_answer_shows_the_best_quote_and_the_alternatives_with_their_citations() -> None:
    document = answer_document(ANSWER)

    assert (document["answered"], document["answer"]) == (True, "noon")
    assert document["alternatives"][0]["answer"] == "Élan"
    assert document["alternatives"][0]["citations"][0]["quote"] == "Élan"


def test_a_passage_is_shown_with_its_place_and_a_rounded_score() -> None:
    assert answer_document(ANSWER)["passages"] == [
        {
            "article_id": "a1",
            "title": "Harbour",
            "paragraph": 1,
            "heading": "Ferries",
            "start": 8,
            "end": 51,
            "text": TEXT[8:51],
            "score": 0.1235,
        }
    ]


def test_json_is_compact_utf_8_and_reads_back_the_same() -> None:
    document = answer_document(ANSWER)

    spelled = to_json(document)

    assert "Élan".encode() in spelled
    assert b'": ' not in spelled
    assert json.loads(spelled) == document


def test_of_an_overlong_passage_so_much_is_shown_from_its_best_sentence_on() -> None:
    sentences = [f"Sentence {number:05} tells nothing." for number in range(3000)]
    text = " ".join(sentences)
    spans = tuple(Span(30 * n, 30 * n + len(one)) for n, one in enumerate(sentences))
    for best in (0, 1500, 2999):
        scores = tuple(float(number == best) for number in range(3000))
        article = Article("a1", "", None, None, text, revision_of(text))
        passage = Passage(article, Paragraph(1, Span(0, len(text)), spans), 0.5, scores)
        document = passage_document(passage)

        assert len(document["text"]) == LONGEST_PASSAGE
        assert document["text"] == text[document["start"] : document["end"]]
        assert sentences[best] in document["text"]
