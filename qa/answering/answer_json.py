"""Answers and citations as JSON: one form for the command line and for HTTP."""

import json
from typing import Any

from index.article import Passage
from qa.answering.answer import Alternative, Answer, Citation

SCORE_DIGITS = 4
"""Decimal places of a passage's score."""


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
    span = passage.paragraph.span
    return {
        "article_id": passage.article.id,
        "title": passage.article.title,
        "paragraph": passage.paragraph.number,
        "heading": passage.heading,
        "start": span.start,
        "end": span.end,
        "text": passage.text,
        "score": round(passage.score, SCORE_DIGITS),
    }


def to_json(document: object) -> bytes:
    """The one spelling of a document: compact, UTF-8, keys in their order."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _alternative_document(other: Alternative) -> dict[str, Any]:
    return {
        "answer": other.answer,
        "confidence": other.confidence,
        "citations": [citation_document(citation) for citation in other.citations],
    }
