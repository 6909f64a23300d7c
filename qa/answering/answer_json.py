"""Answers and citations as JSON: one form for the command line and for HTTP."""

import json
from typing import Any

from index.article import Passage, Span
from qa.answering.answer import Alternative, Answer, Citation, CompetingValue, Quote

SCORE_DIGITS = 4
"""Decimal places of a passage's score."""

LONGEST_PASSAGE = 4_000
"""Characters of a passage that are shown, from its best sentence on where it has more."""


def answer_document(answer: Answer) -> dict[str, Any]:
    """An answer as a JSON object, its keys in the order of the contract."""
    return {
        "question": answer.question,
        "answered": answer.answered,
        "answer": answer.answer,
        "confidence": answer.confidence,
        "reason": answer.reason,
        "citations": [citation_document(citation) for citation in answer.citations],
        "alternatives": [_alternative_document(other) for other in answer.alternatives],
        "passages": [passage_document(passage) for passage in answer.passages],
        "library_revision": answer.library_revision,
        "models": {"embedder": answer.embedder, "reader": answer.reader},
        "understood_as": answer.understood_as,
        "kind": answer.kind,
        "quotes": [_quote_document(quote) for quote in answer.quotes],
        "disagreement": None
        if answer.disagreement is None
        else [_competing_document(value) for value in answer.disagreement],
        "sources": answer.sources,
    }


def citation_document(citation: Citation) -> dict[str, Any]:
    """A citation as a JSON object; offsets are code points, end exclusive."""
    article, sentence = citation.article, citation.sentence
    return {
        "article_id": article.id,
        "title": article.title,
        "source": article.source,
        "published": article.published,
        "revision": article.revision,
        "paragraph": citation.paragraph.number,
        "page": citation.paragraph.page,
        "heading": citation.heading,
        "start": citation.span.start,
        "end": citation.span.end,
        "quote": citation.quote,
        "sentence": {
            "start": sentence.start,
            "end": sentence.end,
            "text": sentence.of(article.text),
        },
        "url": citation.url,
    }


def passage_document(passage: Passage) -> dict[str, Any]:
    """A passage as a JSON object; offsets are code points, end exclusive."""
    span = _shown(passage)
    return {
        "article_id": passage.article.id,
        "title": passage.article.title,
        "paragraph": passage.paragraph.number,
        "heading": passage.heading,
        "start": span.start,
        "end": span.end,
        "text": span.of(passage.article.text),
        "score": round(passage.score, SCORE_DIGITS),
    }


def _shown(passage: Passage) -> Span:
    whole = passage.paragraph.span
    if whole.end - whole.start <= LONGEST_PASSAGE:
        return whole
    scored = zip(passage.sentence_scores, passage.paragraph.sentences, strict=True)
    _, best = max(scored, key=lambda one: one[0])
    start = max(whole.start, min(best.start, whole.end - LONGEST_PASSAGE))
    return Span(start, start + LONGEST_PASSAGE)


def to_json(document: object) -> bytes:
    """The one spelling of a document: compact, UTF-8, keys in their order."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _quote_document(quote: Quote) -> dict[str, Any]:
    return {
        "text": quote.text,
        "question": quote.question,
        "confidence": quote.confidence,
        "reason": quote.reason,
        "citations": [citation_document(citation) for citation in quote.citations],
    }


def _competing_document(value: CompetingValue) -> dict[str, Any]:
    return {
        "text": value.text,
        "published": value.published,
        "citations": [citation_document(citation) for citation in value.citations],
    }


def _alternative_document(other: Alternative) -> dict[str, Any]:
    return {
        "answer": other.answer,
        "confidence": other.confidence,
        "citations": [citation_document(citation) for citation in other.citations],
    }
